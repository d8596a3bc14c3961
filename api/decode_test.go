package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tallystick/fault"
	"tallystick/internal/canon"
	"tallystick/query"
)

// sampleBody has a field of every type that bodies hold.
type sampleBody struct {
	command
	Text   string       `json:"text" api:"required"`
	Flag   bool         `json:"flag"`
	Whole  int64        `json:"whole"`
	Maybe  *int64       `json:"maybe"`
	Key    query.Key    `json:"key"`
	Time   time.Time    `json:"time"`
	Any    canon.JSON   `json:"any"`
	Vars   variables    `json:"vars"`
	List   []string     `json:"list"`
	Inner  *sampleInner `json:"inner"`
	Tenant tenant       `json:"tenantId"`
	Future unserved     `json:"future"`
}

type sampleInner struct {
	Items []sampleInner `json:"items"`
	Name  string        `json:"name" api:"required"`
}

func TestBind(t *testing.T) {
	t.Parallel()
	const in = `{"text":"ä\n","flag":true,"whole":-7,"maybe":0,"key":"9223372036854775807","time":"2026-01-31T10:00:00+02:00",
		"any":{"b":[1.50],"a":null},"vars":{"x":1e2},"list":["p","q"],"inner":{"name":"n","items":[{"name":"m"}]},
		"operationReference":5,"reason":"why","tenantId":null,"future":false}`
	doc, err := canon.Parse([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	var got sampleBody
	if err := bind(doc, &got); err != nil {
		t.Fatal(err)
	}
	zero, five := int64(0), int64(5)
	want := sampleBody{
		command: command{OperationReference: &five, Reason: "why"}, Text: "ä\n", Flag: true, Whole: -7, Maybe: &zero,
		Key: 9223372036854775807, Time: time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC), Any: `{"a":null,"b":[1.50]}`,
		Vars: variables{"x": "1e2"}, List: []string{"p", "q"}, Inner: &sampleInner{Name: "n", Items: []sampleInner{{Name: "m"}}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(sampleBody{}, command{})); diff != "" {
		t.Error(diff)
	}
	if got.why() != "why operationReference=5" {
		t.Errorf("why is %q", got.why())
	}
}

func TestBindRefuses(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{}`:                                               "text: the field is required",
		`{"text":null}`:                                    "text: the field is required",
		`{"text":1}`:                                       "text: a text is expected",
		`{"text":"","Flag":true}`:                          `Flag: there is no such field; did you mean "flag"?`,
		`{"text":"","flga":true}`:                          `did you mean "flag"?`,
		`{"text":"","somethingElse":1}`:                    "somethingElse: there is no such field",
		`{"text":"","flag":"true"}`:                        "true or false",
		`{"text":"","flag":1}`:                             "true or false",
		`{"text":"","whole":"1"}`:                          "a whole number",
		`{"text":"","whole":1.0}`:                          "a whole number",
		`{"text":"","whole":1e3}`:                          "a whole number",
		`{"text":"","whole":9223372036854775808}`:          "a whole number",
		`{"text":"","key":7}`:                              "a key is expected",
		`{"text":"","key":"7 "}`:                           "a key is expected",
		`{"text":"","time":"now"}`:                         "a date-time",
		`{"text":"","vars":[]}`:                            "an object is expected",
		`{"text":"","list":{}}`:                            "a list is expected",
		`{"text":"","list":[1]}`:                           "list[0]: a text is expected",
		`{"text":"","list":[null]}`:                        "list[0]: a text is expected",
		`{"text":"","inner":{}}`:                           "inner.name: the field is required",
		`{"text":"","inner":{"name":"","items":[{}]}}`:     "inner.items[0].name: the field is required",
		`{"text":"","tenantId":"other"}`:                   "tenantId: the only tenant",
		`{"text":"","future":"x"}`:                         "future: the field is not supported",
		`[]`:                                               "an object is expected",
		`null`:                                             "an object is expected",
		`{"text":"","` + strings.Repeat("x", 200) + `":1}`: strings.Repeat("x", 80) + "…",
	} {
		doc, err := canon.Parse([]byte(in))
		if err != nil {
			t.Fatal(err)
		}
		err = bind(doc, &sampleBody{})
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: %v, want %q", in, err, want)
		}
	}
}

// TestFindings lists everything that is wrong, in a fixed order.
func TestFindings(t *testing.T) {
	t.Parallel()
	err := bind(`{"flag":1,"nope":2,"whole":"x"}`, &sampleBody{})
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		t.Fatal(err)
	}
	var got []string
	for _, d := range f.Details {
		got = append(got, d.Field+" "+d.Code)
	}
	want := []string{"flag field.type", "nope field.unknown", "whole field.type", "text field.missing"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// FuzzBind compares the strict reader with encoding/json: what it accepts means the same there.
func FuzzBind(f *testing.F) {
	for _, seed := range []string{
		`{"text":"a","flag":true,"whole":-7,"list":["x"],"inner":{"name":"n","items":[{"name":"m"}]}}`,
		`{"text":"\u00e4\ud83d\udc0e","maybe":3}`, `{"text":null}`, `{"text":"","text":""}`, `{"TEXT":"x"}`, `[1]`, `{"text":""} 1`,
	} {
		f.Add([]byte(seed))
	}
	type plain struct {
		Text  string       `json:"text" api:"required"`
		Flag  bool         `json:"flag"`
		Whole int64        `json:"whole"`
		Maybe *int64       `json:"maybe"`
		List  []string     `json:"list"`
		Inner *sampleInner `json:"inner"`
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		doc, err := canon.Parse(in)
		if err != nil {
			return
		}
		var ours, theirs plain
		if bind(doc, &ours) != nil {
			return
		}
		d := json.NewDecoder(bytes.NewReader(in))
		d.DisallowUnknownFields()
		if err := d.Decode(&theirs); err != nil {
			t.Fatalf("accepted %q, which encoding/json refuses: %v", in, err)
		}
		if diff := cmp.Diff(theirs, ours); diff != "" {
			t.Fatalf("%q means something else: %s", in, diff)
		}
	})
}

// FuzzFilter asks for no panic whatever the filter is.
func FuzzFilter(f *testing.F) {
	for _, seed := range []string{
		`{"assignee":"x","priority":{"$gte":3,"$in":[1]},"tags":["a"],"localVariables":[{"name":"n","value":{"$like":"a*"}}]}`,
		`{"$or":[{"state":"x"}],"variables":[{"name":"n","value":"1"}]}`, `{"creationDate":{"$exists":false}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		doc, err := canon.Parse(in)
		if err != nil || doc[0] != '{' {
			return
		}
		for _, table := range []*table{userTaskTable, processInstanceTable} {
			var found findings
			var q query.Request
			found.filter(doc, table, "filter", &q)
			if len(found.list) > 0 {
				continue
			}
			for _, c := range append(q.Conds, flat(q.Any)...) {
				if _, ok := table.filter[c.Field]; !ok || c.Value == nil {
					t.Fatalf("%q gives %+v", in, c)
				}
			}
		}
	})
}

func flat(groups [][]query.Cond) []query.Cond {
	var all []query.Cond
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for pair, want := range map[[2]string]int{
		{"", ""}: 0, {"a", ""}: 1, {"kitten", "sitting"}: 3, {"flag", "flga"}: 2, {strings.Repeat("a", 65), "a"}: 64,
	} {
		if got := distance(pair[0], pair[1]); got != want {
			t.Errorf("distance%v is %d, want %d", pair, got, want)
		}
	}
}
