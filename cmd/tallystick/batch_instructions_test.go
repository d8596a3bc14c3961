package main

import (
	"encoding/json"
	"testing"
)

// TestBatchInstructions writes what the server reads from what people type.
func TestBatchInstructions(t *testing.T) {
	t.Parallel()
	moves, err := batchMoves([]string{"pack:ship", "mend:send"})
	if err != nil {
		t.Fatal(err)
	}
	same := func(in any, want string) {
		t.Helper()
		if got, _ := json.Marshal(in); string(got) != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
	same(moves, `[{"sourceElementId":"pack","targetElementId":"ship"},{"sourceElementId":"mend","targetElementId":"send"}]`)
	plan, err := migration{to: "83886080", mapping: []string{"pack=wrap"}, equalIDs: true}.plan()
	if err != nil {
		t.Fatal(err)
	}
	same(plan, `{"equalIds":true,"mappingInstructions":[{"sourceElementId":"pack","targetElementId":"wrap"}],"targetProcessDefinitionKey":"83886080"}`)
	for _, wrong := range [][]string{nil, {"pack"}, {":ship"}, {"pack:"}} {
		if _, err := batchMoves(wrong); err == nil {
			t.Errorf("%v is taken", wrong)
		}
	}
	chosen, err := selection{process: "claim", version: 2, incident: true, dryRun: true, reason: "a recall"}.body()
	if err != nil {
		t.Fatal(err)
	}
	same(chosen, `{"dryRun":true,"filter":{"hasIncident":true,"processDefinitionId":"claim","processDefinitionVersion":2},"reason":"a recall"}`)
	if _, err := (selection{}).body(); err == nil {
		t.Error("a batch operation without a process is taken")
	}
}
