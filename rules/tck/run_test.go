package tck_test

import (
	"os"
	"testing"

	"tallystick/rules/tck"
)

// TestKit runs the DMN Technology Compatibility Kit when TALLYSTICK_TCK names its TestCases folder.
func TestKit(t *testing.T) {
	root := os.Getenv("TALLYSTICK_TCK")
	if root == "" {
		t.Skip("THE DMN TEST KIT DID NOT RUN: set TALLYSTICK_TCK to the TestCases folder of a dmn-tck/tck checkout")
	}
	checks, err := tck.Run(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if !c.Passed {
			t.Log(c)
		}
	}
	score := tck.ScoreOf(checks)
	t.Log(score)
	if !score.OK() {
		t.Errorf("%d of %d checks pass, and all have", score.Passed, score.All)
	}
}
