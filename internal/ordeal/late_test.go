package ordeal

import (
	"net/http"
	"testing"
	"time"

	"tallystick/internal/pgtest"
)

// TestLateCommitIsNotRefused delays a COMMIT whose connection is cut. The node looks for the outcome, finds nothing
// yet and tries again; that attempt is cut as well, before its COMMIT. Then the first COMMIT arrives: the client
// must not have been told that nothing was changed.
func TestLateCommitIsNotRefused(t *testing.T) {
	t.Parallel()
	knownDefect(t, "a batch whose COMMIT was lost and whose next attempt fails is answered with 503 store.unavailable, "+
		"although the COMMIT may still arrive; only 504 host.unknown or 503 store.unknown would be true")
	p, dsn := between(t, pgtest.Start(t))
	server := node(t, "node-1", dsn)
	_, err := server.Start(t.Context())
	must(t, err)
	token, err := Prepare(t.Context(), server.Address(), nowhere)
	must(t, err)
	c := NewClient([]string{server.Address()}, token, 0)
	defer c.Close()
	start := Call{Method: http.MethodPost, Path: "/v2/process-instances", Key: "late", Body: map[string]any{"processDefinitionId": "ordeal", "businessId": "late"}}
	c.Patient(t.Context(), Call{Method: http.MethodPost, Path: "/v2/process-instances", Body: map[string]any{"processDefinitionId": "ordeal"}})
	told := make(chan Answer, 1)
	go func() { told <- c.Do(t.Context(), start) }()
	deliver, ok := p.CutAndDelayCommit(t.Context(), 10*time.Second)
	pause(t.Context(), 500*time.Millisecond) // the node is in its second attempt, behind the locks of the first
	p.Cut()
	a := <-told
	deliver()
	if !ok {
		t.Fatal("no COMMIT was seen")
	}
	there := func() int {
		rows, err := everything[instanceRow](t.Context(), c, "/v2/process-instances/search", map[string]any{"businessId": "late"})
		must(t, err)
		return len(rows)
	}
	waitFor(t, "the late commit", func() bool { return there() == 1 })
	if a.Outcome() == Refused {
		t.Errorf("the client was told %d %s, which promises that nothing was changed, and the instance is there", a.Status, a.Code)
	}
	again := c.Patient(t.Context(), start)
	if again.Outcome() != Done || there() != 1 {
		t.Errorf("asked again, the answer is %d %s; there are %d instances", again.Status, again.Code, there())
	}
}
