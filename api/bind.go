package api

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tallystick/fault"
	"tallystick/internal/canon"
	"tallystick/query"
)

// The codes of findings in a body.
const (
	fieldUnknown = "field.unknown"
	fieldMissing = "field.missing"
	fieldType    = "field.type"
	fieldValue   = "field.value"
	fieldMore    = "field.more"
)

// An answer lists the first findings and guesses what the first few unknown names were meant to be: the work that
// a wrong body makes does not grow with it.
const (
	findingsMax = 100
	guessesMax  = 5
)

// findings collects what is wrong with a body; at names the field.
type findings struct {
	list    []fault.Detail
	guesses int // how often a name was guessed
	conds   int // how many conditions the filter has so far
	apart   int // how many of them are tags and variables
	listed  int // how many values its lists have so far
}

// full tells that reading on is of no use; whoever reads a list or an object stops then.
func (f *findings) full() bool {
	return len(f.list) > findingsMax || f.conds > conditionsMax || f.apart > apartMax
}

func (f *findings) add(at, code, format string, args ...any) {
	switch len(f.list) {
	case findingsMax + 1:
		return
	case findingsMax:
		at, code, format, args = "", fieldMore, "there are more findings; these are the first %d", []any{findingsMax}
	}
	text := fmt.Sprintf(format, args...)
	if at != "" {
		text = at + ": " + text
	}
	f.list = append(f.list, fault.Detail{Field: at, Code: code, Message: text})
}

// reader is a type that reads itself from a document.
type reader interface {
	read(j canon.JSON, at string, f *findings)
}

// bind fills the struct that target points to. Fields match by exact name, types are not coerced, unknown
// fields and a null for a required one are findings.
func bind(doc canon.JSON, target any) error {
	var f findings
	f.bindInto(doc, target, "")
	return invalid(f.list)
}

var (
	typeJSON = reflect.TypeFor[canon.JSON]()
	typeKey  = reflect.TypeFor[query.Key]()
	typeTime = reflect.TypeFor[time.Time]()
)

// value reads j into v.
func (f *findings) value(j canon.JSON, v reflect.Value, at string) {
	if r, ok := v.Addr().Interface().(reader); ok {
		r.read(j, at, f)
		return
	}
	switch v.Type() {
	case typeJSON:
		v.SetString(string(j))
		return
	case typeKey:
		v.SetInt(f.key(j, at))
		return
	case typeTime:
		v.Set(reflect.ValueOf(f.time(j, at)))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(f.text(j, at))
	case reflect.Bool:
		v.SetBool(f.flag(j, at))
	case reflect.Int, reflect.Int64:
		v.SetInt(f.whole(j, at))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.value(j, v.Elem(), at)
	case reflect.Slice:
		f.items(j, v, at)
	case reflect.Map:
		f.object(j, at, func(fields map[string]canon.JSON) { v.Set(reflect.ValueOf(fields).Convert(v.Type())) })
	case reflect.Struct:
		f.fields(j, v, at)
	default:
		panic("api: no body may hold a " + v.Type().String())
	}
}

// fields reads an object into a struct.
func (f *findings) fields(j canon.JSON, v reflect.Value, at string) {
	f.object(j, at, func(given map[string]canon.JSON) {
		known := map[string]slot{}
		slots(v, known)
		for _, name := range slices.Sorted(maps.Keys(given)) {
			if f.full() {
				return
			}
			s, ok := known[name]
			switch {
			case !ok:
				f.add(join(at, name), fieldUnknown, "there is no such field%s", suggestion(f, name, known))
			case !given[name].IsNull():
				f.value(given[name], s.value, join(at, name))
			}
		}
		for _, name := range slices.Sorted(maps.Keys(known)) {
			if known[name].required && given[name].IsNull() {
				f.add(join(at, name), fieldMissing, "the field is required")
			}
		}
	})
}

// slot is a field of a struct that a body may fill.
type slot struct {
	value    reflect.Value
	required bool
}

// slots finds the fields by their JSON names, those of embedded structs among them.
func slots(v reflect.Value, into map[string]slot) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Anonymous {
			slots(v.Field(i), into)
			continue
		}
		if name := field.Tag.Get("json"); name != "" && name != "-" {
			into[name] = slot{v.Field(i), field.Tag.Get("api") == "required"}
		}
	}
}

func (f *findings) items(j canon.JSON, v reflect.Value, at string) {
	items := j.Items()
	if items == nil {
		f.add(at, fieldType, "a list is expected")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		if f.full() {
			return
		}
		f.value(item, v.Index(i), fmt.Sprintf("%s[%d]", at, i))
	}
}

func (f *findings) object(j canon.JSON, at string, use func(map[string]canon.JSON)) {
	fields := j.Fields()
	if fields == nil {
		f.add(at, fieldType, "an object is expected")
		return
	}
	use(fields)
}

func (f *findings) text(j canon.JSON, at string) string {
	s, ok := j.Text()
	if !ok {
		f.add(at, fieldType, "a text is expected")
	}
	return s
}

func (f *findings) flag(j canon.JSON, at string) bool {
	if j != "true" && j != "false" {
		f.add(at, fieldType, "true or false is expected")
	}
	return j == "true"
}

var wholeForm = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)

func (f *findings) whole(j canon.JSON, at string) int64 {
	n, err := strconv.ParseInt(string(j), 10, 64)
	if err != nil || !wholeForm.MatchString(string(j)) {
		f.add(at, fieldType, "a whole number is expected")
	}
	return n
}

// key reads a key, which is a text: a JSON number would lose digits in many clients.
func (f *findings) key(j canon.JSON, at string) int64 {
	s, ok := j.Text()
	n, err := strconv.ParseInt(s, 10, 64)
	if !ok || err != nil || !wholeForm.MatchString(s) {
		f.add(at, fieldType, "a key is expected: a text of digits")
		return 0
	}
	return n
}

func (f *findings) time(j canon.JSON, at string) time.Time {
	s, ok := j.Text()
	t, err := time.Parse(time.RFC3339Nano, s)
	if !ok || err != nil {
		f.add(at, fieldType, "a date-time with offset is expected, for instance 2026-01-31T08:00:00Z")
	}
	return t.UTC()
}

func join(at, name string) string {
	if at == "" {
		return shorten(name)
	}
	return at + "." + shorten(name)
}

// suggestion names the known field that was probably meant.
func suggestion[V any](f *findings, name string, known map[string]V) string {
	const far = 3
	if f.guesses++; f.guesses > guessesMax {
		return ""
	}
	best, least := "", far
	for _, k := range slices.Sorted(maps.Keys(known)) {
		if d := distance(strings.ToLower(name), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + strconv.Quote(best) + "?"
}

// distance is how many characters have to be put in, left out or changed to make b of a.
func distance(a, b string) int {
	const longest = 64
	if len(a) > longest || len(b) > longest {
		return longest
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// bindInto is bind for a part of a body.
func (f *findings) bindInto(doc canon.JSON, target any, at string) {
	f.value(doc, reflect.ValueOf(target).Elem(), at)
}
