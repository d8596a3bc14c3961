package rules

import (
	"fmt"
	"html"
	"strings"
	"testing"

	"tallystick/rules/feel"
)

// coreTable is a FIRST table of an interval, a list of strings and a comparison.
func coreTable(b *testing.B, count int) (*table, *Model) {
	var text strings.Builder
	for i := range count {
		text.WriteString("<rule>")
		for _, cell := range []string{fmt.Sprintf("[%d..%d)", i*10, i*10+10), fmt.Sprintf(`"C%d","D%d"`, i%7, i%7), fmt.Sprintf("> %d", i%50)} {
			text.WriteString("<inputEntry><text>" + html.EscapeString(cell) + "</text></inputEntry>")
		}
		fmt.Fprintf(&text, "<outputEntry><text>%d</text></outputEntry></rule>", i)
	}
	m, found, err := Parse([]byte(`<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m"><decision id="d"><decisionTable hitPolicy="FIRST">` +
		strings.Repeat(`<input><inputExpression><text>x</text></inputExpression></input>`, 3) + "<output/>" + text.String() +
		"</decisionTable></decision></definitions>"))
	if err != nil || len(found) > 0 {
		b.Fatal(err, found)
	}
	t, _ := tableOf(m.Decisions[0].logic)
	return t, m
}

// BenchmarkCore is a table without reading variables and without a trace: inputs to result.
func BenchmarkCore(b *testing.B) {
	for _, count := range []int{10, 100, 1000, 3700} {
		b.Run(fmt.Sprintf("%d-rules", count), func(b *testing.B) {
			t, m := coreTable(b, count)
			hit := count - 2
			s := newScope(newEvaluation(m, Env{}), &sight{})
			b.ReportAllocs()
			for b.Loop() {
				s.ev.cells = 0
				values := [3]input{
					newInput(feel.Int(int64(hit*10 + 5))), newInput(feel.Text([7]string{"D0", "D1", "D2", "D3", "D4", "D5", "D6"}[hit%7])), newInput(feel.Int(1000)),
				}
				hits, err := t.hits(s, values[:])
				if err != nil || len(hits) != 1 || hits[0].rule != hit {
					b.Fatal(hits, err)
				}
				if _, err := t.decide(s, hits); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
