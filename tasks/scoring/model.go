package scoring

import (
	"tallystick/fault"
	"tallystick/internal/canon"
)

// Format is the value of a model file's format field.
const Format = "tallystick-model/1"

// The limits of a model file; its size is limited by package canon.
const (
	InputsMax = 256
	BinsMax   = 256
	TreesMax  = 5_000
	NodesMax  = 500_000
	GoldenMin = 20
	GoldenMax = 10_000
	DigitsMax = 12
)

// Model is a checked scoring model. It is immutable and safe for concurrent use.
type Model struct {
	ID, Name, Version string

	inputs []input
	output output
	scale  scale
	sum    summer
}

// summer is the kind of a model: it adds up what the inputs are worth.
type summer interface {
	// sum returns the sum before scaling, and what contributed to it.
	sum(row []value) (float64, []contribution)
}

// contribution is what one characteristic added.
type contribution struct {
	points float64
	reason string
}

// Score is the outcome of one scoring.
type Score struct {
	// Value is the score rounded to the digits of the model's output.
	Value float64
	// Reasons are the texts of the characteristics that moved the score most, at most three.
	Reasons []string
	// Inputs are the values that were scored, as a JSON object; what was absent is null.
	Inputs canon.JSON
}

// Parse reads, checks and tries a model file. The model is nil when the file cannot be used; the
// findings then say why, all of severity error.
func Parse(data []byte) (*Model, []fault.Detail) {
	f, err := decode(data)
	if err != nil {
		return nil, []fault.Detail{{Severity: "error", Code: "model.syntax", Message: err.Error()}}
	}
	c := &checker{}
	m := c.model(f)
	if len(c.found) == 0 {
		c.golden(m, f.Golden)
	}
	if len(c.found) > 0 {
		return nil, c.found
	}
	return m, nil
}
