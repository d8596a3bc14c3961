package api

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tallystick/fault"
)

// ReadyCheck is one thing that must be right before a node is given work.
type ReadyCheck struct {
	Name string // one word, shown to everybody
	// Every is how long an answer is good for, so that strangers who ask cannot keep the node busy; 0 asks
	// every time.
	Every time.Duration
	// Run tells what is wrong, for the log. It is left alone after CheckMax.
	Run func(context.Context) error
}

// CheckMax is how long one check may take before it has failed.
const CheckMax = 2 * time.Second

var errCheckLate = errors.New("there was no answer in time")

// readiness asks all checks side by side.
type readiness struct {
	checks   []*checker
	draining atomic.Bool
}

func newReadiness(checks []ReadyCheck, log *slog.Logger) *readiness {
	r := &readiness{}
	for _, c := range checks {
		r.checks = append(r.checks, &checker{ReadyCheck: c, log: log})
	}
	return r
}

// checkDrain is the name of the check that fails from the moment a node is told to stop.
const checkDrain = "draining"

// ask tells of each check whether it passed, and nil or ErrNotReady with the names of those that did not.
func (r *readiness) ask(ctx context.Context) (map[string]string, error) {
	if r.draining.Load() {
		return nil, notReady(checkDrain)
	}
	ctx, cancel := context.WithTimeout(ctx, CheckMax)
	defer cancel()
	failed := make([]bool, len(r.checks))
	var all sync.WaitGroup
	for i, c := range r.checks {
		all.Go(func() { failed[i] = c.ask(ctx) != nil })
	}
	all.Wait()
	passed, wrong := map[string]string{}, []string(nil)
	for i, c := range r.checks {
		passed[c.Name] = "ok"
		if failed[i] {
			wrong = append(wrong, c.Name)
		}
	}
	if len(wrong) > 0 {
		return nil, notReady(wrong...)
	}
	return passed, nil
}

// notReady names the checks that failed; why they did is in the log.
func notReady(names ...string) error {
	e := ErrNotReady.With("not ready: %s", strings.Join(names, ", "))
	for _, name := range names {
		e.Details = append(e.Details, fault.Detail{Field: name, Severity: "error", Code: ErrNotReady.Code, Message: "the check failed"})
	}
	return e
}

// checker runs a check at most once at a time and remembers its answer.
type checker struct {
	ReadyCheck
	log *slog.Logger

	mu      sync.Mutex
	at      time.Time // of the answer; zero before the first
	err     error
	running chan struct{} // closed when the running check has answered; nil when none runs
}

// ask returns the remembered answer, or waits for a new one until ctx ends. A check that never returns
// holds one goroutine, however often it is asked for.
func (c *checker) ask(ctx context.Context) error {
	c.mu.Lock()
	if c.running == nil && !c.at.IsZero() && time.Since(c.at) < c.Every {
		defer c.mu.Unlock()
		return c.err
	}
	if c.running == nil {
		c.running = make(chan struct{})
		go c.run(context.WithoutCancel(ctx), c.running)
	}
	done := c.running
	c.mu.Unlock()
	select {
	case <-done:
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.err
	case <-ctx.Done():
		return errCheckLate
	}
}

// run asks, and writes to the log when the answer is another than before.
func (c *checker) run(ctx context.Context, done chan struct{}) {
	defer close(done)
	bounded, cancel := context.WithTimeout(ctx, CheckMax)
	defer cancel()
	err := c.Run(bounded)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err != nil && c.err == nil:
		c.log.WarnContext(ctx, "a readiness check fails", slog.String("check", c.Name), slog.Any("err", err))
	case err == nil && c.err != nil:
		c.log.InfoContext(ctx, "a readiness check passes again", slog.String("check", c.Name))
	}
	c.at, c.err, c.running = time.Now(), err, nil
}
