package lang

import (
	"strings"

	"tallystick/internal/canon"
)

// stepsMax bounds the work of an expr evaluation; a step is about 100 ns.
const stepsMax = 500_000

const (
	listMax   = 100_000
	stringMax = 1 << 20
)

// meter counts the work of one evaluation and hands out its variables.
type meter struct {
	env       Env
	steps     int
	variables map[string]any
}

// spend takes n steps from the budget.
func (m *meter) spend(n int) error {
	if m.steps -= n; m.steps < 0 {
		return ErrLimit.With("the expression takes more than %d steps", stepsMax)
	}
	return nil
}

// grow charges for a string or list that is about to be made.
func (m *meter) grow(size, maximum int) error {
	if size > maximum {
		return ErrLimit.With("a value has %d parts, more than %d", size, maximum)
	}
	return m.spend(1 + size/64)
}

// variable decodes a variable when it is first read. A variable that does not exist is an error, as
// in the Jakarta Expression Language, and not null.
// knows reports whether there is a variable.
func (m *meter) knows(name string) bool {
	if _, read := m.variables[name]; read || m.env.Lookup == nil {
		return read
	}
	_, ok := m.env.Lookup(name)
	return ok
}

func (m *meter) variable(name string) (any, error) {
	if v, ok := m.variables[name]; ok {
		return v, nil
	}
	var text canon.JSON
	ok := false
	if m.env.Lookup != nil {
		text, ok = m.env.Lookup(name)
	}
	if !ok {
		return nil, ErrFailed.With("there is no variable %q", name)
	}
	v, err := decode(text)
	if err != nil {
		return nil, ErrFailed.With("the variable %q can not be read: %v", name, err)
	}
	if m.variables == nil {
		m.variables = map[string]any{}
	}
	m.variables[name] = v
	return v, nil
}

// charge pays for walking over a value once, weight times dearer than a simple look.
func (m *meter) charge(v any, weight int) error {
	switch v := v.(type) {
	case string:
		return m.spend(weight * (1 + len(v)/64))
	case []any:
		return m.spend(weight * (1 + len(v)))
	case map[string]any:
		return m.spend(weight * (1 + len(v)))
	case []int:
		return m.spend(weight * (1 + len(v)))
	default:
		return m.spend(1)
	}
}

// text is the form of a value inside a template.
func (m *meter) text(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	}
	j, err := encode(v, stringMax)
	if err != nil {
		return "", err
	}
	if err := m.grow(len(j), stringMax); err != nil {
		return "", err
	}
	if text, ok := j.Text(); ok {
		return text, nil
	}
	return string(j), nil
}

func (m *meter) join(parts []any, separator string) (any, error) {
	texts, size := make([]string, len(parts)), 0
	for i, part := range parts {
		text, err := m.text(part)
		if err != nil {
			return nil, err
		}
		size += len(text) + len(separator)
		if err := m.grow(size, stringMax); err != nil {
			return nil, err
		}
		texts[i] = text
	}
	return strings.Join(texts, separator), nil
}
