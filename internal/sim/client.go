package sim

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/internal/canon"
)

// client is a person or program that asks. Each of its moves waits for its turn.
type client struct {
	world *world
	name  string
	draw  *rand.Rand
	wait  string        // of the timers it starts
	nap   time.Duration // the longest pause between two of its commands
	calls int
	odds  uint64 // how often about was asked
}

func (w *world) client(name string, wait string) *client {
	return &client{world: w, name: name, draw: rand.New(rand.NewPCG(w.seed, uint64(len(name))<<32|hash(name))), wait: wait}
}

func hash(s string) uint64 {
	var h uint64
	for _, c := range []byte(s) {
		h = h*31 + uint64(c)
	}
	return h & 0xffffffff
}

// begin lets a client work beside the others.
func (w *world) begin(work func()) {
	w.busy.Add(1)
	w.clients.Go(func() {
		defer w.busy.Add(-1)
		work()
	})
}

// about is a duration that no other in the case is equal to: what happens at the same moment happens in an
// order that nobody decides.
func (c *client) about(d time.Duration) time.Duration {
	c.odds++
	return d + time.Duration(1+hash(c.name)%9973*101+c.odds*7)
}

// move waits for the client's turn.
func (c *client) move(what string) {
	c.world.gate.pass(context.Background(), &ticket{who: c.name, op: opClient, detail: what})
}

func (c *client) anyNode() *node { return c.world.nodes[c.draw.IntN(len(c.world.nodes))] }

// once asks a node once.
func (c *client) once(n *node, by host.Actor, call host.Call, patience time.Duration) (host.Receipt, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	h, w := n.reach()
	if w.cut.Load() {
		return host.Receipt{}, errGone
	}
	call.RequestID = fmt.Sprintf("%s-%d", c.name, c.world.requests.Add(1))
	job := jobOf(call.Command)
	heard := c.world.ledger.heard(job)
	r, err := h.Do(ctx, by, call)
	if !w.cut.Load() {
		c.world.ledger.request(call, r, err)
	}
	switch {
	case w.cut.Load():
		return host.Receipt{}, errGone
	case err == nil:
		c.world.ledger.accept(by, call, job, heard, r)
	case final(err):
		c.world.ledger.refuse(by, call, err)
	case fault.KindOf(err) == fault.Internal && !errors.Is(err, errGone):
		c.world.ledger.mu.Lock()
		c.world.ledger.wrong("%s: %w", call.Command.Name(), err)
		c.world.ledger.mu.Unlock()
	}
	return r, err
}

// jobOf is the job that a command ends.
func jobOf(cmd engine.Command) int64 {
	switch cmd := cmd.(type) {
	case engine.CompleteJob:
		return cmd.Job
	case engine.ThrowJobError:
		return cmd.Job
	}
	return 0
}

// attempts is how often a client asks before it gives up.
const attempts = 6

// ask asks until it is answered for good, or gives up; false then and after a refusal.
func (c *client) ask(by host.Actor, call host.Call) (host.Receipt, bool) {
	c.key(&call)
	if c.draw.IntN(12) == 0 && call.Key != "" {
		c.twice(by, call)
	}
	for range attempts {
		c.move(call.Command.Name())
		r, err := c.once(c.anyNode(), by, call, c.patience())
		if err == nil {
			c.again(by, call, r)
			return r, true
		}
		if final(err) {
			return r, false
		}
		if call.Key == "" {
			return r, false // nobody knows what became of it
		}
	}
	return host.Receipt{}, false
}

// patience is how long a client waits; one in eight leaves at once.
func (c *client) patience() time.Duration {
	if c.draw.IntN(8) == 0 {
		c.world.tally.meetCall(CallerLeft)
		return c.about(time.Duration(1+c.draw.IntN(20)) * time.Millisecond)
	}
	return c.about(time.Minute)
}

// key gives most calls an idempotency key.
func (c *client) key(call *host.Call) {
	c.calls++
	if c.draw.IntN(8) > 0 {
		call.Key = fmt.Sprintf("%s-%d", c.name, c.calls)
		call.Digest = sha256.Sum256([]byte(call.Command.Name()))
	}
}

// twice sends a call to two nodes at once.
func (c *client) twice(by host.Actor, call host.Call) {
	c.world.tally.meetCall(DoubledCall)
	for range 2 {
		n, patience := c.anyNode(), c.patience()
		c.world.begin(func() { _, _ = c.once(n, by, call, patience) })
	}
}

// again repeats some calls: the answer must be the same, and another call under the same key is refused.
func (c *client) again(by host.Actor, call host.Call, first host.Receipt) {
	if call.Key == "" {
		return
	}
	switch c.draw.IntN(8) {
	case 0:
		c.move("again")
		r, err := c.once(c.anyNode(), by, call, c.about(time.Minute))
		if err == nil && (r.Instance != first.Instance || !r.Repeated) {
			c.world.ledger.mu.Lock()
			c.world.ledger.wrong("the repetition of %s was answered with %+v", call.Key, r)
			c.world.ledger.mu.Unlock()
		}
	case 1:
		call.Digest[0]++
		c.move("other")
		if _, err := c.once(c.anyNode(), by, call, c.about(time.Minute)); err == nil || final(err) {
			c.world.ledger.reused(call, err)
		}
	}
}

// person starts an instance and does what there is to do, in no sensible order.
func (c *client) person(process string) {
	r, ok := c.ask(ann, host.Call{
		Process: host.ProcessRef{ID: process}, Command: engine.StartInstance{Variables: variables(c.draw, c.wait)},
	})
	if !ok {
		return
	}
	for range 1 + c.draw.IntN(3) {
		if c.draw.IntN(4) == 0 {
			time.Sleep(c.about(time.Duration(c.draw.Int64N(int64(c.nap)))))
		}
		st, _ := c.world.store.State(r.Instance)
		if st.Status() != engine.Active {
			return
		}
		by := ann
		if c.draw.IntN(10) == 0 {
			by = eve
		}
		cmd := c.choose(st)
		c.ask(by, host.Call{Instance: r.Instance, Command: cmd})
	}
}

// choose picks a command that makes sense now, and may not when it arrives.
func (c *client) choose(st engine.State) engine.Command {
	tasks, incidents := st.Tasks(), st.Incidents()
	switch n := c.draw.IntN(12); {
	case n == 0:
		return engine.CancelInstance{}
	case n < 3:
		return engine.SetVariables{Scope: st.Key(), Variables: engine.Variables{"amount": canon.Int(int64(c.draw.IntN(200)))}}
	case len(incidents) > 0 && n < 6:
		return engine.ResolveIncident{Incident: incidents[c.draw.IntN(len(incidents))].Key}
	case len(tasks) > 0 && n < 5:
		return engine.AssignTask{Task: tasks[0].Key, Assignee: []string{"ann", "bob"}[n%2], AllowOverride: true}
	case len(tasks) > 0:
		return engine.CompleteTask{Task: tasks[0].Key, Variables: engine.Variables{"ok": canon.Int(int64(n))}}
	}
	return engine.SetVariables{Scope: st.Key(), Variables: engine.Variables{"seen": canon.Int(1)}}
}

// patient is a context that ends after about a minute.
func (c *client) patient() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), c.about(time.Minute))
}
