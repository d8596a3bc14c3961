package rules

import (
	"fmt"
	"testing"

	"tallystick/rules/feel"
)

// TestCellPredicatesAgreeWithFEEL holds the shortcut of each plain cell against the unary tests it
// stands for.
func TestCellPredicatesAgreeWithFEEL(t *testing.T) {
	numbers := []string{"0", "-1", "1", "1.0", "1.5", "-1.5", "2", "10", "999999999999999999", "0.000000000000000001", "-0.1"}
	sources := []string{`"a"`, `"a", "b"`, `not("a")`, `not("a", "b")`, "true", "false, true", `"", "a b"`, "1, 2", "1.50, -1.5", "(1..1]", "[-1.5..-0.1)"}
	for _, n := range numbers {
		for _, operator := range []string{"", "<", "<= ", ">", ">="} {
			sources = append(sources, operator+n)
		}
		for _, m := range numbers {
			sources = append(sources, fmt.Sprintf("[%s..%s]", n, m), fmt.Sprintf("]%s..%s[", n, m), fmt.Sprintf("(%s .. %s)", n, m))
		}
	}
	inputs := []feel.Value{feel.Null, feel.Text("a"), feel.Text(""), feel.Text("a b"), feel.Boolean(true)}
	for _, n := range numbers {
		inputs = append(inputs, number(t, n))
	}
	shortcuts := 0
	for _, source := range sources {
		c := literalCell(source)
		c.tests = compileTests(t, source)
		if c.words != nil || c.spans != nil || c.truths != nil {
			shortcuts++
		}
		for _, v := range inputs {
			s := newScope(newEvaluation(&Model{}, Env{}), &sight{})
			in := newInput(v)
			got, err := c.matches(s, &in)
			want, wantErr := c.tests.hold(s, v)
			if err != nil || wantErr != nil || got != want {
				t.Errorf("%s of %s: got %v %v, FEEL says %v %v", source, v.JSON(), got, err, want, wantErr)
			}
		}
	}
	if shortcuts < len(sources)/2 {
		t.Errorf("only %d of %d cells have a shortcut", shortcuts, len(sources))
	}
}

func compileTests(t *testing.T, source string) *tests {
	t.Helper()
	p, err := feel.CompileTests(source, feel.Options{})
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return &tests{program: p, element: "cell"}
}

func number(t *testing.T, text string) feel.Value {
	t.Helper()
	v, err := feel.DecodeJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestCellsLeftToFEEL(t *testing.T) {
	for _, source := range []string{
		"-", "a", `"a`, `"a" + "b"`, `"a\n"`, `"a" "b"`, `"a",`, `not("a"`, `not(1)`, "true and false", "truest", "1,", "1..2", "[1..2", "[1..a]", "[2..1]",
		"[1]", "> a", ">> 1", "1.", "1e3", "0.0000000000000000001", "1234567890123456789", "? > 1", "[", "(..)", "1 2",
	} {
		if c := literalCell(source); c.words != nil || c.spans != nil || c.truths != nil {
			t.Errorf("%q is taken for a plain cell", source)
		}
	}
}
