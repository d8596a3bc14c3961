package ordeal

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"tallystick/internal/pgtest"
)

// TestHistories lets eight clients fight for the same tasks, jobs and idempotency keys while nodes are killed and
// connections cut, and judges what they were told.
func TestHistories(t *testing.T) {
	seconds := rounds(t, "HISTORY_SECONDS", 2)
	t.Run("sqlite", func(t *testing.T) {
		only := node(t, "node-1", "sqlite:"+filepath.Join(t.TempDir(), "history.db"))
		contest(t, seconds, []*Node{only}, func(int) { disturb(t, only) })
	})
	t.Run("postgres", func(t *testing.T) {
		p, dsn := between(t, pgtest.Start(t))
		nodes := []*Node{node(t, "node-1", dsn), node(t, "node-2", dsn)}
		contest(t, seconds, nodes, func(turn int) {
			switch turn % 3 {
			case 0:
				disturb(t, nodes[turn/3%2])
			case 1:
				p.CutAtCommit(t.Context(), turn%2 == 0, time.Second)
			case 2:
				p.Cut()
			}
		})
	})
}

func disturb(t *testing.T, n *Node) {
	t.Helper()
	n.Kill()
	_, err := n.Start(t.Context())
	must(t, err)
}

// historySeconds is how long one contest lasts: long ones are several, so that no history grows too hard to judge.
const historySeconds = 5

func contest(t *testing.T, seconds int, nodes []*Node, harm func(turn int)) {
	t.Helper()
	seed, _ := seed(t)
	var addresses []string
	for _, n := range nodes {
		_, err := n.Start(t.Context())
		must(t, err)
		addresses = append(addresses, n.Address())
	}
	token, err := Prepare(t.Context(), addresses[0], nowhere)
	must(t, err)
	for left := seconds; left > 0; left -= historySeconds {
		c := &Contest{Nodes: addresses, Token: token, Seed: seed + uint64(left)}
		ctx, end := context.WithTimeout(t.Context(), time.Duration(min(left, historySeconds))*time.Second)
		over := make(chan struct{})
		go func() { defer close(over); c.Run(ctx) }()
		for turn := 0; pause(ctx, 700*time.Millisecond); turn++ {
			harm(turn)
		}
		<-over
		end()
		c.judge(t)
	}
}

func (c *Contest) judge(t *testing.T) {
	t.Helper()
	for _, h := range []struct {
		name    string
		history *History
		model   porcupine.Model
	}{{"user tasks", c.Tasks, TaskModel()}, {"job locks", c.Jobs, JobModel()}, {"idempotency keys", c.Calls, RepeatModel()}} {
		v := h.history.Judge(h.model)
		t.Logf("SUMMARY histories of %s: %s", h.name, v)
		none(t, h.name, v.Violations)
		if v.Operations == 0 || v.Undecided*100 > v.Things {
			t.Errorf("%s: %s: too few or too many undecided", h.name, v)
		}
	}
}
