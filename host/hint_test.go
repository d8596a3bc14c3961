package host_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tallystick/host"
	"tallystick/host/hosttest"
)

// wire carries hints between the nodes of a test at once.
type wire struct {
	mu    sync.Mutex
	heard []func(string)
	sent  []string
}

func (w *wire) Send(_ context.Context, hints []string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent = append(w.sent, hints...)
	for _, heard := range w.heard {
		for _, h := range hints {
			heard(h)
		}
	}
	return nil
}

func (w *wire) Listen(ctx context.Context, heard func(string)) error {
	w.mu.Lock()
	w.heard = append(w.heard, heard)
	w.mu.Unlock()
	<-ctx.Done()
	return ctx.Err()
}

// A long poll at one node learns of a job that another node made, long before it would have looked again.
func TestLongPollsAreWokenAcrossNodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, line := hosttest.New(), &wire{}
		node := func(name string) *house {
			o := options(store)
			o.Node, o.Hints, o.PollMax = name, line, time.Hour
			return open(t, o)
		}
		here, there := node("n1"), node("n2")
		here.deploy(chain("order", charge))
		began := time.Now()
		got := make(chan []host.Job, 1)
		go func() {
			jobs, err := there.Activate(t.Context(), ann, host.Activation{Type: "charge", Max: 1, Timeout: time.Minute, Wait: time.Hour})
			if err != nil {
				t.Error(err)
			}
			got <- jobs
		}()
		synctest.Wait()
		here.start("order", nil)
		if jobs := <-got; len(jobs) != 1 || time.Since(began) > time.Second {
			t.Errorf("%d jobs after %v", len(jobs), time.Since(began))
		}
		if len(line.sent) != 1 || line.sent[0] != "job:charge" {
			t.Errorf("hints %q", line.sent)
		}
	})
}
