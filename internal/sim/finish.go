package sim

import (
	"errors"
	"fmt"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/internal/canon"
)

// roundsMax is how often the finisher looks before it calls an instance stuck.
const roundsMax = 60

// finish takes every instance to its end, now that nothing fails any more. What does not end is stuck.
func (c *client) finish() {
	if c.calls == 0 {
		for _, n := range c.world.nodes {
			c.denied(n)
		}
	}
	pause := time.Second
	for range roundsMax {
		if c.world.quiet() {
			return
		}
		left := c.active()
		for _, st := range left {
			c.push(st)
		}
		c.doJobs()
		time.Sleep(c.about(pause))
		pause = min(2*pause, 6*c.world.nodes[0].tune.poll)
	}
	c.world.ledger.mu.Lock()
	defer c.world.ledger.mu.Unlock()
	for _, st := range c.active() {
		state, _ := st.Encode()
		c.world.ledger.wrong("instance %d is stuck: %s", st.Key(), state)
	}
}

// denied asks for what is not allowed: a node that has recovered refuses, and can write the refusal down.
func (c *client) denied(n *node) {
	call := host.Call{Process: host.ProcessRef{ID: "order"}, Command: engine.StartInstance{}}
	var err error
	for range attempts {
		c.move("denied")
		if _, err = c.once(n, eve, call, c.about(time.Minute)); errors.Is(err, host.ErrDenied) {
			return
		}
		time.Sleep(c.about(2 * time.Second)) // it may be about to start
	}
	c.world.ledger.mu.Lock()
	defer c.world.ledger.mu.Unlock()
	c.world.ledger.wrong("node %s does not refuse: %w", n.name, err)
}

func (c *client) active() []engine.State {
	var out []engine.State
	for _, key := range c.world.store.Active() {
		st, _ := c.world.store.State(key)
		out = append(out, st)
	}
	return out
}

// push does what an instance waits for from people.
func (c *client) push(st engine.State) {
	for _, t := range st.Tasks() {
		c.order(host.Call{Command: engine.CompleteTask{Task: t.Key}})
	}
	for _, s := range st.Subscriptions() {
		c.rouse(s)
	}
	for _, i := range st.Incidents() {
		if i.Job != 0 {
			c.order(host.Call{Command: engine.UpdateJob{Job: i.Job, Retries: new(2)}})
		} else {
			c.order(host.Call{Command: engine.SetVariables{
				Scope: st.Key(), Variables: engine.Variables{"amount": canon.Int(150)},
			}})
		}
		c.order(host.Call{Command: engine.ResolveIncident{Incident: i.Key}})
	}
}

func (c *client) order(call host.Call) {
	c.calls++
	call.Key = fmt.Sprintf("%s-%d", c.name, c.calls)
	c.move(call.Command.Name())
	_, _ = c.once(c.anyNode(), admin, call, c.about(time.Minute))
}

// doJobs does every job that a worker outside can have. It has the name of one that worked before, whose stream
// went through everything.
func (c *client) doJobs() {
	c.move("activate")
	for _, j := range c.fetch(c.anyNode(), host.Activation{Type: "ext", Worker: "w0", Max: 100, Timeout: time.Minute}) {
		c.order(host.Call{Lease: j.Lease, Command: engine.CompleteJob{Job: j.Key}})
	}
}

// rouse sends what a subscription waits for, when it has waited for a while: what waited for it would have come.
func (c *client) rouse(s engine.Subscription) {
	switch s.Type {
	case engine.SubscribesMessage:
		c.calls++
		c.insist(host.Publication{Name: s.Name, CorrelationKey: s.CorrelationKey, Key: fmt.Sprintf("%s-%d", c.name, c.calls)})
	case engine.SubscribesSignal:
		c.broadcast()
	}
}
