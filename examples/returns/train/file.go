package main

// file is the model file as the engine reads it (docs/modeling.md describes the format).
type file struct {
	Format    string   `json:"format"`
	Kind      string   `json:"kind"`
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Version   string   `json:"version"`
	Inputs    []input  `json:"inputs"`
	Output    output   `json:"output"`
	Scorecard card     `json:"scorecard"`
	Golden    []sample `json:"golden"`
}

type input struct {
	Name   string   `json:"name"`
	Type   string   `json:"type"`
	Min    *float64 `json:"min,omitempty"`
	Max    *float64 `json:"max,omitempty"`
	Values []string `json:"values,omitempty"`
}

type output struct {
	Name   string  `json:"name"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	Digits int     `json:"digits"`
}

type card struct {
	Base            float64   `json:"base"`
	Scale           string    `json:"scale"`
	Characteristics []feature `json:"characteristics"`
}

type feature struct {
	Input string    `json:"input"`
	Bins  []fileBin `json:"bins"`
}

type fileBin struct {
	Below  *float64 `json:"below,omitempty"`
	In     []string `json:"in,omitempty"`
	Points float64  `json:"points"`
	Reason string   `json:"reason"`
}

type sample struct {
	Inputs map[string]any `json:"inputs"`
	Output float64        `json:"output"`
}

// model assembles the file: schema, points and golden rows.
func model(chs []*characteristic, base float64, rows []claim) file {
	number := func(name string, top float64) input {
		zero := 0.0
		return input{Name: name, Type: "number", Min: &zero, Max: &top}
	}
	f := file{
		Format: "tallystick-model/1", Kind: "scorecard", ID: "returns-fraud", Name: "Returns fraud risk", Version: "1.0.0",
		Inputs: []input{
			number("amount", 1_000_000), number("days_since_purchase", 3650), number("prior_returns", 10_000),
			{Name: "tier", Type: "string", Values: []string{"gold", "silver", "standard"}},
		},
		Output:    output{Name: "score", Min: 0, Max: 1, Digits: 6},
		Scorecard: card{Base: base, Scale: "logistic"},
	}
	for _, ch := range chs {
		ft := feature{Input: ch.input}
		for i, b := range ch.bins {
			fb := fileBin{Points: ch.points[i], Reason: b.reason}
			if b.in != "" {
				fb.In = []string{b.in}
			} else if b.below != 0 {
				fb.Below = &b.below
			}
			ft.Bins = append(ft.Bins, fb)
		}
		f.Scorecard.Characteristics = append(f.Scorecard.Characteristics, ft)
	}
	for _, c := range rows {
		f.Golden = append(f.Golden, sample{
			Inputs: map[string]any{"amount": c.amount, "days_since_purchase": c.days, "prior_returns": c.prior, "tier": c.tier},
			Output: round(score(chs, base, c), 6),
		})
	}
	return f
}
