package host_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tallystick/audit"
	"tallystick/host"
	"tallystick/host/hosttest"
)

// tardy is a store whose commit of messages and signals arrives after the node has looked for it in vain.
type tardy struct {
	*hosttest.Store
	mu   sync.Mutex
	late func() error
	hit  bool
	with string // the read before which it arrives
}

func (s *tardy) Commit(ctx context.Context, b host.Batch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range b.Audit.Entries {
		if e.Entry.Stream == "msg/default/n1" && !s.hit {
			s.hit, s.late = true, func() error { return s.Store.Commit(context.WithoutCancel(ctx), b) }
			return hosttest.ErrUnknown
		}
	}
	return s.Store.Commit(ctx, b)
}

func (s *tardy) arrive(read string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	late := s.late
	if late == nil || read != s.with {
		return nil
	}
	s.late = nil
	return late()
}

func (s *tardy) Load(ctx context.Context, keys []int64) (host.Loaded, error) {
	if err := s.arrive("load"); err != nil {
		return host.Loaded{}, err
	}
	return s.Store.Load(ctx, keys)
}

// Outcomes does not answer any more once the outcome of the commit is open.
func (s *tardy) Outcomes(ctx context.Context, ids []string) (map[string]host.Outcome, error) {
	if s.hit {
		return nil, hosttest.ErrUnavailable
	}
	return s.Store.Outcomes(ctx, ids)
}

func (s *tardy) Heads(ctx context.Context, streams []string) (map[string]audit.Head, error) {
	if err := s.arrive("heads"); err != nil {
		return nil, err
	}
	return s.Store.Heads(ctx, streams)
}

// TestLateCommitOfAMessageIsRecognized gives a message, and a signal, to a store whose commit arrives while the node
// tries again: it is there once, and the caller is told so.
func TestLateCommitOfAMessageIsRecognized(t *testing.T) {
	for name, act := range map[string]func(context.Context, *host.Host) error{
		"message": func(ctx context.Context, h *host.Host) error {
			_, err := h.Publish(ctx, ann, paid(7, time.Hour))
			return err
		},
		"message with an id": func(ctx context.Context, h *host.Host) error {
			p := paid(7, time.Hour)
			p.ID = "once"
			_, err := h.Publish(ctx, ann, p)
			return err
		},
		"message with a key": func(ctx context.Context, h *host.Host) error {
			p := paid(7, time.Hour)
			p.Key = "once"
			_, err := h.Publish(ctx, ann, p)
			return err
		},
		"signal": func(ctx context.Context, h *host.Host) error {
			_, err := h.Broadcast(ctx, ann, host.Signal{Name: "alarm"})
			return err
		},
	} {
		for _, read := range []string{"load", "heads"} {
			t.Run(name+" before "+read, func(t *testing.T) { synctest.Test(t, func(t *testing.T) { arrivesLate(t, read, act) }) })
		}
	}
}

func arrivesLate(t *testing.T, read string, act func(context.Context, *host.Host) error) {
	t.Helper()
	o := options(hosttest.New())
	s := &tardy{Store: o.Store.(*hosttest.Store), with: read}
	o.Store = s
	h, err := host.New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	if err := act(ctx, h); err != nil {
		t.Errorf("the caller was told %v", err)
	}
	n := 0
	for _, row := range s.Entries() {
		if row.Entry.Stream == "msg/default/n1" {
			n++
		}
	}
	if n != 1 || !s.hit {
		t.Errorf("it is in the log %d times", n)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
