package rules_test

import (
	"fmt"
	"html"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tallystick/rules"
)

// lintTable writes a table: columns as "name" or "name: input values", rules as "cell | cell -> output".
func lintTable(attributes string, columns []string, outputs string, rows ...string) string {
	var b strings.Builder
	for _, c := range columns {
		name, values, limited := strings.Cut(c, ": ")
		fmt.Fprintf(&b, `<input id="in_%s"><inputExpression><text>%s</text></inputExpression>`, name, name)
		if limited {
			b.WriteString("<inputValues><text>" + html.EscapeString(values) + "</text></inputValues>")
		}
		b.WriteString("</input>")
	}
	b.WriteString(outputs + "\n")
	for i, r := range rows {
		in, out, _ := strings.Cut(r, " -> ")
		fmt.Fprintf(&b, `<rule id="r%d">`, i+1)
		for cell := range strings.SplitSeq(in, " | ") {
			b.WriteString("<inputEntry><text>" + html.EscapeString(cell) + "</text></inputEntry>")
		}
		b.WriteString("<outputEntry><text>" + html.EscapeString(out) + "</text></outputEntry></rule>\n")
	}
	return tableWith(attributes, b.String())
}

const anOutput = `<output id="o" name="o"/>`

// TestAnalyze shows each finding with the input that proves it.
func TestAnalyze(t *testing.T) {
	tests := map[string]struct {
		source string
		want   []string
	}{
		"a complete table": {
			lintTable("", []string{"n"}, anOutput, "< 5 -> 1", "[5..10) -> 2", ">= 10 -> 3"), nil,
		},
		"a gap between": {
			lintTable("", []string{"n"}, anOutput, "< 5 -> 1", "> 5 -> 2"),
			[]string{"table.gap t: no rule matches when n = 5; for example n = 5"},
		},
		"a gap in two columns": {
			lintTable("", []string{"n", `w: "a","b"`}, anOutput, "< 5 | - -> 1", `>= 5 | "a" -> 2`),
			[]string{`table.gap t: no rule matches when n >= 5, w is "b"; for example n = 5, w = "b"`},
		},
		"another text": {
			lintTable("", []string{"w"}, anOutput, `"a" -> 1`, `"b", "c" -> 2`),
			[]string{`table.gap t: no rule matches when w is any other text; for example w = "(another text)"`},
		},
		"a default output closes gaps": {
			lintTable("", []string{"n"}, `<output name="o"><defaultOutputEntry><text>0</text></defaultOutputEntry></output>`, "< 5 -> 1", "> 5 -> 2"), nil,
		},
		"a cell that only FEEL can decide covers": {
			lintTable("", []string{"n"}, anOutput, "< 5 -> 1", "odd(?) -> 2"), nil,
		},
		"input values end the axis": {
			lintTable("", []string{"n: [0..100]"}, anOutput, "< 50 -> 1", "[50..100] -> 2"), nil,
		},
		"overlap under UNIQUE": {
			lintTable("", []string{"n"}, anOutput, "<= 5 -> 1", ">= 3 -> 2"),
			[]string{
				"table.policy t: rules overlap with different outputs: hit policy FIRST or PRIORITY would say which one counts",
				"table.overlap r2: rules 1 and 2 both match when n in [3..5], which UNIQUE does not allow; for example n = 3",
			},
		},
		"harmless overlap under UNIQUE": {
			lintTable("", []string{"n"}, anOutput, "<= 5 -> 1", ">= 3 -> 1"),
			[]string{
				"table.policy t: overlapping rules have the same outputs: hit policy ANY would fit",
				"table.overlap r2: rules 1 and 2 both match when n in [3..5], which UNIQUE does not allow; for example n = 3",
			},
		},
		"overlap under ANY": {
			lintTable(`hitPolicy="ANY"`, []string{"b"}, anOutput, "true -> 1", "- -> 2", "false -> 2"),
			[]string{
				"table.overlap r2: rules 1 and 2 both match when b is true and differ in their outputs, which ANY does not allow; for example b = true",
				"table.redundant r3: rule 3 is not needed: rule 2 matches whenever it does, with the same outputs",
			},
		},
		"masked under FIRST": {
			lintTable(`hitPolicy="FIRST"`, []string{"n"}, anOutput, "< 5 -> 1", "- -> 2", "[1..2] -> 3"),
			[]string{"table.masked r3: rule 3 never decides: rule 1 comes before it and matches whenever it does"},
		},
		"masked by several": {
			lintTable(`hitPolicy="FIRST"`, []string{"n"}, anOutput, "< 5 -> 1", ">= 5 -> 2", "[1..9] -> 3"),
			[]string{"table.masked r3: rule 3 never decides: the rules that come before it match together whenever it does"},
		},
		"masked under PRIORITY": {
			lintTable(`hitPolicy="PRIORITY"`, []string{"n"}, `<output name="o"><outputValues><text>"high","low"</text></outputValues></output>`,
				`[1..2] -> "low"`, `- -> "high"`),
			[]string{"table.masked r1: rule 1 never decides: rule 2 comes before it and matches whenever it does"},
		},
		"FIRST without overlap": {
			lintTable(`hitPolicy="FIRST"`, []string{"b"}, anOutput, "true -> 1", "false -> 2"),
			[]string{"table.policy t: no two rules overlap: hit policy UNIQUE says so, and holds later changes to it"},
		},
		"twins under COLLECT": {
			lintTable(`hitPolicy="COLLECT"`, []string{"b"}, anOutput, "- -> 1", "- -> 2", "- -> 1"),
			[]string{"table.redundant r3: rule 3 is the same as rule 1"},
		},
		"a value that is not allowed": {
			lintTable(`hitPolicy="COLLECT"`, []string{`w: "a","b"`}, anOutput, `"a", "b" -> 1`, `"c" -> 2`),
			[]string{`table.value r2: rule 2 never matches: "c" of column "w" is not among its input values`},
		},
		"output values": {
			lintTable("", []string{"b"}, `<output name="o"><outputValues><text>1, 2, 3</text></outputValues></output>`, "true -> 1", "false -> 4"),
			[]string{
				`table.output t: no rule yields 2 of output "o"`, `table.output t: no rule yields 3 of output "o"`,
				`table.output r2: output "o" of rule 2 is 4, which is not among its output values`,
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, d := range mustParse(t, test.source).Analyze() {
				got = append(got, fmt.Sprintf("%s %s: %s", d.Code, d.Element, d.Message))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestAnalyzeTellsTheTruth evaluates every example of a random table: a gap matches no rule, an overlap two.
func TestAnalyzeTellsTheTruth(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 0))
	found := map[string]int{}
	for range 60 {
		var rows []string
		for i := range 2 + r.IntN(6) {
			low := r.IntN(10)
			cell := []string{"-", fmt.Sprintf("[%d..%d)", low, low+3), fmt.Sprintf("> %d.5", low), fmt.Sprintf("<= %d", low)}[r.IntN(4)]
			word := []string{"-", `"a"`, `"a","b"`, `not("b")`}[r.IntN(4)]
			rows = append(rows, fmt.Sprintf("%s | %s -> %d", cell, word, i))
		}
		unique := mustParse(t, lintTable("", []string{"n", "w"}, anOutput, rows...))
		all := mustParse(t, lintTable(`hitPolicy="RULE ORDER"`, []string{"n", "w"}, anOutput, rows...))
		for _, d := range unique.Analyze() {
			_, example, ok := strings.Cut(d.Message, "for example ")
			if !ok {
				continue
			}
			found[d.Code]++
			input := "{" + strings.NewReplacer("n = ", `"n": `, "w = ", `"w": `, "anything", "1").Replace(example) + "}"
			trace, err := all.Evaluate("d", variablesOf(t, input))
			hits := len(trace.Decisions[0].Matched)
			if err != nil || d.Code == "table.gap" && hits != 0 || d.Code == "table.overlap" && hits < 2 {
				t.Fatalf("%s\nwith %s %d rules match: %v\n%s", d.Message, input, hits, err, strings.Join(rows, "\n"))
			}
		}
	}
	if found["table.gap"] == 0 || found["table.overlap"] == 0 {
		t.Errorf("nothing was proved: %v", found)
	}
}

// TestAnalyzeGivesUp: a table that is too large is said to be, in bounded time and memory.
func TestAnalyzeGivesUp(t *testing.T) {
	var rows []string
	for i := range 8_000 {
		rows = append(rows, fmt.Sprintf("[%d..%d] -> 1", 3*i, 3*i+1))
	}
	found := mustParse(t, lintTable("", []string{"n"}, anOutput, rows...)).Analyze()
	if len(found) != 1 || found[0].Code != "table.incomplete" {
		t.Errorf("found %v", found)
	}
}

// BenchmarkAnalyze: a table of 1,000 rules and 5 columns.
func BenchmarkAnalyze(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	var rows []string
	for i := range 1000 {
		rows = append(rows, fmt.Sprintf("[%d..%d) | %q | > %d | %s | %q,%q -> %d", i%40*25, i%40*25+25, string(rune('a'+i/40)),
			r.IntN(100), []string{"true", "false", "-"}[r.IntN(3)], fmt.Sprint("x", r.IntN(9)), fmt.Sprint("y", r.IntN(9)), i))
	}
	m, _, err := rules.Parse([]byte(lintTable("", []string{"a", "b", "c", "d", "e"}, anOutput, rows...)))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		m.Analyze()
	}
}
