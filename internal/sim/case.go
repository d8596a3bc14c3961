package sim

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/host/hosttest"
)

// Result is what became of one case.
type Result struct {
	Seed   uint64
	Digest uint64 // of everything that happened, in order
	Steps  int
	Err    error // the invariants that broke
	Trace  string
}

// Run carries out the case of a seed on a clone of the store.
func Run(t *testing.T, from *hosttest.Store, seed uint64, tally *Tally, trace bool) Result {
	var r Result
	synctest.Test(t, func(*testing.T) { r = runCase(from, seed, tally, trace) })
	return r
}

func runCase(from *hosttest.Store, seed uint64, tally *Tally, keep bool) Result {
	w := newWorld(from, seed, tally, keep)
	began := time.Now()
	w.plan = newPlan(w.draw)
	w.populate()
	w.run(func() bool { return w.busy.Load() == 0 })
	w.heal()
	w.conclude(w.client("z", ""))
	tally.Cases++
	tally.Simulated += time.Since(began)
	tally.Commits += int64(w.store.Commits())
	tally.Instances += int64(len(w.store.Instances()))
	r := Result{
		Seed: seed, Digest: w.trace.digest.Sum64(), Steps: w.steps,
		Err: errors.Join(w.problem, w.store.Verify(), w.store.VerifyPunctual(), w.store.VerifyQuiet(), w.ledger.check(w.store)),
	}
	if keep {
		r.Trace = w.trace.lines.String()
	}
	return r
}

// conclude takes everything to its end and stops the nodes, again where one has still carried out, before it
// stopped, what had waited there.
func (w *world) conclude(c *client) {
	for range 3 {
		w.finish(c)
		w.end()
		if w.problem != nil || w.quiet() {
			return
		}
		for _, n := range w.nodes {
			n.start()
		}
	}
}

// finish takes everything to its end; a commit that arrives late may begin something new.
func (w *world) finish(c *client) {
	for range 3 {
		w.begin(c.finish)
		w.run(func() bool { return w.busy.Load() == 0 && w.flush() })
		if w.problem != nil || w.quiet() {
			return
		}
	}
}

// quiet reports whether nothing is left to be done.
func (w *world) quiet() bool { return len(w.store.Active()) == 0 && len(w.store.Pending()) == 0 }

func newWorld(from *hosttest.Store, seed uint64, tally *Tally, keep bool) *world {
	return &world{
		seed: seed, draw: rand.New(rand.NewPCG(seed, 1)), store: from.Clone(), gate: newGate(), down: 2 * time.Minute,
		ledger: newLedger(), tally: tally, trace: newTrace(keep), idle: map[int]bool{},
	}
}

// flush lets what is still under way arrive, or forgets it.
func (w *world) flush() bool {
	for len(w.gate.limbo) > 0 {
		w.arrive()
	}
	return true
}

// end stops the nodes, in order, and lets them drain.
func (w *world) end() {
	stopped := make(chan struct{})
	for _, n := range w.nodes {
		n.restart = time.Time{}
		n.cancel()
	}
	go func() {
		for _, n := range w.nodes {
			n.runs.Wait()
		}
		w.clients.Wait()
		close(stopped)
	}()
	w.run(func() bool {
		select {
		case <-stopped:
			return true
		default:
			return false
		}
	})
	if w.problem != nil {
		for _, n := range w.nodes {
			n.wire.cut.Store(true)
		}
		w.gate.close()
		<-stopped
	}
}

// populate draws nodes, instances and clients.
func (w *world) populate() {
	pace := waits[[]int{0, 1, 1, 2, 2, 3}[w.draw.IntN(6)]]
	var chosen []string
	w.tally.features = 0
	tune := tuning{poll: pace.poll, lock: []time.Duration{10 * time.Second, time.Minute}[w.draw.IntN(2)], lanes: 1}
	names, callers := processNames, 0
	if w.draw.IntN(3) == 0 {
		names, callers = togetherNames, w.draw.IntN(3)
	}
	for range []int{1, 1, 2}[w.draw.IntN(3)] {
		id := names[w.draw.IntN(len(names))]
		crew := map[string]string{"crew": "crewed", "sum": "reckon"}[id]
		// The workers of one node take turns in an order that is not the scheduler's: a case has one kind.
		if crew != "" && tune.crew != "" && crew != tune.crew {
			continue
		}
		tune.crew = cmp.Or(tune.crew, crew)
		chosen = append(chosen, id)
		w.tally.features |= processFeatures[id] | common
	}
	if tune.crew != "" && tune.poll > time.Minute {
		// Workers of the server look for jobs every minute, which a long case would be full of.
		pace = waits[1]
		tune.poll = pace.poll
	}
	if w.draw.IntN(8) == 0 {
		tune.lanes = 2
	}
	for i := range []int{1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 5}[w.draw.IntN(11)] {
		n := &node{world: w, name: fmt.Sprintf("n%d", i), clock: newClock(), tune: tune, draw: rand.New(rand.NewPCG(w.seed, uint64(i)<<8))}
		w.nodes = append(w.nodes, n)
		n.start()
	}
	for i := range []int{1, 1, 1, 2, 2, 3}[w.draw.IntN(6)] {
		c := w.client(fmt.Sprintf("p%d", i), pace.wait)
		c.nap = 3 * pace.poll
		process := chosen[i%len(chosen)]
		w.begin(func() { c.person(process) })
	}
	for i := range []int{1, 1, 1, 2}[w.draw.IntN(4)] {
		c, rounds := w.client(fmt.Sprintf("w%d", i), ""), 1+w.draw.IntN(3)
		w.begin(func() { c.work(rounds) })
	}
	for i := range callers {
		c, rounds := w.client(fmt.Sprintf("c%d", i), ""), 1+w.draw.IntN(4)
		c.nap = 3 * pace.poll
		w.begin(func() { c.call(rounds) })
	}
	if callers > 0 && w.draw.IntN(8) == 0 {
		w.begin(w.client("t", "").clock)
	}
	if w.draw.IntN(32) == 0 {
		c := w.client("d", "")
		w.begin(c.deploy)
	}
}

// deploy brings another process while others are at work, and starts it at any node: what was deployed is there
// for all of them.
func (c *client) deploy() {
	r, err := resource("extra", extra)
	if err != nil {
		panic(err)
	}
	c.move("deploy")
	h, w := c.anyNode().reach()
	ctx, cancel := c.patient()
	defer cancel()
	if w.cut.Load() {
		return
	}
	if _, _, err := h.Deploy(ctx, admin, c.name, []host.Resource{r}); err != nil || w.cut.Load() {
		return
	}
	for range attempts {
		c.move("start")
		call := host.Call{Process: host.ProcessRef{ID: "extra"}, Command: engine.StartInstance{Variables: variables(c.draw, "PT1M")}}
		if _, err := c.once(c.anyNode(), ann, call, c.about(time.Minute)); errors.Is(err, host.ErrProcessNotFound) {
			c.world.ledger.mu.Lock()
			defer c.world.ledger.mu.Unlock()
			c.world.ledger.wrong("a process was deployed and is not found")
		}
	}
}
