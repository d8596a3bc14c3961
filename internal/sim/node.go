package sim

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"tallystick/host"
	"tallystick/host/hosttest"
	"tallystick/internal/canon"
)

// node is a server: one host after the other under the same name.
type node struct {
	world *world
	name  string
	clock *clock
	draw  *rand.Rand
	tune  tuning
	runs  sync.WaitGroup

	paused  time.Time // until when its calls do not reach the store
	restart time.Time // when a dead node comes back

	wire   *wire // of the current run; changed by the scheduler alone
	cancel context.CancelFunc

	mu   sync.Mutex
	host *host.Host
	on   *wire
}

// tuning are the options that a case draws.
type tuning struct {
	poll, lock time.Duration
	lanes      int
	crew       string // the job type that its nodes have a worker for
}

// seeded is randomness from a seed.
type seeded struct{ *rand.ChaCha8 }

func newRandom(seed uint64, node string, run int) io.Reader {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	copy(key[8:], node)
	key[31] = byte(run)
	return seeded{rand.NewChaCha8(key)}
}

// start begins a new run of the node.
func (n *node) start() {
	w := &wire{gate: n.world.gate, store: n.world.store, node: n.name}
	ctx, cancel := context.WithCancel(context.Background())
	n.wire, n.cancel = w, cancel
	seed := n.draw.Uint64()
	n.set(w, seed, 0)
	n.runs.Go(func() {
		for run := 1; ; run++ {
			if n.current().Run(ctx) == nil || ctx.Err() != nil {
				return
			}
			// The store did not answer at the start: the process is started again.
			if !sleep(ctx, time.Second) {
				return
			}
			n.set(w, seed, run)
		}
	})
}

func (n *node) set(w *wire, seed uint64, run int) {
	o := host.Options{
		Store: w, Jobs: w, Library: w, Authorizer: hosttest.NewPolicy(houseRules), Workers: n.workers(w),
		Now: n.clock.now, Rand: newRandom(seed, n.name, run), Node: n.name, Build: "sim", Origin: hosttest.Origin,
		Lanes: n.tune.lanes, BatchMax: 8, QueueMax: 32, CacheCount: 4, DefinitionsMax: 16, SequenceBlock: 2,
		PollMax: n.tune.poll, SettleMax: 2 * time.Second, DrainMax: time.Second, WorkerLock: n.tune.lock,
		TimerClaim: n.tune.lock, WorkerMax: 2,
	}
	h, err := host.New(o)
	if err != nil {
		panic(err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.host, n.on = h, w
}

func (n *node) current() *host.Host {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.host
}

// reach is the host that a client talks to, with its wire.
func (n *node) reach() (*host.Host, *wire) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.host, n.on
}

// stop ends a run at once: nothing that it still thinks reaches the store.
func (n *node) stop() {
	n.wire.cut.Store(true)
	n.cancel()
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// workers are the in-process workers of a node.
func (n *node) workers(w *wire) map[string]host.Worker {
	switch n.tune.crew {
	case "reckon":
		return map[string]host.Worker{"reckon": reckoning{}}
	case "crewed":
		return map[string]host.Worker{"crewed": crewed{w}}
	}
	return nil
}

// crewed does a job that takes as long as the scheduler likes.
type crewed struct{ wire *wire }

var errWork = errors.New("the machine jammed")

// Work implements host.Worker.
func (c crewed) Work(ctx context.Context, j host.Job) (host.Result, error) {
	_, err := send(ctx, c.wire, &ticket{op: opWork, detail: numbers([]int64{j.Key}), features: 1 << fCrewJob},
		func(context.Context) (struct{}, error) { return struct{}{}, nil })
	switch {
	case err != nil:
		return host.Result{}, err
	case j.Retries == 3 && j.Key%5 == 0:
		return host.Result{}, errWork
	}
	return host.Result{Variables: map[string]canon.JSON{"crewed": canon.Int(j.Lease)}}, nil
}

// reckoning is a calculation.
type reckoning struct{}

// Calculates implements host.Calculation.
func (reckoning) Calculates() {}

// Work implements host.Worker.
func (reckoning) Work(_ context.Context, j host.Job) (host.Result, error) {
	return host.Result{Variables: map[string]canon.JSON{"reckoned": canon.Int(int64(len(j.Variables)))}}, nil
}
