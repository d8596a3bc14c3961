package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// The findings of Analyze.
const (
	codeGap       = "table.gap"
	codeOverlap   = "table.overlap"
	codeMasked    = "table.masked"
	codeRedundant = "table.redundant"
	codePolicy    = "table.policy"
	codeOutput    = "table.output"
	codeValue     = "table.value"
	codeHuge      = "table.incomplete"
)

// foundMax bounds the findings of one code for one table; the last one counts the rest.
const foundMax = 10

// Analyze looks at the decision tables of a model as a whole: gaps, overlaps, masked and redundant rules, values
// that are not allowed or never put out, and hit policies that another one would serve better. Each finding is a
// warning with an input that shows it. Cells that only FEEL can decide count as covering everything where a gap
// is looked for, and as overlapping nothing.
func (m *Model) Analyze() Diagnostics {
	var tables []*table
	for _, d := range m.Decisions {
		tables = append(tables, tablesIn(d.logic)...)
	}
	for _, k := range m.knowledge {
		tables = append(tables, tablesIn(k.function)...)
	}
	var all Diagnostics
	work := 0
	for _, t := range tables {
		all = append(all, analyze(t, &work)...)
	}
	all.sort()
	return all
}

// analyze looks at one table; work counts over all tables of the model.
func analyze(t *table, work *int) Diagnostics {
	if !t.sound || len(t.rules) == 0 || len(t.inputs) == 0 {
		return nil
	}
	a := newAnalysis(t, work)
	if a == nil || *work > workMax {
		a = &analysis{table: t, counted: map[string]int{}}
		a.report(codeHuge, -1, "the table, or the model, is too large to be looked at as a whole")
		return a.found
	}
	return a.findings()
}

// tablesIn finds the tables of a boxed expression.
func tablesIn(e expression) []*table {
	switch e := e.(type) {
	case *table:
		return []*table{e}
	case typed:
		return tablesIn(e.logic)
	case *function:
		return tablesIn(e.body)
	case context:
		return tablesIn(list(append(slices.Clone(e.values), e.result)))
	case conditional:
		return tablesIn(list{e.then, e.otherwise})
	case iteration:
		return tablesIn(e.body)
	case list:
		var found []*table
		for _, item := range e {
			found = append(found, tablesIn(item)...)
		}
		return found
	}
	return nil
}

// analysis is the work on one table.
type analysis struct {
	*table
	axes    []axis
	tails   []bitset // tails[i]: rules that let everything pass from axis i on
	work    *int
	counted map[string]int
	found   Diagnostics
}

// newAnalysis is nil for a table that would take too much memory.
func newAnalysis(t *table, work *int) *analysis {
	a := &analysis{table: t, work: work, counted: map[string]int{}}
	for i := range t.inputs {
		x, ok := newAxis(t, i)
		if !ok {
			return nil
		}
		a.axes = append(a.axes, x)
	}
	a.tails = make([]bitset, len(a.axes)+1)
	a.tails[len(a.axes)] = newBitset(len(t.rules))
	a.tails[len(a.axes)].fill(len(t.rules))
	for i := len(a.axes) - 1; i >= 0; i-- {
		a.tails[i] = slices.Clone(a.tails[i+1])
		for number := range t.rules {
			if !a.axes[i].entries[number].all {
				a.tails[i].unset(number)
			}
		}
	}
	return a
}

func (a *analysis) findings() Diagnostics {
	a.values()
	a.outputValues()
	a.gaps()
	a.overlaps()
	a.masked()
	if *a.work > workMax {
		a.report(codeHuge, -1, "the table has more combinations than were looked at: findings may be missing")
	}
	a.more()
	return a.found
}

// report notes a finding about a rule, or about the table when rule is -1.
func (a *analysis) report(code string, rule int, format string, args ...any) {
	if a.counted[code]++; a.counted[code] > foundMax {
		return
	}
	d := Diagnostic{Severity: SeverityWarning, Code: code, Element: a.element, Message: fmt.Sprintf(format, args...), Line: a.at.Line, Column: a.at.Column}
	if rule >= 0 {
		r := &a.rules[rule]
		d.Line, d.Column = r.at.Line, r.at.Column
		d.Element = cmp.Or(r.id, a.element)
	}
	a.found = append(a.found, d)
}

// more says how many findings are not told.
func (a *analysis) more() {
	for _, code := range []string{codeGap, codeOverlap, codeMasked, codeRedundant, codeOutput, codeValue} {
		if n := a.counted[code] - foundMax; n > 0 {
			a.counted[code] = 0
			a.report(code, -1, "and %d more of the kind", n)
		}
	}
}

// describe says a region in words of unary tests; free axes are left out.
func (a *analysis) describe(region []stretch) string {
	var parts []string
	for i, s := range region {
		if text := a.axes[i].describe(s); text != "" {
			parts = append(parts, a.inputs[i].name+" "+text)
		}
	}
	if len(parts) == 0 {
		return "any input"
	}
	return strings.Join(parts, ", ")
}

// example is an input of a region.
func (a *analysis) example(region []stretch) string {
	parts := make([]string, len(region))
	for i, s := range region {
		parts[i] = a.inputs[i].name + " = " + a.axes[i].example(s)
	}
	return strings.Join(parts, ", ")
}
