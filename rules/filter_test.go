package rules_test

import (
	"testing"

	"tallystick/rules"
)

// TestBoxedFilter (DMN 1.5, 10.2.1.9): the match cell may be any boxed expression.
func TestBoxedFilter(t *testing.T) {
	filter := func(in, match string) string {
		return definitions(`<decision id="d" name="d"><filter><in><literalExpression><text>` + in + `</text></literalExpression></in><match>` + match + `</match></filter></decision>`)
	}
	text := func(source string) string {
		return `<literalExpression><text>` + source + `</text></literalExpression>`
	}
	conditional := `<conditional><if>` + text("kind = &quot;a&quot;") + `</if><then>` + text("n &gt; 1") + `</then><else>` + text("item.n = 1") + `</else></conditional>`
	tests := map[string]struct{ source, want string }{
		"literal":            {filter(`[{n: 1}, {n: 2}]`, text("n &gt; 1")), `[{"n":2}]`},
		"literal on one":     {filter(`5`, text("item &gt; 1")), `[5]`},
		"conditional":        {filter(`[{kind: "a", n: 1}, {kind: "a", n: 2}, {kind: "b", n: 1}]`, conditional), `[{"kind":"a","n":2},{"kind":"b","n":1}]`},
		"null":               {filter(`null`, conditional), `null`},
		"entry without name": {filter(`[{n: 1}, {m: 1}]`, conditional), `[{"n":1}]`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			trace, err := mustParse(t, test.source).Evaluate("d", rules.Env{})
			if err != nil || string(trace.Output) != test.want {
				t.Errorf("output %s %s, want %s, %v", trace.Output, trace.Failure, test.want, err)
			}
		})
	}
}
