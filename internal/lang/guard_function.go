package lang

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// guardFunction is a function with access to the meter of the evaluation.
type guardFunction func(m *meter, a []any) (any, error)

// innerFunctions are those that only the guard writes into a tree.
var innerFunctions = map[string]guardFunction{
	"variable": func(m *meter, a []any) (any, error) { return m.variable(a[0].(string)) },
	"truth":    func(m *meter, a []any) (any, error) { return condition(m, a[0]) },
	"known":    func(m *meter, a []any) (any, error) { return m.knows(a[0].(string)), m.spend(1) },
	"variableOrNull": func(m *meter, a []any) (any, error) {
		if !m.knows(a[0].(string)) {
			return nil, m.spend(1)
		}
		return m.variable(a[0].(string))
	},
	"tick":       func(m *meter, a []any) (any, error) { return a[0], m.spend(a[1].(int)) },
	"charge":     func(m *meter, a []any) (any, error) { return a[0], m.charge(a[0], a[1].(int)) },
	"arithmetic": func(m *meter, a []any) (any, error) { return arithmetic(m, a[0].(string), a[1], a[2]) },
	"compare":    func(m *meter, a []any) (any, error) { return compare(m, a[0].(string), a[1], a[2]) },
	"range":      numberRange,
	"matches":    matches,
	"text":       textTest,
	"in":         in,
	"method":     method,
}

// publicFunctions may be called by name; they stand in for functions of the library that grow
// without limit, ask the machine, or depend on the order of a map.
var publicFunctions = map[string]guardFunction{
	"empty":    func(m *meter, a []any) (any, error) { return empty(a[0]), m.spend(1) },
	"template": func(m *meter, a []any) (any, error) { return m.join(a, "") },
	"now":      func(m *meter, _ []any) (any, error) { return m.env.Now, m.spend(1) },
	"date":     date,
	"duration": duration,
	"keys":     keys,
	"values":   values,
	"toPairs":  toPairs,
	"string":   func(m *meter, a []any) (any, error) { return m.text(a[0]) },
	"int":      toInt,
	"float":    toFloat,
	"split":    splitText,
	"replace":  replaceText,
	"join":     joinList,
	"repeat":   repeatText,
	"concat":   concat,
	"uniq":     uniq,
	"flatten":  flatten,
}

// arity gives the least and the greatest number of arguments of a public function.
var arity = map[string][2]int{
	"empty": {1, 1}, "template": {0, 1000}, "now": {0, 0}, "date": {1, 1}, "duration": {1, 1},
	"keys": {1, 1}, "values": {1, 1}, "toPairs": {1, 1}, "string": {1, 1}, "int": {1, 1},
	"float": {1, 1}, "split": {2, 2}, "replace": {3, 3}, "join": {1, 2}, "repeat": {2, 2},
	"concat": {1, 1000}, "uniq": {1, 1}, "flatten": {1, 1},
}

// methods are the methods of Java strings and collections that conditions use, with their arity.
var methods = map[string]int{
	"size": 0, "length": 0, "isEmpty": 0, "toLowerCase": 0, "toUpperCase": 0, "trim": 0,
	"contains": 1, "startsWith": 1, "endsWith": 1, "equals": 1, "equalsIgnoreCase": 1,
	"containsKey": 1, "get": 1,
}

func expected(what string, v any) error {
	return ErrFailed.With("expected %s instead of %s", what, kindOf(v))
}

func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case int, float64:
		return "a number"
	case string:
		return "a string"
	case []any, []int:
		return "a list"
	case map[string]any:
		return "an object"
	case time.Time:
		return "a time"
	case time.Duration:
		return "a duration"
	}
	return reflect.TypeOf(v).String()
}

// list returns the items of any list.
func list(v any) ([]any, error) {
	switch v := v.(type) {
	case []any:
		return v, nil
	case []int:
		items := make([]any, len(v))
		for i, n := range v {
			items[i] = n
		}
		return items, nil
	}
	return nil, expected("a list", v)
}

func texts(a []any) ([]string, error) {
	out := make([]string, len(a))
	for i, v := range a {
		s, ok := v.(string)
		if !ok {
			return nil, expected("a string", v)
		}
		out[i] = s
	}
	return out, nil
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case []int:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

func numberRange(m *meter, a []any) (any, error) {
	low, ok := a[0].(int)
	high, alsoOK := a[1].(int)
	if !ok || !alsoOK {
		return nil, ErrFailed.With("a range has whole numbers as ends")
	}
	if high < low {
		return []any{}, m.spend(1)
	}
	if high-low < 0 || high-low >= listMax {
		return nil, ErrLimit.With("a range has more than %d numbers", listMax)
	}
	items := make([]any, high-low+1)
	for i := range items {
		items[i] = low + i
	}
	return items, m.spend(len(items))
}

func matches(m *meter, a []any) (any, error) {
	subject, ok := a[0].(string)
	if !ok {
		return nil, expected("a string", a[0])
	}
	if len(subject) > subjectMax {
		return nil, ErrLimit.With("a pattern is matched against more than %d bytes", subjectMax)
	}
	compiled, ok := a[1].(*pattern)
	if !ok {
		source, isText := a[1].(string)
		if !isText {
			return nil, expected("a pattern", a[1])
		}
		if err := m.spend(1000 + 20*len(source)); err != nil {
			return nil, err
		}
		var err error
		if compiled, err = compilePattern(source); err != nil {
			return nil, err
		}
		if err := m.spend(10 * compiled.code); err != nil {
			return nil, err
		}
	}
	if err := m.spend(1 + len(subject)*compiled.price); err != nil {
		return nil, err
	}
	return compiled.MatchString(subject), nil
}

func textTest(m *meter, a []any) (any, error) {
	pair, err := texts(a[1:])
	if err != nil {
		return nil, err
	}
	if err := m.charge(pair[0], 1); err != nil {
		return nil, err
	}
	switch a[0] {
	case "contains":
		return strings.Contains(pair[0], pair[1]), nil
	case "startsWith":
		return strings.HasPrefix(pair[0], pair[1]), nil
	default:
		return strings.HasSuffix(pair[0], pair[1]), nil
	}
}

func in(m *meter, a []any) (any, error) {
	if fields, ok := a[1].(map[string]any); ok {
		key, isText := a[0].(string)
		_, found := fields[key]
		return found && isText, m.spend(1)
	}
	if a[1] == nil {
		return false, nil
	}
	items, err := list(a[1])
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		same, err := equal(m, a[0], item)
		if same || err != nil {
			return same, err
		}
	}
	return false, nil
}

func method(m *meter, a []any) (any, error) {
	name, object, args := a[0].(string), a[1], a[2:]
	if err := m.charge(object, 1); err != nil {
		return nil, err
	}
	switch name {
	case "size", "length":
		return size(object)
	case "isEmpty":
		return empty(object), nil
	case "equals":
		return equal(m, object, args[0])
	case "contains":
		if _, ok := object.(string); !ok {
			return in(m, []any{args[0], object})
		}
	case "containsKey":
		return in(m, []any{args[0], object})
	case "get":
		return item(object, args[0])
	}
	return textMethod(m, name, a[1:])
}

func size(v any) (any, error) {
	switch v := v.(type) {
	case string:
		return len([]rune(v)), nil
	case map[string]any:
		return len(v), nil
	}
	items, err := list(v)
	return len(items), err
}

func item(object, key any) (any, error) {
	if fields, ok := object.(map[string]any); ok {
		name, _ := key.(string)
		return fields[name], nil
	}
	items, err := list(object)
	if err != nil {
		return nil, err
	}
	i, ok := key.(int)
	if !ok || i < 0 || i >= len(items) {
		return nil, ErrFailed.With("the list has no such item")
	}
	return items[i], nil
}

func textMethod(m *meter, name string, a []any) (any, error) {
	s, err := texts(a)
	if err != nil {
		return nil, err
	}
	switch name {
	case "toLowerCase":
		return strings.ToLower(s[0]), nil
	case "toUpperCase":
		return strings.ToUpper(s[0]), nil
	case "trim":
		return strings.TrimSpace(s[0]), nil
	case "equalsIgnoreCase":
		return strings.EqualFold(s[0], s[1]), nil
	default:
		return textTest(m, []any{name, s[0], s[1]})
	}
}

func sortedKeys(m *meter, v any) (map[string]any, []string, error) {
	fields, ok := v.(map[string]any)
	if !ok {
		return nil, nil, expected("an object", v)
	}
	return fields, slices.Sorted(maps.Keys(fields)), m.charge(fields, 8)
}

func keys(m *meter, a []any) (any, error) {
	_, names, err := sortedKeys(m, a[0])
	items := make([]any, len(names))
	for i, name := range names {
		items[i] = name
	}
	return items, err
}

func values(m *meter, a []any) (any, error) {
	fields, names, err := sortedKeys(m, a[0])
	items := make([]any, len(names))
	for i, name := range names {
		items[i] = fields[name]
	}
	return items, err
}

func toPairs(m *meter, a []any) (any, error) {
	fields, names, err := sortedKeys(m, a[0])
	items := make([]any, len(names))
	for i, name := range names {
		items[i] = []any{name, fields[name]}
	}
	return items, err
}

func toInt(m *meter, a []any) (any, error) {
	switch v := a[0].(type) {
	case int:
		return v, nil
	case float64:
		// The borders of int64 as float64; beyond them the conversion of Go means nothing.
		if v != v || v < -1<<63 || v >= 1<<63 {
			return nil, ErrFailed.With("the number is too large for a whole number")
		}
		return int(v), nil
	case string:
		n, err := strconv.Atoi(v)
		if err != nil {
			return nil, ErrFailed.With("%.40q is no whole number", v)
		}
		return n, nil
	}
	return nil, expected("a number", a[0])
}

func toFloat(m *meter, a []any) (any, error) {
	switch v := a[0].(type) {
	case int:
		return float64(v), nil
	case float64:
		return finite(v)
	case string:
		f, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return nil, ErrFailed.With("%.40q is no number", v)
		}
		return finite(f)
	}
	return nil, expected("a number", a[0])
}
