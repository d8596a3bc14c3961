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
	c, p := behindProxy(t)
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

// behindProxy starts one server whose database is behind a proxy.
func behindProxy(t *testing.T) (*Client, *Proxy) {
	t.Helper()
	p, dsn := between(t, pgtest.Start(t))
	server := node(t, "node-1", dsn)
	_, err := server.Start(t.Context())
	must(t, err)
	token, err := Prepare(t.Context(), server.Address(), nowhere)
	must(t, err)
	c := NewClient([]string{server.Address()}, token, 0)
	t.Cleanup(c.Close)
	return c, p
}

// lateTries is how often the moment of a late COMMIT is drawn: it has to fall between two looks of the node.
const lateTries = 80

// TestLateCommitIsNotHeldAgainstTheCaller delays a lost COMMIT by a few milliseconds and lets the node find out by
// itself. Whoever completed a task must not be told that there is no such task, because the completion is already
// there when the node looks again.
func TestLateCommitIsNotHeldAgainstTheCaller(t *testing.T) {
	t.Parallel()
	_, random := seed(t)
	c, p := behindProxy(t)
	wrong := map[bool]int{} // with and without idempotency key
	for try := range lateTries {
		task := oneTask(t, c)
		complete := Call{Method: http.MethodPost, Path: "/v2/user-tasks/" + task + "/completion"}
		if try%2 == 0 {
			complete.Key = "complete-" + task
		}
		told := make(chan Answer, 1)
		go func() { told <- c.Do(t.Context(), complete) }()
		deliver, ok := p.CutAndDelayCommit(t.Context(), 10*time.Second)
		pause(t.Context(), time.Duration(random.IntN(12_000))*time.Microsecond)
		deliver()
		a := <-told
		if !ok {
			t.Fatal("no COMMIT was seen")
		}
		if a.Outcome() == Refused && !a.Passing() {
			wrong[complete.Key != ""]++
		}
	}
	if len(wrong) > 0 {
		t.Errorf("refused for what they had done themselves: %d of %d callers with an idempotency key, %d of %d without",
			wrong[true], lateTries/2, wrong[false], lateTries/2)
	}
}

// oneTask starts an instance and returns the key of its user task.
func oneTask(t *testing.T, c *Client) string {
	t.Helper()
	a := c.Patient(t.Context(), Call{Method: http.MethodPost, Path: "/v2/process-instances", Body: map[string]any{"processDefinitionId": "ordeal-task"}})
	rows, err := everything[struct{ UserTaskKey string }](t.Context(), c, "/v2/user-tasks/search", map[string]any{"processInstanceKey": instanceKey(a)})
	must(t, err)
	if len(rows) != 1 {
		t.Fatalf("instance %s has %d tasks", instanceKey(a), len(rows))
	}
	return rows[0].UserTaskKey
}
