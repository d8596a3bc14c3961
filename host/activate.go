package host

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/internal/canon"
	"tallystick/query"
)

// jobsMax is how many jobs one activation brings at most.
const jobsMax = 1000

// Activate locks jobs for a worker. Without a job it waits for one: commits of this node wake it, those of
// other nodes are seen by polling. A client that is gone gets no jobs.
func (h *Host) Activate(ctx context.Context, by Actor, a Activation) ([]Job, error) {
	if a.Type == "" || a.Max < 1 || a.Timeout <= 0 {
		return nil, ErrActivation.With("type, a positive maximum and a positive timeout are needed")
	}
	a.Max = min(a.Max, jobsMax)
	waited, stop := context.WithTimeout(ctx, max(a.Wait, 0))
	defer stop()
	for {
		w := h.jobs.enter(a.Type)
		jobs, err := h.activate(ctx, by, a)
		if len(jobs) == 0 && err == nil && h.awaitFor(waited, w, cmp.Or(a.patience, h.opts.PollMax)) {
			h.jobs.leave(a.Type, w)
			continue
		}
		h.pass(a, w, len(jobs))
		h.opts.Meter.Activated(a.Type, len(jobs))
		if ctx.Err() != nil {
			h.giveBack(ctx, by, jobs)
			return nil, ErrTimeout.With("the client is gone")
		}
		return jobs, err
	}
}

// await waits for a ring or for the next poll; false when the waiting is over.
func (h *Host) await(ctx context.Context, w *waiter) bool { return h.awaitFor(ctx, w, h.opts.PollMax) }

func (h *Host) awaitFor(ctx context.Context, w *waiter, poll time.Duration) bool {
	t := time.NewTimer(h.random.spread(poll))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-h.leaving:
		return false
	case <-w.woken:
	case <-t.C:
	}
	return true
}

// pass gives a ring that was spent on this waiter, or the rest of a full catch, to the next one.
func (h *Host) pass(a Activation, w *waiter, taken int) {
	if rung := !h.jobs.leave(a.Type, w); rung || taken == a.Max {
		h.jobs.ring(a.Type, 1)
	}
}

// activate looks once. What the actor sees is found anew when rights moved meanwhile.
func (h *Host) activate(ctx context.Context, by Actor, a Activation) ([]Job, error) {
	stream := h.streamWork(a.Worker)
	for range h.opts.AttemptsMax {
		if err := h.open(ctx); err != nil {
			return nil, err
		}
		policy := h.authorizer.Version() // before what is seen, which may be newer: then the store knows better
		see := h.authorizer.Access(by, ActionJobFetch)
		if !see.All && len(see.Definitions) == 0 {
			return nil, nil
		}
		jobs, err := h.lockJobs(ctx, by, a, see, policy, stream)
		if _, lost := errors.AsType[*Moved](err); !lost {
			return jobs, err
		}
	}
	return nil, ErrContended
}

func (h *Host) lockJobs(ctx context.Context, by Actor, a Activation, see query.Access, policy int64, stream string) ([]Job, error) {
	held, err := h.streams.hold(ctx, []string{stream})
	if err != nil {
		return nil, err
	}
	var linked AuditBatch
	jobs, err := ask1(ctx, h, func(ctx context.Context) ([]Job, error) {
		return h.opts.Jobs.Activate(ctx, a, h.clock.read(), see, func(jobs []Job) (AuditBatch, error) {
			linked = link(h.random, held, []note{h.activationNote(by, policy, stream, jobs)})
			return linked, nil
		})
	})
	switch {
	case err != nil:
		h.streams.release(held, nil)
	case len(jobs) == 0:
		h.streams.keep(held)
	default:
		h.streams.release(held, linked.Streams)
	}
	return jobs, err
}

func (h *Host) activationNote(by Actor, policy int64, stream string, jobs []Job) note {
	e := h.entry(moment{Node: h.clock.node()}, by, "job", ActionJobFetch)
	judged(&e, Verdict{Policy: policy})
	e.Resource = audit.Given("type:" + jobs[0].Type)
	keys := make([]canon.JSON, len(jobs))
	for i, j := range jobs {
		keys[i] = canon.String(strconv.FormatInt(j.Key, 10))
	}
	return note{stream: stream, draft: draft{entry: e, private: []byte(canon.Object(map[string]canon.JSON{"jobs": canon.List(keys)}))}}
}

// streamWork is the stream of one worker name on this node. Names come from clients: what is not a plain
// character is replaced, which at worst lets two workers share a stream.
func (h *Host) streamWork(worker string) string {
	plain := func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.:", r) {
			return r
		}
		return '_'
	}
	return "work/default/" + h.opts.Node + "/" + strings.Map(plain, worker[:min(len(worker), 64)])
}

// giveBack ends the locks of jobs that nobody is there to take, unless they ran out and somebody else has the job by now.
func (h *Host) giveBack(ctx context.Context, by Actor, jobs []Job) {
	ctx = context.WithoutCancel(ctx)
	for _, j := range jobs {
		if err := h.extend(ctx, by, JobLock{Job: j.Key, Lease: j.Lease}, j.Worker, Target{}); err != nil {
			h.opts.Log.WarnContext(ctx, "a job stays locked for a client that is gone", slog.Int64("job", j.Key), slog.Any("err", err))
			continue
		}
		h.jobs.ring(j.Type, 1)
	}
}

// Extend moves the time limit of a locked job; engine.ErrJobNotFound when the job is not open, ErrNotLocked when no
// worker has it. Workers that keep their locks alive write nothing else by it; a time limit that is changed together
// with retries or priority is an engine.UpdateJob.
func (h *Host) Extend(ctx context.Context, by Actor, l JobLock) error {
	if l.Timeout < 0 {
		return ErrActivation.With("the timeout is negative")
	}
	info, ok, err := ask2(ctx, h, func(ctx context.Context) (JobInfo, bool, error) { return h.opts.Jobs.JobInfo(ctx, l.Job) })
	if err != nil {
		return err
	}
	if !ok {
		return engine.ErrJobNotFound
	}
	on := Target{Scope: "def:" + info.ProcessID}
	if err := h.require(ctx, by, ActionJobUpdate, on); err != nil {
		return err
	}
	switch {
	case l.Lease != 0 && l.Lease != info.Lease:
		return ErrLease
	case !info.Locked:
		return ErrNotLocked
	}
	return h.extend(ctx, by, l, info.Worker, on)
}

// extend moves a lock by the right of the actor, or of the host itself when on is nothing.
func (h *Host) extend(ctx context.Context, by Actor, l JobLock, worker string, on Target) error {
	stream := h.streamWork(worker)
	for range h.opts.AttemptsMax {
		v := Verdict{Allowed: true, Policy: h.authorizer.Version()}
		if on.Scope != "" {
			v = h.authorizer.Allow(by, ActionJobUpdate, on)
		}
		if !v.Allowed { // the right was taken meanwhile
			return denied(v, ActionJobUpdate, on.Scope)
		}
		found, err := h.moveLock(ctx, by, v, l, stream)
		again, err := h.lostLock(ctx, err, by, on)
		switch {
		case again:
		case err == nil && !found:
			return engine.ErrJobNotFound
		default:
			return err
		}
	}
	return ErrContended
}

// lostLock is lost, for the host itself too.
func (h *Host) lostLock(ctx context.Context, err error, by Actor, on Target) (bool, error) {
	if on.Scope != "" {
		return h.lost(ctx, err, by, ActionJobUpdate, on)
	}
	moved, lost := errors.AsType[*Moved](err)
	if lost && moved.Policy {
		if err := h.open(ctx); err != nil {
			return false, err
		}
	}
	return lost, err
}

func (h *Host) moveLock(ctx context.Context, by Actor, v Verdict, l JobLock, stream string) (bool, error) {
	held, err := h.streams.hold(ctx, []string{stream})
	if err != nil {
		return false, err
	}
	e := h.entry(moment{Node: h.clock.node()}, by, "job", ActionJobUpdate)
	judged(&e, v)
	e.Job, e.Instance = audit.Given(l.Job), audit.Given(engine.InstanceOf(l.Job))
	private := map[string]canon.JSON{"timeoutMillis": canon.Int(l.Timeout.Milliseconds())}
	if l.Reason != "" {
		private["reason"] = canon.String(l.Reason)
	}
	linked := link(h.random, held, []note{{stream: stream, draft: draft{entry: e, private: []byte(canon.Object(private))}}})
	found, err := ask1(ctx, h, func(ctx context.Context) (bool, error) { return h.opts.Jobs.Extend(ctx, l, h.clock.read(), linked) })
	switch {
	case err != nil:
		h.streams.release(held, nil)
	case !found:
		h.streams.keep(held)
	default:
		h.streams.release(held, linked.Streams)
	}
	return found, err
}
