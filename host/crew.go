package host

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"tallystick/engine"
)

// crew does the jobs of one type inside the server: up to WorkerMax at a time, with some more in hand. Jobs
// come from the commits that create them and, for those that nobody had a hand free for, from the store.
type crew struct {
	host       *Host
	jobType    string
	worker     Worker
	by         Actor
	calculates bool

	ctx  context.Context //nolint:containedctx // the life of the crew, which ends DrainMax after the host's, not a call
	stop context.CancelFunc

	mu      sync.Mutex
	closed  bool
	running int
	waiting []Job
	held    map[int64]int64 // leases by job, of everything in hand
	claimed int             // hands promised to batches that are not written yet
	busy    sync.WaitGroup
}

// handsPerWorker is how many jobs a crew has in hand for each that it does at a time: a commit may create
// many, and the next ones must be there when the first are done.
const handsPerWorker = 8

// crewPatience is how many PollMax a crew waits between two looks: what it looks for is left over from other
// nodes or from before a restart. Its own retries wake it.
const crewPatience = 3

func newCrew(h *Host, jobType string, w Worker) *crew {
	_, calculates := w.(Calculation)
	ctx, stop := context.WithCancel(context.Background())
	return &crew{
		host: h, jobType: jobType, worker: w, by: System("worker:" + jobType), calculates: calculates,
		ctx: ctx, stop: stop, held: map[int64]int64{},
	}
}

// run fetches jobs that were not handed over, until ctx ends; then it gives running jobs DrainMax.
func (c *crew) run(ctx context.Context) {
	for ctx.Err() == nil {
		free := c.free()
		if free == 0 || c.host.draining() {
			sleep(ctx, c.host.opts.PollMax/10)
			continue
		}
		for _, j := range c.fetch(ctx, free) {
			c.take(j) //nolint:contextcheck // jobs are done under the context of the crew
		}
	}
	defer c.stop()
	defer time.AfterFunc(c.host.opts.DrainMax, c.stop).Stop()
	c.close()
	c.busy.Wait()
}

func (c *crew) fetch(ctx context.Context, free int) []Job {
	jobs, err := c.host.Activate(ctx, c.by, Activation{
		Type: c.jobType, Worker: c.host.opts.Node, Max: free, Timeout: c.host.opts.WorkerLock, Wait: time.Minute,
		patience: crewPatience * c.host.opts.PollMax,
	})
	if err != nil && ctx.Err() == nil {
		c.host.opts.Log.WarnContext(ctx, "jobs could not be activated", slog.Any("type", c.jobType), slog.Any("err", err))
		sleep(ctx, c.host.random.spread(c.host.opts.PollMax))
	}
	return jobs
}

// close gives up what was not begun: the locks run out, and somebody else does it.
func (c *crew) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for _, j := range c.waiting {
		delete(c.held, j.Key)
	}
	c.waiting = nil
}

func (c *crew) hands() int { return handsPerWorker * c.host.opts.WorkerMax }

func (c *crew) free() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return max(0, c.hands()-len(c.held)-c.claimed)
}

// claim promises a hand to a batch; false when there is none.
func (c *crew) claim() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || len(c.held)+c.claimed >= c.hands() {
		return false
	}
	c.claimed++
	return true
}

func (c *crew) unclaim() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.claimed--
}

// give takes a job that was promised a hand.
func (c *crew) give(j Job) {
	c.unclaim()
	c.take(j)
}

// take begins a job, or keeps it until another is done.
func (c *crew) take(j Job) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	c.held[j.Key] = j.Lease
	if c.running >= c.host.opts.WorkerMax {
		c.waiting = append(c.waiting, j)
		return
	}
	c.running++
	c.busy.Go(func() { c.workOff(j) })
}

// workOff does one job after the other until none waits.
func (c *crew) workOff(j Job) {
	for ok := true; ok; {
		call, done := c.do(j)
		j, ok = c.next()
		if done {
			c.busy.Go(func() { c.report(call) })
		}
	}
}

func (c *crew) next() (Job, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.waiting) == 0 {
		c.running--
		return Job{}, false
	}
	j := c.waiting[0]
	c.waiting = c.waiting[1:]
	return j, true
}

// drop takes a job out of hand.
func (c *crew) drop(job int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.held, job)
}

func (c *crew) leases() []Lease {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make([]Lease, 0, len(c.held))
	for job, token := range c.held {
		all = append(all, Lease{job, token})
	}
	slices.SortFunc(all, func(a, b Lease) int { return int(a.Job - b.Job) })
	return all
}

// renewLeases keeps the jobs in hand locked while this node lives, so that the locks themselves can be short
// and the jobs of a dead node are soon somebody else's.
func (h *Host) renewLeases(ctx context.Context) {
	for sleep(ctx, h.opts.WorkerLock/3) {
		var all []Lease
		for _, c := range h.crews {
			all = append(all, c.leases()...)
		}
		if len(all) == 0 {
			continue
		}
		asked, cancel := context.WithTimeout(ctx, h.opts.StoreTimeout)
		err := h.opts.Jobs.Renew(asked, all, h.clock.read().Add(h.opts.WorkerLock))
		cancel()
		if err != nil && ctx.Err() == nil {
			h.opts.Log.WarnContext(ctx, "locks of jobs could not be renewed", slog.Int("jobs", len(all)), slog.Any("err", err))
		}
	}
}

func (h *Host) draining() bool {
	select {
	case <-h.leaving:
		return true
	default:
		return false
	}
}

// handed is a job on its way from the commit that creates it to a crew.
type handed struct {
	crew *crew
	job  Job
}

// handOver promises new jobs of the batch to the crews of this node.
func (b *batch) handOver(out *Batch) {
	b.handed = nil
	deadline := b.host.clock.read().Add(b.host.opts.WorkerLock)
	for _, g := range b.groups {
		for _, e := range g.result.events {
			r, ok := e.Record.(engine.JobCreated)
			if !ok || b.host.crews[r.Type] == nil {
				continue
			}
			c := b.host.crews[r.Type]
			out.Library = b.library.Version()
			if b.library.JobsSuspended(r.Type) {
				continue
			}
			if _, open := g.result.row.state.Job(r.Key); !open || !c.claim() {
				continue
			}
			j := jobOf(g.key, r, accepted{after: g.result.row.state, process: g.result.process})
			j.Worker, j.Lease, j.Deadline = b.host.opts.Node, 1, deadline
			b.handed = append(b.handed, handed{c, j})
			out.Handed = append(out.Handed, Handed{Job: j.Key, Worker: j.Worker, Deadline: deadline})
		}
	}
}

// takeBack breaks the promises of a batch that was not written.
func (b *batch) takeBack() {
	for _, h := range b.handed {
		h.crew.unclaim()
	}
	b.handed = nil
}
