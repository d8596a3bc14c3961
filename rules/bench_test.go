package rules_test

import (
	"fmt"
	"html"
	"strings"
	"testing"

	"tallystick/internal/canon"
	"tallystick/rules"
)

// tableOf makes a FIRST table of three inputs (interval, string, comparison) with a hit near the end.
func tableOf(count int) string {
	var b strings.Builder
	for _, in := range []string{"score", "country", "amount"} {
		fmt.Fprintf(&b, "<input><inputExpression><text>%s</text></inputExpression></input>\n", in)
	}
	b.WriteString("<output name=\"band\"/>\n")
	for i := range count {
		cells := []string{
			fmt.Sprintf("[%d..%d)", i*10, i*10+10), fmt.Sprintf(`"C%d","D%d"`, i%7, i%7), fmt.Sprintf("> %d", i%50),
		}
		b.WriteString("<rule>")
		for _, cell := range cells {
			b.WriteString("<inputEntry><text>" + html.EscapeString(cell) + "</text></inputEntry>")
		}
		fmt.Fprintf(&b, "<outputEntry><text>%d</text></outputEntry></rule>\n", i)
	}
	return tableWith(`hitPolicy="FIRST"`, b.String())
}

func BenchmarkTable(b *testing.B) {
	for _, count := range []int{10, 100, 1000} {
		b.Run(fmt.Sprintf("%d-rules", count), func(b *testing.B) {
			model := mustParse(b, tableOf(count))
			hit := count - 2
			fields := map[string]canon.JSON{
				"score": canon.Int(int64(hit*10 + 5)), "country": canon.String(fmt.Sprintf("D%d", hit%7)), "amount": canon.Int(1000),
			}
			env := rules.Env{Now: moment, Lookup: func(name string) (canon.JSON, bool) { v, ok := fields[name]; return v, ok }}
			b.ReportAllocs()
			for b.Loop() {
				trace, err := model.Evaluate("d", env)
				if err != nil || trace.Output != canon.Int(int64(hit)) {
					b.Fatal(trace, err)
				}
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	source := []byte(tableOf(1000))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := rules.Parse(source); err != nil {
			b.Fatal(err)
		}
	}
}
