package casefile_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tallystick/rules"
	"tallystick/rules/casefile"
)

const model = `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m" namespace="urn:m">
<decision id="size" name="Size"><decisionTable hitPolicy="UNIQUE"><input><inputExpression><text>n</text></inputExpression></input><output name="o"/>
<rule id="r1"><inputEntry><text>&lt; 5</text></inputEntry><outputEntry><text>"small"</text></outputEntry></rule>
<rule id="r2"><inputEntry><text>&gt;= 5</text></inputEntry><outputEntry><text>n + 0.0</text></outputEntry></rule>
<rule id="r3"><inputEntry><text>&gt; 100</text></inputEntry><outputEntry><text>"huge"</text></outputEntry></rule>
</decisionTable></decision></definitions>`

const cases = `# sizes
model size.dmn
decision Size

case small
input {"n": 1}
expect "small"
rules 1

case numbers are numbers
input {"n":
  7.0}
expect 7.00

case two rules
input {"n": 101}
fails rules 2 and 3
warns nothing of the kind

case wrong on purpose
input {"n": 1}
expect "large"

case nothing given
input {}
expect null
rules none
warns "n" is missing
`

// TestRun runs cases of each kind, right and wrong.
func TestRun(t *testing.T) {
	m, found, err := rules.Parse([]byte(model))
	if err != nil || found.HasErrors() {
		t.Fatal(err, found)
	}
	all, err := casefile.Parse(cases)
	if err != nil {
		t.Fatal(err)
	}
	var seen casefile.Coverage
	var got []string
	for _, c := range all {
		got = append(got, c.Name+": "+c.Run(m, &seen))
	}
	want := []string{
		"small: ", "numbers are numbers: ", `two rules: no warning tells of "nothing of the kind"`,
		`wrong on purpose: got "small", want "large"`, "nothing given: ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Size: 3 of 3 rules matched"}, seen.Lines()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var once casefile.Coverage
	all[0].Run(m, &once)
	if diff := cmp.Diff([]string{"Size: 1 of 3 rules matched, never 2, 3"}, once.Lines()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestParseRefuses names the line.
func TestParseRefuses(t *testing.T) {
	head := "model m.dmn\ndecision d\n"
	tests := map[string]string{
		"":                                       "there is no case",
		"expect 1":                               "line 1: \"expect\" stands before",
		head + "case a\ninput 5\nexpect 1":       "line 4: the input is no JSON object",
		head + "case a\nexpect {":                "line 4: what is expected is no JSON",
		head + "case a\nrules x":                 "line 4: \"x\" is no number",
		head + "case a\ninput {}":                "line 3: case \"a\" expects nothing",
		"case a\nexpect 1":                       "line 1: case \"a\" has no model",
		head + "case a\nassert 1":                "line 4: there is no word \"assert\"",
		head + "now yesterday\ncase a\nexpect 1": "line 3: \"yesterday\" is no time",
	}
	for source, want := range tests {
		if _, err := casefile.Parse(source); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", source, err, want)
		}
	}
}
