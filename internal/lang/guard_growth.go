package lang

import (
	"strings"
	"time"

	"tallystick/rules/feel"
)

// The functions whose result can be much larger than their arguments.

func splitText(m *meter, a []any) (any, error) {
	s, err := texts(a)
	if err != nil {
		return nil, err
	}
	count := strings.Count(s[0], s[1]) + 1
	if err := m.grow(count, listMax); err != nil {
		return nil, err
	}
	if err := m.spend(count + len(s[0])/64); err != nil {
		return nil, err
	}
	parts := strings.Split(s[0], s[1])
	items := make([]any, len(parts))
	for i, part := range parts {
		items[i] = part
	}
	return items, nil
}

func replaceText(m *meter, a []any) (any, error) {
	s, err := texts(a)
	if err != nil {
		return nil, err
	}
	if err := m.charge(s[0], 1); err != nil {
		return nil, err
	}
	size := len(s[0]) + strings.Count(s[0], s[1])*(len(s[2])-len(s[1]))
	if err := m.grow(size, stringMax); err != nil {
		return nil, err
	}
	return strings.ReplaceAll(s[0], s[1], s[2]), nil
}

func joinList(m *meter, a []any) (any, error) {
	items, err := list(a[0])
	if err != nil {
		return nil, err
	}
	separator := ""
	if len(a) == 2 {
		s, err := texts(a[1:])
		if err != nil {
			return nil, err
		}
		separator = s[0]
	}
	if err := m.charge(items, 1); err != nil {
		return nil, err
	}
	return m.join(items, separator)
}

func repeatText(m *meter, a []any) (any, error) {
	s, ok := a[0].(string)
	n, isInt := a[1].(int)
	if !ok || !isInt || n < 0 {
		return nil, ErrFailed.With("repeat takes a string and a number")
	}
	if n > stringMax {
		return nil, ErrLimit.With("a string has more than %d bytes", stringMax)
	}
	if err := m.grow(len(s)*n, stringMax); err != nil {
		return nil, err
	}
	return strings.Repeat(s, n), nil
}

func concat(m *meter, a []any) (any, error) {
	var all []any
	for _, v := range a {
		items, err := list(v)
		if err != nil {
			return nil, err
		}
		if err := m.grow(len(all)+len(items), listMax); err != nil {
			return nil, err
		}
		if err := m.spend(len(items)); err != nil {
			return nil, err
		}
		all = append(all, items...)
	}
	return all, nil
}

func uniq(m *meter, a []any) (any, error) {
	items, err := list(a[0])
	if err != nil {
		return nil, err
	}
	kept := []any{}
	for _, v := range items {
		known, err := in(m, []any{v, kept})
		if err != nil {
			return nil, err
		}
		if known == false {
			kept = append(kept, v)
		}
	}
	return kept, nil
}

func flatten(m *meter, a []any) (any, error) {
	items, err := list(a[0])
	if err != nil {
		return nil, err
	}
	return flattenInto(m, []any{}, items)
}

func flattenInto(m *meter, flat, items []any) ([]any, error) {
	for _, v := range items {
		if err := m.spend(1); err != nil {
			return nil, err
		}
		inner, err := list(v)
		if err != nil {
			flat = append(flat, v)
			continue
		}
		if flat, err = flattenInto(m, flat, inner); err != nil {
			return nil, err
		}
	}
	return flat, nil
}

// date reads the forms of ISO 8601 that JSON documents carry; without an offset they mean UTC.
func date(_ *meter, a []any) (any, error) {
	if t, ok := a[0].(time.Time); ok {
		return t, nil
	}
	s, ok := a[0].(string)
	if !ok {
		return nil, expected("a date", a[0])
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return nil, ErrFailed.With("%.40q is no date", s)
}

// duration reads "90m" and "PT1H30M".
func duration(_ *meter, a []any) (any, error) {
	s, ok := a[0].(string)
	if !ok {
		return nil, expected("a duration", a[0])
	}
	if d, err := time.ParseDuration(s); err == nil {
		return d, nil
	}
	if d, ok := feel.ParseDuration(s); ok {
		return d, nil
	}
	return nil, ErrFailed.With("%.40q is no duration", s)
}
