package lang

import (
	"testing"

	"tallystick/internal/canon"
	"tallystick/rules/feel"
)

// TestSpare: the memory of an evaluation is used again, unless a function went out with it, which holds the variables.
func TestSpare(t *testing.T) {
	t.Parallel()
	for source, kept := range map[string]bool{
		"amount * 2":                  true,
		"amount + null":               true,
		"(function(x) x + amount)(1)": false,
		"{f: function(x) amount}.f":   false,
	} {
		p, err := feel.Compile(source, feel.Options{Open: true})
		if err != nil {
			t.Fatal(err)
		}
		f := &feelProgram{program: p}
		lookup := func(string) (canon.JSON, bool) { return "7", true }
		for range 2 {
			if _, err := f.eval(Env{Lookup: lookup}); err != nil {
				t.Fatalf("%s: %v", source, err)
			}
		}
		if got := f.spare.Load() != nil; got != kept {
			t.Errorf("%s: memory kept: %t", source, got)
		}
	}
}
