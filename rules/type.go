package rules

import (
	"tallystick/rules/feel"
)

// itemType is a type that elements of the model refer to: an item definition or a FEEL type. It
// adds to the feel.Type what only matters at the border to JSON, and for decision tables.
// A nil itemType is Any.
type itemType struct {
	name       string
	feel       *feel.Type
	kind       feel.Kind // the temporal kind that JSON text is read as; KindNull for none
	components []component
	allowed    *tests // allowedValues, for the error message of input columns
	order      string // source of allowedValues: the priority of outputs
	function   *signature
}

// signature is the result of a function type, as far as a decision service needs it.
type signature struct{ result *itemType }

// component is an entry of a structured item definition.
type component struct {
	name string
	typ  *itemType
}

// feelType is the type for FEEL; nil is Any there too.
func (t *itemType) feelType() *feel.Type {
	if t == nil {
		return nil
	}
	return t.feel
}

// conform converts v to t by the implicit conversions of DMN 1.5, 10.3.2.9.4. ok is false when v
// does not fit; the caller decides what stands in its place. The error is a limit of the evaluation.
func (ev *evaluation) conform(v feel.Value, t *itemType) (out feel.Value, ok bool, err error) {
	if t == nil || t.feel == nil || t.feel.Plainly(v) {
		return v, true, nil
	}
	if out, ok, err = t.feel.Coerce(*ev.frame(), v); err != nil {
		err = failureIn("type "+t.name, err)
	}
	return out, ok, err
}

// The temporal types have no JSON form of their own: their texts are read by FEEL's own functions.
var temporal = map[feel.Kind]*feel.Program{
	feel.KindDate:          mustCompile("date(v)", "v"),
	feel.KindTime:          mustCompile("time(v)", "v"),
	feel.KindDateTime:      mustCompile("date and time(v)", "v"),
	feel.KindDaysDuration:  mustCompile("duration(v)", "v"),
	feel.KindYearsDuration: mustCompile("duration(v)", "v"),
}

// mustCompile compiles FEEL written in this package; a mistake in it shows at program start.
func mustCompile(source string, names ...string) *feel.Program {
	p, err := feel.Compile(source, feel.Options{Names: names})
	if err != nil {
		panic(err)
	}
	return p
}

// decode reads a value that came in as JSON as a value of t, and conforms it. Texts become dates,
// times and durations where the type asks for them, and absent entries of a structure are null.
func (s *scope) decode(v feel.Value, t *itemType) (feel.Value, bool, error) {
	read, err := s.read(v, t)
	if err != nil {
		return feel.Null, false, err
	}
	return s.ev.conform(read, t)
}

func (s *scope) read(v feel.Value, t *itemType) (feel.Value, error) {
	if t == nil || v.IsNull() || (t.kind == feel.KindNull && len(t.components) == 0) {
		return v, nil
	}
	if items, isList := v.List(); isList {
		return s.readItems(items, t)
	}
	if _, isText := v.Text(); isText && t.kind != feel.KindNull {
		return s.readTemporal(v, t.kind)
	}
	if v.Kind() == feel.KindContext && len(t.components) > 0 {
		return s.readEntries(v, t)
	}
	return v, nil
}

func (s *scope) readItems(items []feel.Value, t *itemType) (feel.Value, error) {
	if err := s.ev.spend(t, len(items)); err != nil {
		return feel.Null, err
	}
	out := make([]feel.Value, len(items))
	for i, item := range items {
		v, err := s.read(item, t)
		if err != nil {
			return feel.Null, err
		}
		out[i] = v
	}
	return feel.ListOf(out...), nil
}

// readTemporal reads text as the kind; text that is not of the kind stays text.
func (s *scope) readTemporal(v feel.Value, kind feel.Kind) (feel.Value, error) {
	out, err := s.quietly().apply("", temporal[kind], v)
	if err != nil || out.Kind() != kind {
		return v, err
	}
	return out, nil
}

func (s *scope) readEntries(v feel.Value, t *itemType) (feel.Value, error) {
	keys, values, _ := v.Entries()
	if err := s.ev.spend(t, len(keys)*(1+len(t.components)/16)); err != nil {
		return feel.Null, err
	}
	keys, values = append([]string{}, keys...), append([]feel.Value{}, values...)
	for _, c := range t.components {
		at := -1
		for i, key := range keys {
			if key == c.name {
				at = i
			}
		}
		if at < 0 {
			keys, values = append(keys, c.name), append(values, feel.Null)
			continue
		}
		read, err := s.read(values[at], c.typ)
		if err != nil {
			return feel.Null, err
		}
		values[at] = read
	}
	return feel.ContextOf(keys, values), nil
}

// spend charges for walking over a value of a type.
func (ev *evaluation) spend(t *itemType, steps int) error {
	if err := ev.frame().Spend(steps); err != nil {
		return failureIn("type "+t.name, err)
	}
	return nil
}
