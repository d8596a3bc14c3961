package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"tallystick/engine"
	"tallystick/fault"
)

// runWorker feeds the jobs of one type to an in-process worker, WorkerMax at a time, until ctx ends; then
// it gives running jobs DrainMax.
func (h *Host) runWorker(ctx context.Context, jobType string, w Worker) {
	by := System("worker:" + jobType)
	slots := make(chan struct{}, h.opts.WorkerMax)
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var running sync.WaitGroup
	for {
		free := takeSlots(ctx, slots)
		if free == 0 {
			break
		}
		jobs := h.activateFor(ctx, by, jobType, free)
		for range free - len(jobs) {
			<-slots
		}
		for _, j := range jobs {
			running.Go(func() {
				defer func() { <-slots }()
				h.work(work, ctx, by, w, j)
			})
		}
	}
	defer time.AfterFunc(h.opts.DrainMax, stop).Stop()
	running.Wait()
}

// takeSlots waits for one free slot and takes all that are free; 0 when ctx ended.
func takeSlots(ctx context.Context, slots chan struct{}) int {
	select {
	case <-ctx.Done():
		return 0
	case slots <- struct{}{}:
	}
	n := 1
	for {
		select {
		case slots <- struct{}{}:
			n++
		default:
			return n
		}
	}
}

func (h *Host) activateFor(ctx context.Context, by Actor, jobType string, free int) []Job {
	jobs, err := h.Activate(ctx, by, Activation{
		Type: jobType, Worker: h.opts.Node, Max: free, Timeout: h.opts.WorkerLock, Wait: time.Minute,
	})
	if err != nil && ctx.Err() == nil {
		h.opts.Log.WarnContext(ctx, "jobs could not be activated", slog.Any("type", jobType), slog.Any("err", err))
		sleep(ctx, h.random.spread(h.opts.PollMax))
	}
	return jobs
}

// work does one job and reports what came of it. While the host runs, its report is repeated until the
// lock runs out; then somebody else has the job.
func (h *Host) work(ctx, host context.Context, by Actor, w Worker, j Job) {
	ctx, cancel := context.WithTimeout(ctx, h.opts.WorkerLock)
	defer cancel()
	result, err := attempt(ctx, w, j)
	if err != nil && host.Err() != nil && ctx.Err() != nil {
		return // cut off by the stop: the lock runs out and another attempt follows
	}
	c := Call{Instance: j.Instance, Command: h.report(j, result, err)}
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, h.opts.PollMax) {
		_, err := h.Do(context.WithoutCancel(ctx), by, c)
		if kind := fault.KindOf(err); err == nil || kind == fault.NotFound {
			return
		} else if kind != fault.Overloaded && kind != fault.Timeout {
			h.opts.Log.ErrorContext(ctx, "a job could not be reported", slog.Any("job", j.Key), slog.Any("type", j.Type), slog.Any("err", err))
			return
		}
		if !sleep(ctx, h.random.spread(pause)) {
			return
		}
	}
}

// report turns what the worker said into a command.
func (h *Host) report(j Job, r Result, err error) engine.Command {
	if err == nil {
		return engine.CompleteJob{Job: j.Key, Variables: r.Variables, Prediction: r.Prediction}
	}
	if thrown, ok := errors.AsType[*JobError](err); ok {
		return engine.ThrowJobError{Job: j.Key, Code: thrown.Code, Message: thrown.Message, Variables: thrown.Variables}
	}
	left := max(0, j.Retries-1)
	if hopeless(err) {
		left = 0
	}
	return engine.FailJob{Job: j.Key, Retries: left, Message: printable(err.Error()), Backoff: h.backoff(left)}
}

// printable makes the text of an error fit for records: it may quote bytes that no database keeps.
func printable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// hopeless reports whether trying again cannot help: the job itself is wrong, or the way is barred.
func hopeless(err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound, fault.Denied:
		return true
	}
	return false
}

// backoff doubles as the retries run out. It follows from the retries alone, so it is the same on every
// node and after a restart.
func (h *Host) backoff(retriesLeft int) time.Duration {
	if retriesLeft == 0 {
		return 0
	}
	const steps = 5
	return h.random.spread(h.opts.WorkerBackoff << max(0, steps-retriesLeft-2))
}

// attempt calls the worker; a panic is its failure.
func attempt(ctx context.Context, w Worker, j Job) (r Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			r, err = Result{}, fmt.Errorf("the worker panicked: %v", p)
		}
	}()
	return w.Work(ctx, j)
}
