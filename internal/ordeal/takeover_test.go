package ordeal

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"tallystick/internal/pgtest"
)

// TestTakeoverOfJobs kills one of two nodes while both carry out HTTP jobs, and measures how long it takes until each
// job of the dead one is carried out by a node that lives.
func TestTakeoverOfJobs(t *testing.T) {
	n := rounds(t, "TAKEOVERS", 1)
	_, random := seed(t)
	dsn := pgtest.Start(t)
	catcher, err := NewCatcher()
	must(t, err)
	t.Cleanup(catcher.Close)
	allow := []string{"--allow-http", catcher.Address()}
	nodes := []*Node{node(t, "node-1", dsn, allow...), node(t, "node-2", dsn, allow...)}
	for _, n := range nodes {
		_, err := n.Start(t.Context())
		must(t, err)
	}
	token, err := Prepare(t.Context(), nodes[0].Address(), catcher.URL())
	must(t, err)
	c := NewClient([]string{nodes[0].Address(), nodes[1].Address()}, token, 0)
	defer c.Close()
	for round := 1; round <= n && !t.Failed(); round++ {
		probe(t, token, nodes, catcher)
		disturb(t, nodes[random.IntN(2)])
		catcher.Release()
		for begin := time.Now(); catcher.Orphans() > 0 && time.Since(begin) < 5*takeoverMax; {
			pause(t.Context(), 20*time.Millisecond)
		}
	}
	took := catcher.Takeovers()
	t.Logf("SUMMARY takeover of the HTTP jobs of a dead node: %d rounds; %s", n, took)
	if len(took) == 0 || catcher.Orphans() > 0 || took.Above(takeoverMax) > 0 {
		t.Errorf("%d jobs were taken over, %d of them after more than %s, and %d not at all", len(took), took.Above(takeoverMax), takeoverMax, catcher.Orphans())
	}
	waitFor(t, "the end of every instance", func() bool {
		left, err := everything[instanceRow](t.Context(), c, "/v2/process-instances/search", map[string]any{"state": "ACTIVE"})
		must(t, err)
		return len(left) == 0
	})
}

// probesEach is how many instances each node starts, and so how many jobs it may have in hand when it dies.
const probesEach = 4

// probe starts instances at each node and waits until all their HTTP jobs are being carried out.
func probe(t *testing.T, token string, nodes []*Node, catcher *Catcher) {
	t.Helper()
	for _, n := range nodes {
		own := NewClient([]string{n.Address()}, token, 0)
		for range probesEach {
			a := own.Patient(t.Context(), Call{
				Method: http.MethodPost, Path: "/v2/process-instances", Body: map[string]any{"processDefinitionId": "ordeal-call"},
			})
			if a.Outcome() != Done {
				t.Fatalf("start: %d %s %v", a.Status, a.Body, a.Err)
			}
		}
		own.Close()
	}
	waitFor(t, fmt.Sprintf("%d calls", len(nodes)*probesEach), func() bool { return catcher.Held() == len(nodes)*probesEach })
}
