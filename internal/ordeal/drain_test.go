package ordeal

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tallystick/internal/pgtest"
)

// TestSecondProcessOnOneFileIsRefused starts a second server on the file of a running one.
func TestSecondProcessOnOneFileIsRefused(t *testing.T) {
	t.Parallel()
	file := "sqlite:" + filepath.Join(t.TempDir(), "one.db")
	first, second := node(t, "node-1", file), node(t, "node-2", file)
	_, err := first.Start(t.Context())
	must(t, err)
	must(t, second.Spawn())
	err = <-second.ended
	second.process = nil
	log, readErr := os.ReadFile(second.LogPath())
	must(t, readErr)
	if err == nil || !strings.Contains(string(log), `another process has the database ("one.db.lock")`) {
		t.Errorf("the second server ended with %v and said %q", err, log)
	}
	if !first.Ready(t.Context()) {
		t.Error("the first server suffered")
	}
}

// TestSIGTERMAnswersWhatIsInFlight ends a server under load: every call that it took is answered, also one that
// waits for jobs, and the process ends with code 0.
func TestSIGTERMAnswersWhatIsInFlight(t *testing.T) {
	t.Parallel()
	drained(t, 2*time.Second)
}

// TestSIGTERMAnswersLongPolls does the same with a poll that would wait for longer than a server takes to stop.
func TestSIGTERMAnswersLongPolls(t *testing.T) {
	t.Parallel()
	drained(t, 30*time.Second)
}

// drained sends SIGTERM to a server on each database while clients call without pause and one waits for jobs.
func drained(t *testing.T, poll time.Duration) {
	t.Helper()
	for name, open := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "drain.db") },
		"postgres": func(t *testing.T) string { return pgtest.Start(t) },
	} {
		t.Run(name, func(t *testing.T) {
			server := node(t, "node-1", open(t))
			_, err := server.Start(t.Context())
			must(t, err)
			token, err := Prepare(t.Context(), server.Address(), nowhere)
			must(t, err)
			polled := make(chan Answer, 1)
			go func() { polled <- await(t.Context(), server, token, poll) }()
			calls := &crowd{server: server, token: token}
			calls.begin(t.Context())
			pause(t.Context(), 300*time.Millisecond)
			begin := time.Now()
			if err := server.End(syscall.SIGTERM); err != nil {
				t.Errorf("the server ended with %v", err)
			}
			took := time.Since(begin)
			calls.all.Wait()
			calls.neverTaken(t)
			if calls.answered == 0 {
				t.Error("no call was answered before SIGTERM")
			}
			if a := <-polled; a.Outcome() != Done {
				t.Errorf("the long poll was answered with %d %s %v", a.Status, a.Code, a.Err)
			}
			t.Logf("SUMMARY SIGTERM: %d calls answered, %d met a closing connection, stopped after %s", calls.answered, len(calls.cut), took.Round(time.Millisecond))
		})
	}
}

// await waits for a job that never comes.
func await(ctx context.Context, server *Node, token string, wait time.Duration) Answer {
	c := NewClient([]string{server.Address()}, token, 0)
	defer c.Close()
	return c.Do(context.WithoutCancel(ctx), Call{Method: http.MethodPost, Path: "/v2/jobs/activation", Body: map[string]any{
		"type": "nobody:makes", "worker": "w", "timeout": 1000, "maxJobsToActivate": 1, "requestTimeout": wait.Milliseconds(),
	}})
}

// crowd are clients that start instances without pause until the server takes no more.
type crowd struct {
	server *Node
	token  string
	all    sync.WaitGroup

	mu       sync.Mutex
	answered int
	cut      []string // ids of calls without an answer
}

func (c *crowd) begin(ctx context.Context) {
	for i := range contenders {
		c.all.Go(func() {
			client := NewClient([]string{c.server.Address()}, c.token, 0)
			defer client.Close()
			for n := 0; ; n++ {
				id := fmt.Sprintf("drain-%d-%d", i, n)
				a := client.Do(context.WithoutCancel(ctx), Call{
					Method: http.MethodPost, Path: "/v2/process-instances", Key: id,
					Body: map[string]any{"processDefinitionId": "ordeal", "businessId": id},
				})
				if !c.count(id, a) {
					return
				}
			}
		})
	}
}

// count notes an answer; false when the server takes no more calls.
func (c *crowd) count(id string, a Answer) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch a.Outcome() {
	case Done:
		c.answered++
		return true
	case Unknown:
		c.cut = append(c.cut, id)
	case Refused:
	}
	return false
}

// neverTaken starts the server again and demands that calls without an answer had not been taken: one that is sent
// at the moment in which the server closes an idle connection cannot be answered, and must not be carried out.
func (c *crowd) neverTaken(t *testing.T) {
	t.Helper()
	_, err := c.server.Start(t.Context())
	must(t, err)
	client := NewClient([]string{c.server.Address()}, c.token, 0)
	defer client.Close()
	for _, id := range c.cut {
		rows, err := everything[instanceRow](t.Context(), client, "/v2/process-instances/search", map[string]any{"businessId": id})
		must(t, err)
		if len(rows) > 0 {
			t.Errorf("call %s was carried out and not answered", id)
		}
	}
}
