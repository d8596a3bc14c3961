package main

import (
	"encoding/json"
	"testing"
)

// TestMigrationBody writes what the server reads from what people type.
func TestMigrationBody(t *testing.T) {
	t.Parallel()
	m := migration{to: "83886080", mapping: []string{"pack=wrap", "ship=send"}, equalIDs: true, reason: "a new law"}
	body, err := m.body()
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(body)
	want := `{"dryRun":false,"equalIds":true,"mappingInstructions":[{"sourceElementId":"pack","targetElementId":"wrap"},` +
		`{"sourceElementId":"ship","targetElementId":"send"}],"reason":"a new law","targetProcessDefinitionKey":"83886080"}`
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, wrong := range []migration{{}, {to: "claim"}, {to: "7", mapping: []string{"a"}}, {to: "7", mapping: []string{"=b"}}, {to: "7", mapping: []string{"a="}}} {
		if _, err := wrong.body(); err == nil {
			t.Errorf("%v is taken", wrong)
		}
	}
}
