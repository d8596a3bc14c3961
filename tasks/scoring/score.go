package scoring

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"tallystick/fault"
	"tallystick/internal/canon"
)

var (
	// ErrContract refuses inputs that break the model's schema. Trying again does not help.
	ErrContract = fault.New(fault.Invalid, "score.contract", "the inputs do not fit the model")
	// ErrOutput refuses a score that is no number or outside the declared range.
	ErrOutput = fault.New(fault.Invalid, "score.output", "the score is outside the range that the model declares")
)

const reasonsMax = 3

// documentNames are the fields of a result beside the score.
var documentNames = []string{"model", "version", "reasons"}

// scoreMax bounds scores: a sign and 40 digits are the longest number that a variable may be.
const scoreMax = 1e40

type output struct {
	name     string
	min, max float64
	unit     float64 // ten to the power of the digits
}

type scale func(float64) float64

func identity(z float64) float64 { return z }

func logistic(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// Score scores the inputs; variables that the model does not name are ignored. It fails with
// ErrContract or ErrOutput.
func (m *Model) Score(variables map[string]canon.JSON) (Score, error) {
	row, used, err := m.row(variables)
	if err != nil {
		return Score{Inputs: used}, err
	}
	sum, parts := m.sum.sum(row)
	v := math.Round(m.scale(sum)*m.output.unit) / m.output.unit
	if math.IsNaN(v) || v < m.output.min || v > m.output.max {
		return Score{Inputs: used}, ErrOutput
	}
	return Score{Value: v, Reasons: reasons(parts), Inputs: used}, nil
}

// row reads the inputs by the schema and returns them also as one document.
func (m *Model) row(variables map[string]canon.JSON) ([]value, canon.JSON, error) {
	row, used := make([]value, len(m.inputs)), make(map[string]canon.JSON, len(m.inputs))
	var failed error
	for i := range m.inputs {
		in := &m.inputs[i]
		j := variables[in.name]
		used[in.name] = j
		var err error
		if j.IsNull() {
			row[i], err = in.absent()
		} else {
			row[i], err = in.read(j)
		}
		if err != nil && failed == nil {
			failed = ErrContract.With("%v", err)
		}
	}
	return row, canon.Object(used), failed
}

// reasons returns the texts of what moved the score most, in falling order; the order of the file
// decides between equals.
func reasons(parts []contribution) []string {
	parts = slices.DeleteFunc(slices.Clone(parts), func(p contribution) bool { return p.points == 0 || p.reason == "" })
	slices.SortStableFunc(parts, func(a, b contribution) int {
		return cmp.Compare(math.Abs(b.points), math.Abs(a.points))
	})
	texts := make([]string, 0, reasonsMax)
	for _, p := range parts[:min(reasonsMax, len(parts))] {
		texts = append(texts, p.reason)
	}
	return texts
}

// Document returns the score as the process sees it: the value under the model's output name, the
// reasons, and which model said so.
func (m *Model) Document(s Score) canon.JSON {
	list := make([]canon.JSON, len(s.Reasons))
	for i, r := range s.Reasons {
		list[i] = canon.String(r)
	}
	return canon.Object(map[string]canon.JSON{
		"reasons": canon.List(list), "model": canon.String(m.ID), "version": canon.String(m.Version),
		m.output.name: decimal(s.Value),
	})
}

// decimal writes a number without exponent, as short as it can be.
func decimal(v float64) canon.JSON {
	if v == 0 {
		return "0" // not "-0"
	}
	return canon.JSON(strconv.FormatFloat(v, 'f', -1, 64))
}
