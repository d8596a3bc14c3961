package rules

import (
	"flag"
	"fmt"
	"html"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tallystick/rules/feel"
)

var indexSeed = flag.Uint64("index-seed", 0, "seed of the random tables of the index; 0 takes one from the clock")

// randomEntry is an input entry of any kind that tables have.
func randomEntry(r *rand.Rand) string {
	number := func() string {
		return []string{fmt.Sprint(r.IntN(12) - 3), fmt.Sprintf("%d.%d", r.IntN(9), r.IntN(10)), "0.000000000000000001", "999999999999999999"}[r.IntN(20)/6]
	}
	word := func() string { return fmt.Sprintf("%q", string(rune('a'+r.IntN(6)))) }
	low, high := number(), number()
	entries := []string{
		"-", "-", number(), number() + ", " + number(), "< " + number(), "<= " + number(), "> " + number(), ">= " + number(),
		"[" + low + ".." + high + "]", "(" + low + ".." + high + "]", "[" + low + ".." + high + "), " + number(), "]" + low + ".." + high + "[",
		word(), word() + "," + word(), "not(" + word() + ")", "not(" + word() + ", " + word() + ")", "true", "false", "true, false",
		"? > " + number(), "not(" + number() + ")", "null", word() + ", " + number(), "string length(?) = 1", `@"2026-01-01"`, "not(null)",
	}
	return entries[r.IntN(len(entries))]
}

// randomInput is a value that such entries may meet.
func randomInput(t *testing.T, r *rand.Rand) feel.Value {
	sources := []string{
		"null", "true", "false", `"a"`, `"b"`, `"zz"`, `["a"]`, `[1]`, `[1, "a"]`, "{a: 1}", `@"2026-01-01"`, `@"P1D"`, "[1..3]",
		"999999999999999999", "1234567890123456789012345678901234", "-0.5", "1e-18", "1e-19", "-1e30",
		fmt.Sprint(r.IntN(12) - 3), fmt.Sprintf("%d.%d", r.IntN(9), r.IntN(10)), fmt.Sprintf("%d.%d0", r.IntN(9), r.IntN(10)),
	}
	p, err := feel.Compile(sources[r.IntN(len(sources))], feel.Options{})
	if err != nil {
		t.Fatal(err)
	}
	result, err := p.Eval(feel.Env{})
	if err != nil {
		t.Fatal(err)
	}
	return result.Value
}

// randomRules is a table in DMN, and its entries.
func randomRules(r *rand.Rand) (model string, entries [][]string) {
	columns, count := 1+r.IntN(3), 1+r.IntN(90)
	var b strings.Builder
	for i := range columns {
		fmt.Fprintf(&b, "<input><inputExpression><text>v%d</text></inputExpression></input>", i)
	}
	b.WriteString("<output/>")
	for n := range count {
		b.WriteString("<rule>")
		var row []string
		for range columns {
			row = append(row, randomEntry(r))
			b.WriteString("<inputEntry><text>" + html.EscapeString(row[len(row)-1]) + "</text></inputEntry>")
		}
		fmt.Fprintf(&b, "<outputEntry><text>%d</text></outputEntry></rule>", n)
		entries = append(entries, row)
	}
	return `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m"><decision id="d"><decisionTable hitPolicy="RULE ORDER">` +
		b.String() + "</decisionTable></decision></definitions>", entries
}

// TestIndexAgreesWithFEEL holds the index and the scan of random tables against FEEL, asked cell by cell.
func TestIndexAgreesWithFEEL(t *testing.T) {
	if *indexSeed == 0 {
		*indexSeed = uint64(time.Now().UnixNano())
	}
	r := rand.New(rand.NewPCG(*indexSeed, 0))
	for range 150 {
		if compareIndex(t, r); t.Failed() {
			t.Fatalf("repeat with -index-seed %d", *indexSeed)
		}
	}
}

// FuzzIndex is the same from seeds of the fuzzer.
func FuzzIndex(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { compareIndex(t, rand.New(rand.NewPCG(seed, 0))) })
}

func compareIndex(t *testing.T, r *rand.Rand) {
	source, entries := randomRules(r)
	m, found, err := Parse([]byte(source))
	if err != nil || found.HasErrors() {
		t.Fatal(err, found)
	}
	indexed, _ := tableOf(m.Decisions[0].logic)
	scanned := *indexed
	scanned.index = nil
	if indexed.index == nil && len(entries) >= indexMin {
		t.Fatal("the table has no index")
	}
	for range 8 {
		values := make([]input, len(indexed.inputs))
		for i := range values {
			values[i] = newInput(randomInput(t, r))
		}
		want := askEach(t, entries, values)
		for name, table := range map[string]*table{"index": indexed, "scan": &scanned} {
			hits, err := table.hits(newScope(newEvaluation(m, Env{}), &sight{}), values)
			if err != nil {
				t.Fatal(err)
			}
			var got []int
			for _, h := range hits {
				got = append(got, h.rule)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s of %s: got %v, FEEL says %v\n%v", name, valuesText(values), got, want, entries)
			}
		}
	}
}

// askEach lets FEEL test every cell.
func askEach(t *testing.T, entries [][]string, values []input) []int {
	var hits []int
	for n, row := range entries {
		all := true
		for i, source := range row {
			p, err := feel.CompileTests(source, feel.Options{})
			if err != nil {
				t.Fatal(err)
			}
			result, err := p.Eval(feel.Env{Input: values[i].value})
			yes, ok := result.Value.Bool()
			all = all && err == nil && ok && yes
		}
		if all {
			hits = append(hits, n)
		}
	}
	return hits
}

func valuesText(values []input) string {
	var texts []string
	for _, v := range values {
		texts = append(texts, v.value.String())
	}
	return strings.Join(texts, "; ")
}
