package scoring

import (
	"fmt"
	"math"
	"strconv"

	"tallystick/internal/canon"
)

type kind uint8

const (
	number kind = iota + 1
	text
	boolean
)

// value is an input as the arithmetic sees it. number holds numbers, the position of a text in the
// input's values (-1 when there are none), and 0 or 1 for booleans.
type value struct {
	present bool
	number  float64
	text    string
}

// input is the schema of one input.
type input struct {
	name       string
	kind       kind
	min, max   float64
	position   map[string]int // of the allowed texts; empty allows all
	optional   bool
	substitute *value
}

// read takes a JSON value by the schema.
func (in *input) read(j canon.JSON) (value, error) {
	switch in.kind {
	case number:
		return in.readNumber(j)
	case text:
		return in.readText(j)
	}
	switch j {
	case "true":
		return value{present: true, number: 1}, nil
	case "false":
		return value{present: true}, nil
	}
	return value{}, fmt.Errorf("input %q must be a boolean", in.name)
}

func (in *input) readNumber(j canon.JSON) (value, error) {
	n, err := strconv.ParseFloat(string(j), 64)
	switch {
	case err != nil || math.IsInf(n, 0) || math.IsNaN(n):
		return value{}, fmt.Errorf("input %q must be a number", in.name)
	case n < in.min || n > in.max:
		return value{}, fmt.Errorf("input %q must be between %s and %s", in.name, decimal(in.min), decimal(in.max))
	}
	return value{present: true, number: n}, nil
}

func (in *input) readText(j canon.JSON) (value, error) {
	s, ok := j.Text()
	if !ok {
		return value{}, fmt.Errorf("input %q must be a string", in.name)
	}
	position, listed := in.position[s]
	switch {
	case listed:
		return value{present: true, number: float64(position), text: s}, nil
	case len(in.position) > 0:
		// The value itself stays out: messages end up in incidents, which more people may read.
		return value{}, fmt.Errorf("input %q is not one of its values", in.name)
	}
	return value{present: true, number: -1, text: s}, nil
}

// absent returns what stands for a value that is not there.
func (in *input) absent() (value, error) {
	switch {
	case in.substitute != nil:
		return *in.substitute, nil
	case in.optional:
		return value{}, nil
	}
	return value{}, fmt.Errorf("input %q is missing", in.name)
}
