package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"tallystick/engine"
	"tallystick/fault"
)

// do does one job; false when there is nothing to report.
func (c *crew) do(j Job) (Call, bool) {
	ctx, cancel := context.WithTimeout(c.ctx, c.host.opts.WorkerTimeout)
	defer cancel()
	result, err := attempt(ctx, c.worker, j)
	if err != nil && c.ctx.Err() != nil {
		c.drop(j.Key)
		return Call{}, false // cut off by the stop: the lock runs out and another attempt follows
	}
	return Call{Instance: j.Instance, Lease: j.Lease, Command: c.host.report(j, result, err)}, true
}

// report says what came of a job. What is refused for good fails the job without retries, so that the work is not
// done over and over; when not even that is possible, the job is set aside.
func (c *crew) report(call Call) {
	d, _ := dutyOf(c.by, call.Command)
	defer c.drop(d.key)
	err := c.say(call)
	if err == nil || settled(err) {
		return
	}
	log := c.host.opts.Log.With(slog.Int64("job", d.key), slog.Any("type", c.jobType))
	log.WarnContext(c.ctx, "the report of a job was refused", slog.Any("err", err))
	call.Command = engine.FailJob{Job: d.key, Message: "the result was refused: " + printable(err.Error())}
	if err = c.say(call); err == nil || settled(err) {
		return
	}
	log.ErrorContext(c.ctx, "a job could not be reported", slog.Any("err", err))
	c.setAside(Lease{d.key, call.Lease})
}

// settled reports whether a refusal means that there is nothing to report any more: the job is over, somebody else has
// it, or it rests with its instance, whose jobs nobody is given, or the server stops.
func settled(err error) bool {
	kind := fault.KindOf(err)
	return kind == fault.NotFound || kind == fault.Overloaded || kind == fault.Timeout ||
		errors.Is(err, ErrLease) || errors.Is(err, engine.ErrInstanceSuspended)
}

// say repeats a call while the store does not answer: the lock is renewed meanwhile, or somebody else has the job and
// the lease says so.
func (c *crew) say(call Call) error {
	h := c.host
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, h.opts.PollMax) {
		_, err := h.Do(context.WithoutCancel(c.ctx), c.by, call)
		kind := fault.KindOf(err)
		if kind != fault.Overloaded && kind != fault.Timeout || !sleep(c.ctx, h.random.spread(pause)) {
			return err
		}
	}
}

// asideFor is how long a job rests whose outcome cannot be told: its worker would do the same again.
const asideFor = 10 * time.Minute

// setAside locks a job for longer than its worker has it.
func (c *crew) setAside(l Lease) {
	h := c.host
	c.drop(l.Job) // from here on its lock is not renewed
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.ctx), h.opts.StoreTimeout)
	defer cancel()
	if err := h.opts.Jobs.Renew(ctx, []Lease{l}, h.clock.read().Add(asideFor)); err != nil {
		h.opts.Log.WarnContext(ctx, "a job could not be set aside", slog.Int64("job", l.Job), slog.Any("err", err))
	}
}

// report turns what the worker said into a command.
func (h *Host) report(j Job, r Result, err error) engine.Command {
	if err == nil {
		return engine.CompleteJob{Job: j.Key, Variables: r.Variables, Prediction: r.Prediction}
	}
	if thrown, ok := asJobError(err); ok {
		return engine.ThrowJobError{Job: j.Key, Code: thrown.Code, Message: thrown.Message, Variables: thrown.Variables}
	}
	left := max(0, j.Retries-1)
	if hopeless(err) {
		left = 0
	}
	return engine.FailJob{Job: j.Key, Retries: left, Message: printable(err.Error()), Backoff: h.backoff(left)}
}

func asJobError(err error) (*JobError, bool) { return errors.AsType[*JobError](err) }

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
