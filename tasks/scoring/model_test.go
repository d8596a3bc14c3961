package scoring

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"tallystick/fault"
	"tallystick/internal/canon"
)

// shipped is the model of the returns example.
func shipped(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("../../examples/returns/returns-fraud.model.json")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// edit returns the shipped model changed by f.
func edit(t testing.TB, f func(m map[string]any)) []byte {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(shipped(t), &m); err != nil {
		t.Fatal(err)
	}
	f(m)
	data, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func at(v any, path ...any) map[string]any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			v = v.(map[string]any)[p]
		case int:
			v = v.([]any)[p]
		}
	}
	return v.(map[string]any)
}

func codes(found []fault.Detail) string {
	var out []string
	for _, d := range found {
		out = append(out, d.Code+" "+d.Field+": "+d.Message)
	}
	return strings.Join(out, "\n")
}

func TestParseShipped(t *testing.T) {
	m, found := Parse(shipped(t))
	if m == nil {
		t.Fatal(codes(found))
	}
	if m.ID != "returns-fraud" || m.Name != "Returns fraud risk" || m.Version != "1.0.0" {
		t.Errorf("identity %q %q %q", m.ID, m.Name, m.Version)
	}
	id, name, tag, details := Reader{}.Read(shipped(t))
	if id != m.ID || name != m.Name || tag != m.Version || len(details) > 0 {
		t.Errorf("Read: %q %q %q %v", id, name, tag, details)
	}
}

func TestParseRefuses(t *testing.T) {
	card := func(m map[string]any) map[string]any { return at(m, "scorecard") }
	for _, c := range []struct {
		name, want string
		change     func(m map[string]any)
	}{
		{"format", "model.field format", func(m map[string]any) { m["format"] = "tallystick-model/2" }},
		{"kind", "model.field kind", func(m map[string]any) { m["kind"] = "neural" }},
		{"kind without body", "model.field kind", func(m map[string]any) { m["kind"] = "boosted-trees" }},
		{"id", "model.field id", func(m map[string]any) { m["id"] = "../etc" }},
		{"no name", "model.field name", func(m map[string]any) { m["name"] = "" }},
		{"no version", "model.field version", func(m map[string]any) { delete(m, "version") }},
		{"unknown field", `model.syntax : unknown field "hidden"`, func(m map[string]any) { m["hidden"] = 1 }},
		{"other case", `model.syntax : unknown field "Base"`, func(m map[string]any) { card(m)["Base"] = 0 }},
		{"wrong type", "model.syntax", func(m map[string]any) { card(m)["base"] = "zero" }},
		{"no inputs", "model.field inputs", func(m map[string]any) { m["inputs"] = []any{} }},
		{"input twice", "model.field inputs[1]", func(m map[string]any) { at(m, "inputs", 1)["name"] = "amount" }},
		{"input name", "model.field inputs[0].name", func(m map[string]any) { at(m, "inputs", 0)["name"] = "a b" }},
		{"input type", "model.field inputs[0].type", func(m map[string]any) { at(m, "inputs", 0)["type"] = "date" }},
		{"min above max", "model.field inputs[0]", func(m map[string]any) { at(m, "inputs", 0)["min"] = 2_000_000 }},
		{"values of a number", "model.field inputs[0]", func(m map[string]any) { at(m, "inputs", 0)["values"] = []any{"a"} }},
		{"empty values", "model.field inputs[3].values", func(m map[string]any) { at(m, "inputs", 3)["values"] = []any{} }},
		{"substitute out of schema", "model.field inputs[3].missing", func(m map[string]any) { at(m, "inputs", 3)["missing"] = "iron" }},
		{"substitute of optional", "model.field inputs[3]", func(m map[string]any) {
			at(m, "inputs", 3)["missing"], at(m, "inputs", 3)["optional"] = "gold", true
		}},
		{"output without range", "model.field output", func(m map[string]any) { delete(at(m, "output"), "max") }},
		{"output too large", "model.field output: min and max", func(m map[string]any) { at(m, "output")["max"] = 1e40 }},
		{"output too small", "model.field output: min and max", func(m map[string]any) { at(m, "output")["min"] = -1e40 }},
		{"output named model", "model.field output.name", func(m map[string]any) { at(m, "output")["name"] = "model" }},
		{"output named version", "model.field output.name", func(m map[string]any) { at(m, "output")["name"] = "version" }},
		{"output named reasons", "model.field output.name", func(m map[string]any) { at(m, "output")["name"] = "reasons" }},
		{"output digits", "model.field output.digits", func(m map[string]any) { at(m, "output")["digits"] = 40 }},
		{"output type", "model.field output.type", func(m map[string]any) { at(m, "output")["type"] = "string" }},
		{"scale", "model.field scorecard.scale", func(m map[string]any) { card(m)["scale"] = "log" }},
		{"unknown characteristic", "model.field scorecard.characteristics[0].input", func(m map[string]any) {
			at(m, "scorecard", "characteristics", 0)["input"] = "age"
		}},
		{"bins do not cover", "model.coverage scorecard.characteristics[0].bins", func(m map[string]any) {
			at(m, "scorecard", "characteristics", 0, "bins", 3)["below"] = 9999
		}},
		{"texts not covered", "model.coverage scorecard.characteristics[3].bins", func(m map[string]any) {
			at(m, "scorecard", "characteristics", 3, "bins", 2)["in"] = []any{"gold"}
		}},
		{"absent not covered", "model.coverage scorecard.characteristics[3].bins", func(m map[string]any) { at(m, "inputs", 3)["optional"] = true }},
		{"never reached", "model.coverage scorecard.characteristics[0].bins[1]", func(m map[string]any) {
			delete(at(m, "scorecard", "characteristics", 0, "bins", 0), "below")
		}},
		{"two tests", "model.field scorecard.characteristics[0].bins[0]", func(m map[string]any) {
			at(m, "scorecard", "characteristics", 0, "bins", 0)["missing"] = true
		}},
		{"below of a text", "model.field scorecard.characteristics[3].bins[0].below", func(m map[string]any) {
			b := at(m, "scorecard", "characteristics", 3, "bins", 0)
			delete(b, "in")
			b["below"] = 1
		}},
		{"no points", "model.field scorecard.characteristics[0].bins[0].points", func(m map[string]any) {
			delete(at(m, "scorecard", "characteristics", 0, "bins", 0), "points")
		}},
		{"few golden rows", "model.golden golden", func(m map[string]any) { m["golden"] = m["golden"].([]any)[:19] }},
		{"golden miss", "model.golden golden[4]", func(m map[string]any) { at(m, "golden", 4)["output"] = 0.100843 }},
		{"golden without output", "model.golden golden[4]", func(m map[string]any) { delete(at(m, "golden", 4), "output") }},
		{"golden input unknown", "model.golden golden[0]", func(m map[string]any) { at(m, "golden", 0, "inputs")["age"] = 1 }},
		{"golden input missing", "model.golden golden[0]", func(m map[string]any) { delete(at(m, "golden", 0, "inputs"), "tier") }},
		{"other points", "model.golden golden[0]", func(m map[string]any) { card(m)["base"] = -0.63 }},
		{"golden out of range", "model.golden golden[16]", func(m map[string]any) { at(m, "output")["max"] = 0.4 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, found := Parse(edit(t, c.change))
			if m != nil {
				t.Fatal("the file was accepted")
			}
			if got := codes(found); !strings.HasPrefix(got, c.want) && !strings.Contains(got, "\n"+c.want) {
				t.Errorf("findings\n%s\nmiss %q", got, c.want)
			}
			for _, d := range found {
				if d.Severity != "error" {
					t.Errorf("severity %q", d.Severity)
				}
			}
		})
	}
}

func TestParseHostileText(t *testing.T) {
	for name, src := range map[string]string{
		"empty": "", "null": "null", "list": "[]", "not JSON": "<model/>", "two values": "{}{}",
		"doubled key":   `{"format":"a","format":"b"}`,
		"infinite":      `{"scorecard":{"base":1e999}}`,
		"deep":          strings.Repeat("[", 100) + strings.Repeat("]", 100),
		"large":         `"` + strings.Repeat("a", canon.MaxBytes) + `"`,
		"invalid UTF-8": "{\"id\":\"\xff\"}",
	} {
		if m, found := Parse([]byte(src)); m != nil || len(found) == 0 {
			t.Errorf("%s: accepted", name)
		}
	}
	broken := strings.Replace(string(shipped(t)), `"input": "amount"`, `"input": "`+strings.Repeat("x", 9)+`"`, 1)
	if m, _ := Parse([]byte(broken)); m != nil {
		t.Error("a characteristic without input was accepted")
	}
}

// FuzzParse holds two laws: reading never panics, and what is accepted scores its own golden rows.
func FuzzParse(f *testing.F) {
	f.Add(shipped(f))
	f.Add([]byte(forestFile()))
	f.Add([]byte(`{"format":"tallystick-model/1","inputs":[{"name":"a","type":"number"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, found := Parse(data)
		if (m == nil) == (len(found) == 0) {
			t.Fatalf("model %v with findings %v", m, found)
		}
	})
}

func ExampleParse() {
	data, _ := os.ReadFile("../../examples/returns/returns-fraud.model.json")
	m, _ := Parse(data)
	s, _ := m.Score(map[string]canon.JSON{
		"amount": "66.81", "days_since_purchase": "40", "prior_returns": "0", "tier": `"gold"`,
	})
	fmt.Println(m.Document(s))
	// Output: {"model":"returns-fraud","reasons":["no earlier returns","gold customer","small amount"],"score":0.018906,"version":"1.0.0"}
}

// TestManualExample parses the model that the manual shows, with its golden row as often as a file needs.
func TestManualExample(t *testing.T) {
	text, err := os.ReadFile("../../docs/modeling.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "```json\n")
	src, _, closed := strings.Cut(rest, "```\n")
	before, row, golden := strings.Cut(src, `"golden": [`)
	row, _, ended := strings.Cut(row, "]\n")
	if !found || !closed || !golden || !ended {
		t.Fatal("the manual shows no model")
	}
	rows := strings.TrimSuffix(strings.Repeat(row+",", GoldenMin), ",")
	if m, problems := Parse([]byte(before + `"golden": [` + rows + "]}")); m == nil {
		t.Error(codes(problems))
	}
}
