package rules_test

import (
	"flag"
	"fmt"
	"html"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tallystick/rules"
)

var seed = flag.Uint64("seed", 0, "seed of the random tables; 0 takes one from the clock")

// naiveCell is a test on an integer that a child could do; text is the same in FEEL.
type naiveCell struct {
	text  string
	holds func(int) bool
}

type naiveRule struct {
	cells  []naiveCell
	output int
}

// naiveTable is a random table with its own, obvious evaluator.
type naiveTable struct {
	policy, aggregation string
	columns             int
	order               []int
	fallback            string
	rules               []naiveRule
}

func randomCell(r *rand.Rand) naiveCell {
	n, m := r.IntN(8), r.IntN(8)
	low, high := min(n, m), max(n, m)
	cells := []naiveCell{
		{"-", func(int) bool { return true }},
		{strconv.Itoa(n), func(v int) bool { return v == n }},
		{fmt.Sprintf("< %d", n), func(v int) bool { return v < n }},
		{fmt.Sprintf(">= %d", n), func(v int) bool { return v >= n }},
		{fmt.Sprintf("[%d..%d]", low, high), func(v int) bool { return low <= v && v <= high }},
		{fmt.Sprintf("(%d..%d]", low, high+1), func(v int) bool { return low < v && v <= high+1 }},
		{fmt.Sprintf("%d, %d", n, m), func(v int) bool { return v == n || v == m }},
		{fmt.Sprintf("not(%d)", n), func(v int) bool { return v != n }},
		{fmt.Sprintf("? * 2 > %d", n), func(v int) bool { return v*2 > n }},
	}
	return cells[r.IntN(len(cells))]
}

func randomTable(r *rand.Rand) naiveTable {
	policies := []string{"UNIQUE", "ANY", "PRIORITY", "FIRST", "RULE ORDER", "OUTPUT ORDER", "COLLECT"}
	t := naiveTable{policy: policies[r.IntN(len(policies))], columns: 1 + r.IntN(3), order: r.Perm(5)}
	if t.policy == "COLLECT" {
		t.aggregation = []string{"", "SUM", "MIN", "MAX", "COUNT"}[r.IntN(5)]
	}
	if r.IntN(3) == 0 {
		t.fallback = "99"
	}
	for range r.IntN([]int{6, 40}[r.IntN(2)]) { // many rules have an index
		rule := naiveRule{output: r.IntN(5)}
		for range t.columns {
			rule.cells = append(rule.cells, randomCell(r))
		}
		t.rules = append(t.rules, rule)
	}
	return t
}

// model writes the table as DMN.
func (t naiveTable) model() string {
	var b strings.Builder
	for i := range t.columns {
		fmt.Fprintf(&b, "<input><inputExpression typeRef=\"number\"><text>v%d</text></inputExpression></input>\n", i)
	}
	values := strings.Trim(strings.Join(strings.Fields(fmt.Sprint(t.order)), ","), "[]")
	b.WriteString("<output name=\"o\" typeRef=\"number\"><outputValues><text>" + values + "</text></outputValues>")
	if t.fallback != "" {
		b.WriteString("<defaultOutputEntry><text>" + t.fallback + "</text></defaultOutputEntry>")
	}
	b.WriteString("</output>\n")
	for _, rule := range t.rules {
		b.WriteString("<rule>")
		for _, cell := range rule.cells {
			b.WriteString("<inputEntry><text>" + html.EscapeString(cell.text) + "</text></inputEntry>")
		}
		fmt.Fprintf(&b, "<outputEntry><text>%d</text></outputEntry></rule>\n", rule.output)
	}
	attributes := `hitPolicy="` + t.policy + `"`
	if t.aggregation != "" {
		attributes += ` aggregation="` + t.aggregation + `"`
	}
	return tableWith(attributes, b.String())
}

// answer is the expected output as JSON text, or "failed".
func (t naiveTable) answer(inputs []int) string {
	var hits []int
	for _, rule := range t.rules {
		matched := true
		for i, cell := range rule.cells {
			matched = matched && cell.holds(inputs[i])
		}
		if matched {
			hits = append(hits, rule.output)
		}
	}
	if len(hits) == 0 {
		if t.fallback != "" {
			return t.fallback
		}
		return "null"
	}
	return t.decide(hits)
}

func (t naiveTable) decide(hits []int) string {
	byOrder := slices.Clone(hits)
	slices.SortStableFunc(byOrder, func(a, b int) int {
		return slices.Index(t.order, a) - slices.Index(t.order, b)
	})
	switch t.policy {
	case "UNIQUE":
		if len(hits) > 1 {
			return "failed"
		}
		return strconv.Itoa(hits[0])
	case "ANY":
		if slices.Min(hits) != slices.Max(hits) {
			return "failed"
		}
		return strconv.Itoa(hits[0])
	case "FIRST":
		return strconv.Itoa(hits[0])
	case "PRIORITY":
		return strconv.Itoa(byOrder[0])
	case "OUTPUT ORDER":
		return listText(byOrder)
	}
	switch t.aggregation {
	case "COUNT":
		return strconv.Itoa(len(hits))
	case "MIN":
		return strconv.Itoa(slices.Min(hits))
	case "MAX":
		return strconv.Itoa(slices.Max(hits))
	case "SUM":
		sum := 0
		for _, h := range hits {
			sum += h
		}
		return strconv.Itoa(sum)
	}
	return listText(hits)
}

func listText(items []int) string {
	return strings.ReplaceAll(fmt.Sprint(items), " ", ",")
}

func TestRandomTables(t *testing.T) {
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano())
	}
	r := rand.New(rand.NewPCG(*seed, 0))
	for range 300 {
		table := randomTable(r)
		model := mustParse(t, table.model())
		for range 10 {
			compare(t, r, table, model)
		}
		if t.Failed() {
			t.Fatalf("repeat with -seed %d; the model is\n%s", *seed, table.model())
		}
	}
}

func compare(t *testing.T, r *rand.Rand, table naiveTable, model *rules.Model) {
	t.Helper()
	inputs := make([]int, table.columns)
	fields := make([]string, table.columns)
	for i := range inputs {
		inputs[i] = r.IntN(9)
		fields[i] = fmt.Sprintf(`"v%d":%d`, i, inputs[i])
	}
	trace, err := model.Evaluate("d", variablesOf(t, "{"+strings.Join(fields, ",")+"}"))
	if err != nil {
		t.Fatal(err)
	}
	got := string(trace.Output)
	if trace.Failed != "" {
		got = "failed"
	}
	if want := table.answer(inputs); got != want {
		t.Errorf("inputs %v: got %s %s, want %s", inputs, got, trace.Failure, want)
	}
}
