// Command train makes the fraud model of the returns example from nothing: it draws claims from a seeded
// generator that knows which are fraudulent, fits a logistic scorecard to binned features by gradient descent,
// and writes the model file with golden rows. The same seed gives the same bytes.
//
//	go run ./examples/returns/train > examples/returns/returns-fraud.model.json
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
)

const (
	claims = 20_000
	rounds = 400
	rate   = 1.5
	golden = 24
	seed   = 20261122
)

// claim is one drawn case; fraud is the truth that the generator knows.
type claim struct {
	amount, days, prior float64
	tier                string
	fraud               bool
}

// characteristic is a binned feature: points has one entry per bin.
type characteristic struct {
	input  string
	bins   []bin
	points []float64
}

// bin holds the values below its bound, or in its list; the last of a numeric feature has neither.
type bin struct {
	below  float64
	in     string
	reason string
}

func main() {
	r := rand.New(rand.NewPCG(seed, 1))
	data := draw(r, claims)
	card := scorecard()
	base := fit(card, data)
	enc := json.NewEncoder(os.Stdout)
	enc.SetIndent("", "  ")
	if err := enc.Encode(model(card, base, draw(r, golden))); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
	fmt.Fprintf(os.Stderr, "train: %d claims, AUC %.3f\n", claims, auc(card, base, draw(r, 4_000)))
}

// scorecard returns the untrained bins.
func scorecard() []*characteristic {
	numeric := func(input string, bins ...bin) *characteristic {
		return &characteristic{input: input, bins: bins, points: make([]float64, len(bins))}
	}
	return []*characteristic{
		numeric("amount", bin{below: 50, reason: "very small amount"}, bin{below: 200, reason: "small amount"},
			bin{below: 600, reason: "middling amount"}, bin{reason: "large amount"}),
		numeric("days_since_purchase", bin{below: 7, reason: "returned within a week"},
			bin{below: 30, reason: "returned within a month"}, bin{reason: "returned late"}),
		numeric("prior_returns", bin{below: 1, reason: "no earlier returns"}, bin{below: 4, reason: "some earlier returns"},
			bin{below: 10, reason: "many earlier returns"}, bin{reason: "very many earlier returns"}),
		numeric("tier", bin{in: "gold", reason: "gold customer"}, bin{in: "silver", reason: "silver customer"},
			bin{in: "standard", reason: "standard customer"}),
	}
}

// draw makes n claims. Fraud grows with the amount, the number of earlier returns and lateness.
func draw(r *rand.Rand, n int) []claim {
	tiers := []string{"gold", "silver", "standard"}
	out := make([]claim, n)
	for i := range out {
		c := claim{
			amount: math.Round(math.Exp(r.NormFloat64()*1.1+4.6)*100) / 100,
			days:   float64(r.IntN(90)),
			prior:  math.Floor(math.Abs(r.NormFloat64()) * 4),
			tier:   tiers[r.IntN(len(tiers))],
		}
		z := -4.2 + 0.004*math.Min(c.amount, 900) + 0.38*math.Min(c.prior, 14) + 0.012*c.days
		if c.tier == "gold" {
			z -= 1.2
		}
		c.fraud = r.Float64() < sigmoid(z)
		out[i] = c
	}
	return out
}

// index returns the bin of a claim.
func (ch *characteristic) index(c claim) int {
	value := map[string]float64{"amount": c.amount, "days_since_purchase": c.days, "prior_returns": c.prior}[ch.input]
	for i, b := range ch.bins {
		switch {
		case b.in != "":
			if b.in == c.tier {
				return i
			}
		case b.below == 0 || value < b.below:
			return i
		}
	}
	panic("train: bins do not cover " + ch.input)
}

// fit runs gradient descent on the points and returns the base, all rounded to four digits.
func fit(card []*characteristic, data []claim) float64 {
	base := 0.0
	for range rounds {
		gradients := make([][]float64, len(card))
		for i, ch := range card {
			gradients[i] = make([]float64, len(ch.points))
		}
		sum := 0.0
		for _, c := range data {
			e := score(card, base, c)
			if c.fraud {
				e--
			}
			sum += e
			for i, ch := range card {
				gradients[i][ch.index(c)] += e
			}
		}
		base -= rate * sum / float64(len(data))
		for i, ch := range card {
			for j := range ch.points {
				ch.points[j] -= rate * gradients[i][j] / float64(len(data))
			}
		}
	}
	for _, ch := range card {
		for j := range ch.points {
			ch.points[j] = round(ch.points[j], 4)
		}
	}
	return round(base, 4)
}

// score is the probability that the card gives to a claim. Points add in the order of the characteristics, as
// the engine adds them.
func score(card []*characteristic, base float64, c claim) float64 {
	z := base
	for _, ch := range card {
		z += ch.points[ch.index(c)]
	}
	return sigmoid(z)
}

// auc is the share of (fraudulent, honest) pairs that the card puts in the right order.
func auc(card []*characteristic, base float64, data []claim) float64 {
	right, pairs := 0.0, 0.0
	for _, a := range data {
		for _, b := range data {
			if a.fraud && !b.fraud {
				pairs++
				switch sa, sb := score(card, base, a), score(card, base, b); {
				case sa > sb:
					right++
				case sa == sb:
					right += 0.5
				}
			}
		}
	}
	return right / pairs
}

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

func round(v float64, digits int) float64 {
	p := math.Pow10(digits)
	return math.Round(v*p) / p
}
