package main

import (
	"encoding/json"
	"testing"
)

// TestModificationBody writes what the server reads from what people type.
func TestModificationBody(t *testing.T) {
	t.Parallel()
	m := modification{
		activate: []string{"ship@83886090"}, move: []string{"pack:ship", "83886091:mend"}, terminate: []string{"review", "83886092"},
		vars: []string{"note=hurry"}, reason: "packed by hand",
	}
	body, err := m.body()
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(body)
	want := `{"activateInstructions":[{"ancestorElementInstanceKey":"83886090","elementId":"ship","variableInstructions":[{"variables":{"note":"hurry"}}]}],` +
		`"moveInstructions":[{"ancestorScopeInstruction":{"ancestorScopeType":"inferred"},"sourceElementInstruction":{"sourceElementId":"pack","sourceType":"byId"},"targetElementId":"ship"},` +
		`{"ancestorScopeInstruction":{"ancestorScopeType":"inferred"},"sourceElementInstruction":{"sourceElementInstanceKey":"83886091","sourceType":"byKey"},"targetElementId":"mend"}],` +
		`"reason":"packed by hand","terminateInstructions":[{"elementId":"review"},{"elementInstanceKey":"83886092"}]}`
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, wrong := range []modification{{move: []string{"pack"}}, {move: []string{":ship"}}, {terminate: []string{"a"}, vars: []string{"x=1"}}, {vars: []string{"x"}}} {
		if _, err := wrong.body(); err == nil {
			t.Errorf("%v is taken", wrong)
		}
	}
}
