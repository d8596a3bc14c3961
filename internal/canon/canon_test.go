package canon

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseCanonical(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		` { "b" : 1 , "a" : [ true , null ] } `: `{"a":[true,null],"b":1}`,
		`"\u0041\/\n\u001f\ud83d\udc0e"`:        "\"A/\\n\\u001f🐎\"",
		`[]`:                                    `[]`,
		`{}`:                                    `{}`,
		`-0.50e+3`:                              `-0.50e+3`,
		`9007199254740993`:                      `9007199254740993`,
		`{"z":{"y":1,"x":2},"a\u0062":"\""}`:    `{"ab":"\"","z":{"x":2,"y":1}}`,
		`"<&>"`:                                 `"<&>"`,
	}
	for in, want := range cases {
		got, err := Parse([]byte(in))
		if err != nil || string(got) != want {
			t.Errorf("Parse(%s) = %s, %v; want %s", in, got, err, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		``:                         "expected a value",
		`1 2`:                      "after the value",
		`{"a":1,"b":2,"a":3}`:      `duplicate key "a"`,
		`{"a":{"x":[1,{"k":tru}]}`: "$.a.x[1].k",
		`{"\u0061":1,"a":2}`:       "duplicate key",
		`"\u0000"`:                 "NUL",
		`"\ud800"`:                 "lone surrogate",
		`"\ud800\u0041"`:           "lone surrogate",
		`"\udc00"`:                 "lone surrogate",
		"\"a\nb\"":                 "control character",
		`"\x"`:                     "unknown escape",
		`"abc`:                     "unterminated",
		`"\n`:                      "unterminated",
		`"\u12`:                    "incomplete escape",
		`"\u12+4"`:                 "bad escape",
		"\"\xff\"":                 "UTF-8",
		`01`:                       "after the value",
		`1.`:                       "expected a digit",
		`-`:                        "expected a digit",
		`+1`:                       "expected a value",
		`NaN`:                      "expected a value",
		`[1,]`:                     "expected a value",
		`[1 2]`:                    "expected ',' or ']'",
		`{"a" 1}`:                  "expected ':'",
		`{a:1}`:                    "expected a key",
		`{"a":1,}`:                 "expected a key",
		strings.Repeat("[", 65) + strings.Repeat("]", 65):   "nested deeper",
		strings.Repeat("1", 42):                             "number text",
		`"` + strings.Repeat("x", MaxStringBytes+1) + `"`:   "string longer",
		`"\n` + strings.Repeat("x", MaxStringBytes+1) + `"`: "string longer",
		strings.Repeat(" ", MaxBytes+1):                     "more than",
	}
	for in, want := range cases {
		_, err := Parse([]byte(in))
		if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%.60s) = %v, want json.invalid with %q", in, err, want)
		}
	}
	if _, err := Parse([]byte(strings.Repeat("[", 64) + strings.Repeat("]", 64))); err != nil {
		t.Errorf("depth 64 is refused: %v", err)
	}
}

func TestCanonicalTextStaysBounded(t *testing.T) {
	t.Parallel()
	// Each escape of two bytes (\/ excepted) keeps its length, so only a source near the limit whose
	// raw control characters were legal could grow; there are none, and the output never grows.
	in := `"` + strings.Repeat(`\u0001`, 1000) + `"`
	got, err := Parse([]byte(in))
	if err != nil || len(got) != len(in) {
		t.Errorf("got %d bytes from %d, %v", len(got), len(in), err)
	}
}

func TestParseObject(t *testing.T) {
	t.Parallel()
	got, err := ParseObject([]byte(`{"b":{"x":[1,"],}"]},"a":"q\"","n":-1.5,"e":{},"l":[]}`))
	want := map[string]JSON{"b": `{"x":[1,"],}"]}`, "a": `"q\""`, "n": "-1.5", "e": "{}", "l": "[]"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	for _, in := range []string{`[]`, `1`, `{`} {
		if _, err := ParseObject([]byte(in)); !errors.Is(err, ErrInvalid) {
			t.Errorf("ParseObject(%s) = %v", in, err)
		}
	}
}

func TestConstructors(t *testing.T) {
	t.Parallel()
	cases := map[JSON]JSON{
		String("a\"b\x00\xff\n"): "\"a\\\"b\uFFFD\uFFFD\\n\"",
		Int(-42):                 "-42",
		Bool(true):               "true",
		Object(map[string]JSON{"z": Int(1), "a": Null, "m": ""}): `{"a":null,"m":null,"z":1}`,
		Object(nil):                    `{}`,
		List([]JSON{Int(1), "", "{}"}): `[1,null,{}]`,
		List(nil):                      `[]`,
	}
	for got, want := range cases {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if again, err := Parse([]byte(got)); err != nil || again != got {
			t.Errorf("%s is not canonical: %s, %v", got, again, err)
		}
	}
}

func TestItemsAndText(t *testing.T) {
	t.Parallel()
	got := JSON(`[1,"a,]",[2,[3]],{"k":[]},null]`).Items()
	want := []JSON{"1", `"a,]"`, "[2,[3]]", `{"k":[]}`, "null"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if JSON("1").Items() != nil || JSON("[]").Fields() != nil || len(JSON("[]").Items()) != 0 {
		t.Error("items and fields of other kinds")
	}
	if text, ok := JSON(`"a\nb🐎\u0001"`).Text(); !ok || text != "a\nb🐎\x01" {
		t.Errorf("Text = %q, %v", text, ok)
	}
	if _, ok := JSON("12").Text(); ok {
		t.Error("a number has no text")
	}
	if !Null.IsNull() || !JSON("").IsNull() || JSON("0").IsNull() {
		t.Error("IsNull")
	}
}

func TestSetPath(t *testing.T) {
	t.Parallel()
	target := map[string]JSON{"a": `{"b":1,"c":2}`, "n": "5"}
	SetPath(target, "a.b", `"x"`)
	SetPath(target, "n.deep.er", "true")
	SetPath(target, "top", "[]")
	want := map[string]JSON{"a": `{"b":"x","c":2}`, "n": `{"deep":{"er":true}}`, "top": "[]"}
	if diff := cmp.Diff(want, target); diff != "" {
		t.Error(diff)
	}
}

func TestEncodingJSON(t *testing.T) {
	t.Parallel()
	type body struct {
		V JSON `json:"v"`
		W JSON `json:"w"`
	}
	b, err := json.Marshal(body{V: `{"a":[1.50]}`})
	if err != nil || string(b) != `{"v":{"a":[1.50]},"w":null}` {
		t.Fatalf("%s %v", b, err)
	}
	var back body
	if err := json.Unmarshal([]byte(`{"v": {"b": 2, "a": 1}}`), &back); err != nil || back.V != `{"a":1,"b":2}` {
		t.Errorf("%+v %v", back, err)
	}
	if err := json.Unmarshal([]byte(`{"v": {"a": 2, "a": 1}}`), &back); err == nil {
		t.Error("a duplicate key passes")
	}
}

// What was written once can be read again, beyond the limits of what comes from outside.
func TestEncodingJSONReadsWhatItWrote(t *testing.T) {
	t.Parallel()
	deep := JSON(strings.Repeat("[", 5000) + strings.Repeat("]", 5000))
	long := String(strings.Repeat("x", MaxStringBytes+1))
	for _, v := range []JSON{deep, long, Object(map[string]JSON{"a": List([]JSON{long, long, long, long, long})}), JSON(strings.Repeat("1", MaxNumberChars+1))} {
		b, err := json.Marshal(v)
		var back JSON
		if err == nil {
			err = json.Unmarshal(b, &back)
		}
		if err != nil || back != v {
			t.Errorf("%.40s… of %d bytes: %v", v, len(v), err)
		}
		if _, err := Parse([]byte(v)); err == nil {
			t.Errorf("%.40s… of %d bytes passes from outside", v, len(v))
		}
	}
}

func TestDeeperThan(t *testing.T) {
	t.Parallel()
	for text, depth := range map[JSON]int{
		"1": 0, `"[[["`: 0, "[]": 1, `{"a":[1,{}]}`: 3, `[[],[[]],[]]`: 3, `{"[":"{\"[","b":{}}`: 2,
		JSON(strings.Repeat("[", 64) + strings.Repeat("]", 64)): 64,
	} {
		if text.DeeperThan(depth) || depth > 0 && !text.DeeperThan(depth-1) {
			t.Errorf("%s is nested %d deep, found otherwise", text, depth)
		}
	}
}

func TestDigest(t *testing.T) {
	t.Parallel()
	a, _ := Parse([]byte(`{"x":1,"y":2}`))
	b, _ := Parse([]byte(`{ "y":2, "x":1 }`))
	if Digest(a) != Digest(b) || Digest(a) == Digest(`{"x":1,"y":3}`) {
		t.Error("digests follow the canonical text")
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"b":[1,"x\u0041"],"a":null}`, `-1.5e3`, `"\ud83d\udc0e"`, `[[],{}]`, `{"":""}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := Parse(in)
		if err != nil {
			return
		}
		var ours, theirs any
		if readNumbersAsText(in, &theirs) != nil || readNumbersAsText([]byte(got), &ours) != nil {
			t.Fatalf("accepted what encoding/json refuses: %q → %q", in, got)
		}
		if diff := cmp.Diff(theirs, ours); diff != "" {
			t.Fatalf("meaning changed: %s", diff)
		}
		if again, err := Parse([]byte(got)); err != nil || again != got {
			t.Fatalf("not idempotent: %q → %q, %v", got, again, err)
		}
		reassemble(t, got)
	})
}

// readNumbersAsText is encoding/json without its floats: 1E900 is a number of JSON, but none of theirs.
func readNumbersAsText(in []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(in))
	d.UseNumber()
	return d.Decode(into)
}

// reassemble takes a document apart and puts it together again.
func reassemble(t *testing.T, j JSON) {
	var back JSON
	switch j[0] {
	case '{':
		back = Object(j.Fields())
	case '[':
		back = List(j.Items())
	case '"':
		text, _ := j.Text()
		back = String(text)
	default:
		back = j
	}
	if back != j {
		t.Fatalf("%q taken apart gives %q", j, back)
	}
}
