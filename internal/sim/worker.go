package sim

import (
	"context"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/internal/canon"
)

// work is a worker outside: it fetches jobs and reports what came of them, or forgets, or comes late.
func (c *client) work(rounds int) {
	for range rounds {
		c.move("activate")
		limit := time.Duration(5+c.draw.IntN(60)) * time.Second
		jobs := c.fetch(c.anyNode(), host.Activation{
			Type: "ext", Worker: c.name, Max: 1 + c.draw.IntN(3), Timeout: limit,
			Wait: c.about(time.Duration(c.draw.IntN(2)) * 20 * time.Second),
		})
		if len(jobs) > 1 && c.draw.IntN(2) == 0 {
			jobs[0], jobs[len(jobs)-1] = jobs[len(jobs)-1], jobs[0]
			c.world.tally.meetCall(Reordered)
		}
		for _, j := range jobs {
			c.report(j, limit)
		}
	}
}

// fetch asks for jobs; those it is told of are its own.
func (c *client) fetch(n *node, a host.Activation) []host.Job {
	h, w := n.reach()
	if w.cut.Load() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), c.about(2*time.Minute))
	defer cancel()
	jobs, err := h.Activate(ctx, machine, a)
	if err != nil || w.cut.Load() {
		return nil
	}
	for _, j := range jobs {
		c.world.ledger.hear(j)
	}
	return jobs
}

// report says what came of a job.
func (c *client) report(j host.Job, limit time.Duration) {
	call := host.Call{Instance: j.Instance, Command: c.result(j)}
	if c.draw.IntN(3) > 0 {
		call.Lease = j.Lease
	}
	switch c.draw.IntN(10) {
	case 0:
		c.world.tally.meetCall(LostResult)
		return
	case 1:
		c.world.tally.meetCall(LateResult)
		time.Sleep(c.about(limit + time.Duration(c.draw.IntN(20))*time.Second))
		defer c.takeOver()()
	case 2:
		c.world.tally.meetCall(DoubledResult)
		double := call
		c.key(&double)
		n, patience := c.anyNode(), c.about(time.Minute)
		c.world.begin(func() { _, _ = c.once(n, machine, double, patience) })
	case 3:
		c.move("extend")
		if h, w := c.anyNode().reach(); !w.cut.Load() {
			ctx, cancel := c.patient()
			_ = h.Extend(ctx, machine, host.JobLock{Job: j.Key, Lease: call.Lease, Timeout: limit})
			cancel()
		}
	}
	c.ask(machine, call)
}

// takeOver fetches jobs whose locks have run out, as another worker does, before the first one reports.
func (c *client) takeOver() func() {
	if c.draw.IntN(2) == 0 {
		return func() {}
	}
	c.move("activate")
	jobs := c.fetch(c.anyNode(), host.Activation{Type: "ext", Worker: c.name + "'", Max: 3, Timeout: time.Minute})
	return func() {
		for _, j := range jobs {
			c.ask(machine, host.Call{Instance: j.Instance, Lease: j.Lease, Command: c.result(j)})
		}
	}
}

func (c *client) result(j host.Job) engine.Command {
	switch n := c.draw.IntN(10); {
	case n == 0:
		return engine.FailJob{Job: j.Key, Retries: max(0, j.Retries-1-c.draw.IntN(3)), Message: "jammed", Backoff: time.Second}
	case n < 6 && j.Element == "pay":
		return engine.ThrowJobError{Job: j.Key, Code: "declined"}
	}
	return engine.CompleteJob{Job: j.Key, Variables: engine.Variables{"done": canon.Int(j.Lease)}}
}
