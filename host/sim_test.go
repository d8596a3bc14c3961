package host_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/host/hosttest"
)

var (
	simSeed = flag.Uint64("sim.seed", 0, "run the simulation with this seed alone")
	simRuns = flag.Int("sim.runs", 4, "how many seeds the simulation runs")
)

// TestSimulation lets clients work on several nodes while the store fails, loses answers and is slow, and
// nodes are stopped and started. Afterwards every accepted command is in the log once, every chain
// verifies, and every instance is what its log replays to.
func TestSimulation(t *testing.T) {
	for _, seed := range seeds() {
		t.Run(fmt.Sprintf("sim.seed=%d", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { simulate(t, seed) })
		})
	}
}

// seeds are the one given or as many new ones as were asked for.
func seeds() (all []uint64) {
	if *simSeed != 0 {
		return []uint64{*simSeed}
	}
	base := rand.Uint64()
	for i := range *simRuns {
		all = append(all, base+uint64(i))
	}
	return all
}

// simulation is one run.
type simulation struct {
	t     *testing.T
	store *hosttest.Store
	nodes []*house
	mu    sync.Mutex // guards nodes and accepted
	// accepted is every command id that a client was told of, with the instance.
	accepted map[string]int64
}

func simulate(t *testing.T, seed uint64) {
	s := &simulation{t: t, store: hosttest.New(), accepted: map[string]int64{}}
	for i := range 3 {
		s.nodes = append(s.nodes, s.node(i, seed))
	}
	s.nodes[0].deploy(chain("order", route, review, charge, pause), routeTable, chain("plug"))
	s.store.Disturb(hosttest.Random(seed, 40, 15, 20*time.Millisecond))
	var clients sync.WaitGroup
	for c := range 6 {
		clients.Go(func() { s.client(rand.New(rand.NewPCG(seed, uint64(c)))) })
	}
	clients.Go(func() { s.restart(seed) })
	clients.Wait()
	s.store.Disturb(hosttest.Faults{})
	<-time.After(50 * time.Hour)
	for _, n := range s.nodes {
		n.stop()
	}
	s.check()
}

func (s *simulation) node(i int, seed uint64) *house {
	o := options(s.store)
	o.Node, o.Rand, o.PollMax = fmt.Sprintf("n%d", i), seeded(seed+uint64(i)), time.Minute
	o.Workers = map[string]host.Worker{"charge": workerFunc(func(context.Context, host.Job) (host.Result, error) {
		return host.Result{Variables: amount(1)}, nil
	})}
	o.SettleMax, o.BatchMax, o.Lanes = time.Second, 8, 1+i%2
	h, err := host.New(o)
	if err != nil {
		s.t.Error(err)
	}
	ctx, cancel := context.WithCancel(s.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for h.Run(ctx) != nil && ctx.Err() == nil {
			// The store did not answer at the start: a new process tries again.
			<-time.After(time.Second)
			h, _ = host.New(o)
		}
	}()
	return &house{Host: h, t: s.t, store: s.store, stop: sync.OnceFunc(func() { cancel(); <-done })}
}

// restart stops one node after the other and puts a new one in its place, under the same name.
func (s *simulation) restart(seed uint64) {
	for i := range s.nodes {
		<-time.After(500 * time.Millisecond)
		s.mu.Lock()
		old := s.nodes[i]
		s.mu.Unlock()
		old.stop()
		fresh := s.node(i, seed+100)
		s.mu.Lock()
		s.nodes[i] = fresh
		s.mu.Unlock()
	}
}

func (s *simulation) any(draw *rand.Rand) *house {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.nodes[draw.IntN(len(s.nodes))]
}

// client starts instances and completes their tasks, repeating what it got no answer to.
func (s *simulation) client(draw *rand.Rand) {
	for i := range 15 {
		by := ann
		if draw.IntN(5) == 0 {
			by = eve
		}
		c := startCall("order", amount(int64(draw.IntN(300))))
		c.Key = fmt.Sprintf("%d-%d", draw.Uint64(), i)
		r, ok := s.insist(draw, by, c)
		if !ok {
			continue
		}
		st, _ := s.store.State(r.Instance)
		task := st.Tasks()[0].Key
		steps := []engine.Command{
			engine.AssignTask{Task: task, Assignee: "ann"},
			engine.SetVariables{Scope: r.Instance, Variables: amount(2)},
			engine.CompleteTask{Task: task},
			engine.CompleteTask{Task: task},
		}
		for n, cmd := range steps {
			s.insist(draw, ann, host.Call{Key: fmt.Sprintf("%s-%d", c.Key, n), Command: cmd})
		}
	}
}

// insist repeats a call at any node until it is answered for good.
func (s *simulation) insist(draw *rand.Rand, by host.Actor, c host.Call) (host.Receipt, bool) {
	for {
		ctx, cancel := context.WithTimeout(s.t.Context(), time.Duration(1+draw.IntN(200))*time.Millisecond)
		r, err := s.any(draw).Do(ctx, by, c)
		cancel()
		switch kind := fault.KindOf(err); {
		case err == nil:
			s.accept(r)
			return r, true
		case kind == fault.Overloaded || kind == fault.Timeout || errors.Is(err, context.DeadlineExceeded):
			<-time.After(time.Duration(draw.IntN(50)) * time.Millisecond)
		case kind == fault.NotFound || kind == fault.Denied || kind == fault.Conflict:
			return r, false
		default:
			s.t.Errorf("%s: %v", c.Command.Name(), err)
			return r, false
		}
	}
}

func (s *simulation) accept(r host.Receipt) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if other, ok := s.accepted[r.CommandID]; ok && other != r.Instance {
		s.t.Errorf("command %s did something to %d and to %d", r.CommandID, other, r.Instance)
	}
	s.accepted[r.CommandID] = r.Instance
}

func (s *simulation) check() {
	if err := s.store.Verify(); err != nil {
		s.t.Error(err)
	}
	perInstance := map[int64]map[string]int{}
	for _, row := range s.store.Entries() {
		if e := row.Entry; e.Instance != nil && e.Outcome == "ok" {
			if perInstance[*e.Instance] == nil {
				perInstance[*e.Instance] = map[string]int{}
			}
			perInstance[*e.Instance][e.Action]++
		}
	}
	started := map[int64]bool{}
	for _, instance := range s.accepted {
		started[instance] = true
	}
	for _, key := range s.store.Instances() {
		for _, action := range []string{host.ActionInstanceStart, host.ActionTaskComplete, host.ActionJobComplete, host.ActionTimerFire} {
			if n := perInstance[key][action]; n != 1 {
				s.t.Errorf("instance %d: %s happened %d times", key, action, n)
			}
		}
		st, _ := s.store.State(key)
		if st.Status() != engine.Completed || !started[key] {
			s.t.Errorf("instance %d is %s, its client knows of it: %v", key, st.Status(), started[key])
		}
	}
	if len(started) != len(s.store.Instances()) {
		s.t.Errorf("%d instances were accepted, %d are there", len(started), len(s.store.Instances()))
	}
}
