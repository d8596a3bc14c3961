package engine

import (
	"bytes"
	"flag"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tallystick/internal/canon"
)

var textSeed = flag.Uint64("textseed", 1, "seed of the random records and states")

// Every record kind, filled at random, is written byte for byte as encoding/json writes it.
func TestRecordTextIsThatOfEncodingJSON(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(*textSeed, 0))
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		blank, err := kinds[kind]([]byte("{}"))
		if err != nil {
			t.Fatal(err)
		}
		for range 300 {
			filled := reflect.New(reflect.TypeOf(blank)).Elem()
			fill(r, filled)
			rec := filled.Interface().(Record)
			want, wantErr := reflected(rec)
			got, gotErr := EncodeRecords([]Record{rec})
			if wantErr != nil || gotErr != nil || string(got) != want {
				t.Fatalf("%s (-textseed=%d): %v, %v\n got %s\nwant %s", kind, *textSeed, gotErr, wantErr, got, want)
			}
		}
	}
}

// reflected is what EncodeRecords has to write, with the fields from encoding/json.
func reflected(rec Record) (string, error) {
	fields, err := marshal(rec)
	if err != nil {
		return "", err
	}
	comma := ","
	if string(fields) == "{}" {
		comma = ""
	}
	return `[{"kind":"` + rec.Kind() + `"` + comma + string(fields[1:]) + "]", nil
}

// A state, filled at random, is written byte for byte as encoding/json writes its stored form.
func TestStateTextIsThatOfEncodingJSON(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(*textSeed, 1))
	for range 500 {
		var form stateText
		fill(r, reflect.ValueOf(&form).Elem())
		form.Version = stateVersion
		want, err := marshal(form)
		if got := encode(t, form.state()); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("-textseed=%d: %v\n got %s\nwant %s", *textSeed, err, got, want)
		}
	}
}

// What encoding/json refuses is refused: a moment outside the calendar, a value that is no JSON.
func TestTextRefuses(t *testing.T) {
	t.Parallel()
	for _, rec := range []Record{
		TimerArmed{Due: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)},
		VariableSet{Value: `{"a":`},
		VariableSet{Value: `"a`},
		VariableSet{Value: `01`},
		VariableSet{Value: `[1 2]`},
	} {
		if _, err := marshal(rec); err == nil {
			t.Fatalf("encoding/json writes %v", rec)
		}
		if out, err := EncodeRecords([]Record{rec}); err == nil {
			t.Errorf("%v is written as %s", rec, out)
		}
	}
}

// FuzzText holds strings and values against encoding/json, and values against the bytes they came with.
func FuzzText(f *testing.F) {
	for _, s := range append(slices.Clone(awkward), documents(nil)...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, rec := range []Record{
			VariableSet{Key: 1, Name: s, Value: "1"}, VariableSet{Value: canon.JSON(s)}, JobCreated{Headers: map[string]string{s: s}},
		} {
			want, wantErr := reflected(rec)
			got, gotErr := EncodeRecords([]Record{rec})
			if (wantErr == nil) != (gotErr == nil) {
				t.Fatalf("encoding/json says %v, EncodeRecords %v", wantErr, gotErr)
			}
			if wantErr == nil && string(got) != want {
				t.Fatalf("\n got %s\nwant %s", got, want)
			}
		}
	})
}

var awkward = []string{
	"", "a", "Straße", "<&>", "\"\\/", "\x00\x01\b\f\n\r\t\x1f\x7f", "\u2028\u2029", "\xff\xc3", "\xe2\x80", "\ufffd", "😀", "a\u2028b\"c",
}

func documents(extra []string) []string {
	return append(extra, `null`, `true`, `false`, `0`, `-1.5e+10`, `"x"`, `"\u2028\n"`, "\"\u2028\"", `{}`, `[]`, `{"a":[1,{"b":"<"}],"c":null}`,
		` {"a" : [1, 2 ] } `, strings.Repeat("[", 200)+strings.Repeat("]", 200))
}

// fill sets everything in v at random, and leaves about a third empty.
func fill(r *rand.Rand, v reflect.Value) {
	if r.IntN(3) == 0 && v.Kind() != reflect.Struct {
		return
	}
	switch v.Interface().(type) {
	case time.Time:
		zone := time.FixedZone("", (r.IntN(24)-12)*3600)
		v.Set(reflect.ValueOf(time.Unix(r.Int64N(1<<34), r.Int64N(1e9)).In(zone)))
		if r.IntN(2) == 0 {
			v.SetZero()
		}
		return
	case canon.JSON:
		v.SetString(documents(nil)[r.IntN(len(documents(nil)))])
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.String:
		v.SetString(awkward[r.IntN(len(awkward))] + awkward[r.IntN(len(awkward))])
	case reflect.Int, reflect.Int64:
		v.SetInt(r.Int64N(1<<62) >> r.IntN(62) * (1 - 2*r.Int64N(2)))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), r.IntN(4), 4))
		for i := range v.Len() {
			fill(r, v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{awkward[r.IntN(12)]: awkward[r.IntN(12)], awkward[r.IntN(12)]: "b"}))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(r, v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			fill(r, v.Field(i))
		}
	default:
		panic("a record holds a " + v.Kind().String())
	}
}
