package host

import (
	"cmp"
	"context"
	"time"

	"tallystick/engine"
)

// followMax is how many follow-up calls one call may have in its batch; what is left goes the way of other
// jobs. calculationMax is how long one calculation may think.
const (
	followMax      = 1000
	calculationMax = time.Second
)

// followUp carries out what calculations make of the jobs that a call created, and of the jobs that these
// create: in the same batch, each as a command of its own with its own audit entry.
func (b *batch) followUp(ctx context.Context, g *group) {
	for n := 0; n < followMax && len(g.result.follow) > 0; n++ {
		p := g.result.follow[0]
		g.result.follow = g.result.follow[1:]
		b.step(ctx, g, p) // when it fails the job is still there, for the crew
	}
	g.result.follow = nil
}

// calculate asks the calculations for the results of new jobs.
func (b *batch) calculate(ctx context.Context, g *group, a accepted) {
	for _, rec := range a.records {
		created, ok := rec.(engine.JobCreated)
		if !ok {
			continue
		}
		c := b.host.crews[created.Type]
		if c == nil || !c.calculates {
			continue
		}
		g.result.library = true
		if b.library.JobsSuspended(created.Type) {
			continue
		}
		// A job that ended within the same command asks for nothing.
		if _, open := a.after.Job(created.Key); !open {
			continue
		}
		if p := c.calculate(ctx, jobOf(g.key, created, a)); p != nil {
			g.result.follow = append(g.result.follow, p)
		}
	}
}

// calculate does a job on the spot; nil leaves it to be done, and tried again, like others.
func (c *crew) calculate(ctx context.Context, j Job) *pending {
	ctx, cancel := context.WithTimeout(ctx, calculationMax)
	defer cancel()
	result, err := attempt(ctx, c.worker, j)
	if err != nil {
		if _, thrown := asJobError(err); !thrown {
			return nil
		}
	}
	call := Call{Instance: j.Instance, Command: c.host.report(j, result, err)}
	d, _ := dutyOf(c.by, call.Command)
	return c.host.pend(c.by, call, d)
}

// jobOf is a new job as a worker gets it.
func jobOf(instance int64, r engine.JobCreated, a accepted) Job {
	vars := a.after.VisibleVariables(r.ElementInstance)
	r.UserTask.Complete(vars, nil)
	return Job{
		Key: r.Key, Type: r.Type, Instance: instance, Root: a.after.Root(), Element: r.Element, ElementInstance: r.ElementInstance,
		Definition: a.process.Key, ProcessID: a.process.ID, DefinitionVersion: a.process.Version,
		Headers: r.Headers, Retries: r.Retries, Priority: r.Priority, Variables: vars, Kind: cmp.Or(r.JobKind, engine.JobElement), ListenerEvent: cmp.Or(r.ListenerEvent, engine.ListensToNothing),
		UserTask: r.UserTask,
	}
}
