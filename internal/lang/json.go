package lang

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"tallystick/internal/canon"
	"tallystick/rules/feel"
)

// decode turns JSON into the values of expr: whole numbers are int, others float64.
func decode(text canon.JSON) (any, error) {
	switch {
	case text.IsNull():
		return nil, nil
	case text == "true", text == "false":
		return text == "true", nil
	case text[0] == '"':
		s, _ := text.Text()
		return s, nil
	case text[0] != '{' && text[0] != '[':
		return numbers(json.Number(text))
	}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	return numbers(v)
}

func numbers(v any) (any, error) {
	var err error
	switch v := v.(type) {
	case json.Number:
		if n, err := strconv.Atoi(string(v)); err == nil {
			return n, nil
		}
		return v.Float64()
	case []any:
		for i := range v {
			if v[i], err = numbers(v[i]); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for key := range v {
			if v[key], err = numbers(v[key]); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// encode turns a result of expr into canonical JSON of at most the given size.
func encode(v any, maximum int) (canon.JSON, error) {
	e := &encoder{left: maximum, maximum: maximum}
	j, err := e.value(v, 0)
	if err != nil {
		return "", err
	}
	return j, nil
}

type encoder struct{ left, maximum int }

func (e *encoder) value(v any, depth int) (canon.JSON, error) {
	switch v := v.(type) {
	case []any:
		return e.list(len(v), func(i int) any { return v[i] }, depth)
	case map[string]any:
		return e.object(v, depth)
	}
	j, ok, err := e.scalar(v)
	if ok || err != nil {
		if e.left -= len(j); e.left < 0 && err == nil {
			err = ErrLimit.With("the result has more than %d bytes", e.maximum)
		}
		return j, err
	}
	return e.reflected(reflect.ValueOf(v), depth)
}

func (e *encoder) scalar(v any) (canon.JSON, bool, error) {
	switch v := v.(type) {
	case nil:
		return canon.Null, true, nil
	case bool:
		return canon.Bool(v), true, nil
	case int:
		return canon.Int(int64(v)), true, nil
	case string:
		if len(v) > e.left {
			return "", false, ErrLimit.With("the result has more than %d bytes", e.maximum)
		}
		return canon.String(v), true, nil
	case float64:
		j, err := float(v)
		return j, true, err
	case time.Time:
		return canon.String(v.Format(time.RFC3339Nano)), true, nil
	case time.Duration:
		return canon.String(feel.Duration(v).String()), true, nil
	}
	return "", false, nil
}

// float writes plain digits as long as they stay short.
func float(v float64) (canon.JSON, error) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "", ErrFailed.With("the result is no finite number")
	}
	format := byte('f')
	if a := math.Abs(v); a != 0 && (a < 1e-6 || a >= 1e21) {
		format = 'e'
	}
	return canon.JSON(strconv.FormatFloat(v, format, -1, 64)), nil
}

// errDepth is the result that has too many levels of lists and objects.
func errDepth() error { return ErrLimit.With("the result is nested deeper than %d", canon.MaxDepth) }

func (e *encoder) list(n int, item func(int) any, depth int) (canon.JSON, error) {
	if depth >= canon.MaxDepth {
		return "", errDepth()
	}
	items := make([]canon.JSON, 0, min(n, e.left+1))
	for i := range n {
		if e.left--; e.left < 0 {
			return "", ErrLimit.With("the result has more than %d bytes", e.maximum)
		}
		j, err := e.value(item(i), depth+1)
		if err != nil {
			return "", err
		}
		items = append(items, j)
	}
	return canon.List(items), nil
}

func (e *encoder) object(v map[string]any, depth int) (canon.JSON, error) {
	if depth >= canon.MaxDepth {
		return "", errDepth()
	}
	fields := make(map[string]canon.JSON, len(v))
	for key, value := range v {
		if e.left -= len(key) + 4; e.left < 0 {
			return "", ErrLimit.With("the result has more than %d bytes", e.maximum)
		}
		j, err := e.value(value, depth+1)
		if err != nil {
			return "", err
		}
		fields[key] = j
	}
	return canon.Object(fields), nil
}

// reflected handles the typed lists and maps that some functions of expr return.
func (e *encoder) reflected(v reflect.Value, depth int) (canon.JSON, error) {
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		return e.list(v.Len(), func(i int) any { return v.Index(i).Interface() }, depth)
	case reflect.Map:
		fields := make(map[string]any, v.Len())
		for _, key := range v.MapKeys() {
			name, err := (&meter{steps: stepsMax}).text(key.Interface())
			if err != nil {
				return "", err
			}
			fields[name] = v.MapIndex(key).Interface()
		}
		return e.object(fields, depth)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return canon.Int(v.Int()), nil
	case reflect.Float32:
		return float(v.Float())
	}
	return "", ErrFailed.With("a %s is no result", v.Kind())
}
