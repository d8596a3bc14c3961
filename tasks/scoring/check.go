package scoring

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"tallystick/fault"
)

// checker turns a file into a model and collects what is wrong with it.
type checker struct {
	found  []fault.Detail
	inputs map[string]int // name → position
	out    *Model
}

const foundMax = 50 // a file that is wrong all over is not told everything

func (c *checker) fail(code, field, format string, args ...any) {
	if len(c.found) < foundMax {
		c.found = append(c.found, fault.Detail{
			Severity: "error", Code: code, Field: field, Message: fmt.Sprintf(format, args...),
		})
	}
}

var (
	idShape   = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]{0,127}$`)
	nameShape = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,127}$`)
)

// model checks everything but the golden rows.
func (c *checker) model(f *file) *Model {
	c.inputs = map[string]int{}
	c.out = &Model{ID: f.ID, Name: f.Name, Version: f.Version}
	c.identity(f)
	c.schema(f)
	c.result(f.Output)
	switch {
	case f.Kind == "scorecard" && f.Scorecard != nil && f.Trees == nil:
		c.scorecard(f.Scorecard)
	case f.Kind == "boosted-trees" && f.Trees != nil && f.Scorecard == nil:
		c.forest(f.Trees)
	default:
		c.fail("model.field", "kind", `must be "scorecard" with the field scorecard alone, or "boosted-trees" with boostedTrees alone`)
	}
	return c.out
}

func (c *checker) identity(f *file) {
	if f.Format != Format {
		c.fail("model.field", "format", "must be %q", Format)
	}
	if !idShape.MatchString(f.ID) {
		c.fail("model.field", "id", "must be a letter followed by letters, digits, '.', '_' and '-'")
	}
	if f.Name == "" || len(f.Name) > 256 {
		c.fail("model.field", "name", "must have 1 to 256 bytes")
	}
	if f.Version == "" || len(f.Version) > 64 {
		c.fail("model.field", "version", "must have 1 to 64 bytes")
	}
}

func (c *checker) schema(f *file) {
	if len(f.Inputs) == 0 || len(f.Inputs) > InputsMax {
		c.fail("model.field", "inputs", "must be 1 to %d inputs", InputsMax)
		return
	}
	for i, spec := range f.Inputs {
		at := fmt.Sprintf("inputs[%d]", i)
		if _, twice := c.inputs[spec.Name]; twice {
			c.fail("model.field", at, "input %q is given twice", spec.Name)
		}
		c.inputs[spec.Name] = i
		c.out.inputs = append(c.out.inputs, c.input(at, spec))
	}
}

func (c *checker) input(at string, spec fileInput) input {
	in := input{name: spec.Name, min: math.Inf(-1), max: math.Inf(1), optional: spec.Optional, position: map[string]int{}}
	if !nameShape.MatchString(spec.Name) {
		c.fail("model.field", at+".name", "must be a variable name: a letter followed by letters, digits and '_'")
	}
	switch spec.Type {
	case "number":
		in.kind = number
		in.min, in.max = c.interval(at, spec.Min, spec.Max, in.min, in.max)
	case "string":
		in.kind = text
		c.values(at, spec.Values, &in)
	case "boolean":
		in.kind = boolean
	default:
		c.fail("model.field", at+".type", "must be number, string or boolean")
	}
	if in.kind != number && (spec.Min != nil || spec.Max != nil) || in.kind != text && spec.Values != nil {
		c.fail("model.field", at, "min and max belong to numbers, values to strings")
	}
	c.substitute(at, spec, &in)
	return in
}

// interval returns the given bounds, or the wide ones where none is given.
func (c *checker) interval(at string, low, high *float64, wideLow, wideHigh float64) (float64, float64) {
	if low != nil {
		wideLow = *low
	}
	if high != nil {
		wideHigh = *high
	}
	if wideLow > wideHigh {
		c.fail("model.field", at, "min is above max")
	}
	return wideLow, wideHigh
}

func (c *checker) values(at string, values []string, in *input) {
	if values != nil && len(values) == 0 {
		c.fail("model.field", at+".values", "must not be empty")
	}
	for i, v := range values {
		if _, twice := in.position[v]; twice {
			c.fail("model.field", at+".values", "%q is given twice", v)
		}
		in.position[v] = i
	}
}

// substitute reads what stands in for an absent value.
func (c *checker) substitute(at string, spec fileInput, in *input) {
	switch {
	case spec.Missing == "":
		return
	case spec.Optional:
		c.fail("model.field", at, "an optional input has no substitute; give optional or missing")
		return
	}
	v, err := in.read(spec.Missing)
	if err != nil {
		c.fail("model.field", at+".missing", "%v", err)
	}
	in.substitute = &v
}

func (c *checker) result(o fileOutput) {
	if !nameShape.MatchString(o.Name) {
		c.fail("model.field", "output.name", "must be a name: a letter followed by letters, digits and '_'")
	}
	if slices.Contains(documentNames, o.Name) {
		c.fail("model.field", "output.name", "must not be %s, which the result has already", strings.Join(documentNames, ", "))
	}
	if o.Type != "" && o.Type != "number" {
		c.fail("model.field", "output.type", "must be number")
	}
	if o.Min == nil || o.Max == nil {
		c.fail("model.field", "output", "must have min and max")
		return
	}
	digits := 6
	if o.Digits != nil {
		digits = *o.Digits
	}
	if digits < 0 || digits > DigitsMax {
		c.fail("model.field", "output.digits", "must be 0 to %d", DigitsMax)
		return
	}
	low, high := c.interval("output", o.Min, o.Max, 0, 0)
	if low <= -scoreMax || high >= scoreMax {
		c.fail("model.field", "output", "min and max must be within %g: a number has at most 41 characters", scoreMax)
	}
	c.out.output = output{name: o.Name, min: low, max: high, unit: math.Pow10(digits)}
}

// scaled reads the scale of a kind.
func (c *checker) scaled(at, name string) {
	switch name {
	case "points":
		c.out.scale = identity
	case "logistic":
		c.out.scale = logistic
	default:
		c.fail("model.field", at+".scale", "must be points or logistic")
	}
}
