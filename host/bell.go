package host

import (
	"slices"
	"sync"
	"time"

	"tallystick/engine"
)

// bell wakes who waits for a name: a job type, an instance. Waiters are woken in the order they came.
type bell[K comparable] struct {
	mu      sync.Mutex
	waiting map[K][]*waiter
}

// waiter is closed when its bell rings.
type waiter struct {
	woken chan struct{}
}

func newBell[K comparable]() *bell[K] { return &bell[K]{waiting: map[K][]*waiter{}} }

// enter must come before the look at the store, so that nothing between look and wait is missed.
func (b *bell[K]) enter(name K) *waiter {
	w := &waiter{woken: make(chan struct{})}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting[name] = append(b.waiting[name], w)
	return w
}

// leave reports whether the waiter was still waiting; false means that a ring was spent on it.
func (b *bell[K]) leave(name K, w *waiter) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.Index(b.waiting[name], w)
	if i < 0 {
		return false
	}
	b.set(name, slices.Delete(b.waiting[name], i, i+1))
	return true
}

// ring wakes up to n waiters and tells how many there were.
func (b *bell[K]) ring(name K, n int) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	waiting := b.waiting[name]
	n = min(n, len(waiting))
	for _, w := range waiting[:n] {
		close(w.woken)
	}
	if n > 0 {
		b.set(name, slices.Clone(waiting[n:]))
	}
	return n
}

// waiters counts who waits.
func (b *bell[K]) waiters() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, w := range b.waiting {
		n += len(w)
	}
	return n
}

func (b *bell[K]) set(name K, waiting []*waiter) {
	if len(waiting) == 0 {
		delete(b.waiting, name)
		return
	}
	b.waiting[name] = waiting
}

// everybody is the n of a ring that wakes all.
const everybody = int(^uint(0) >> 1)

// alarm wakes the timer loop early.
type alarm struct {
	mu   sync.Mutex
	next time.Time // what the loop sleeps towards; zero while it works
	now  chan struct{}
}

func newAlarm() *alarm { return &alarm{now: make(chan struct{}, 1)} }

func (a *alarm) ring() {
	select {
	case a.now <- struct{}{}:
	default:
	}
}

// set notes what the loop is going to sleep towards.
func (a *alarm) set(next time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.next = next
}

// armed rings when a timer is due before the loop would wake.
func (a *alarm) armed(due time.Time) {
	a.mu.Lock()
	earlier := a.next.IsZero() || due.Before(a.next)
	a.mu.Unlock()
	if earlier {
		a.ring()
	}
}

// wake tells the loops and waiters of this node, and the other nodes, what a durable group brought for them.
// Jobs that were handed over wait for nobody.
func (h *Host) wake(instance int64, r *thought, handed map[int64]bool) {
	jobs := map[string]int{}
	for _, e := range r.events {
		switch rec := e.Record.(type) {
		case engine.JobCreated:
			if !handed[rec.Key] {
				h.countJob(jobs, r, rec.Key)
			}
		case engine.JobFailed:
			h.countJob(jobs, r, rec.Key)
			h.ringLater(r, rec)
		case engine.JobRetriesUpdated:
			h.countJob(jobs, r, rec.Key)
		case engine.InstanceResumed:
			h.alarm.armed(time.Time{}.Add(1)) // of its timers some may be due
			for _, j := range r.row.state.Jobs() {
				jobs[j.Type]++
			}
		case engine.IncidentResolved:
			for _, j := range r.row.state.Jobs() {
				jobs[j.Type]++
			}
		case engine.TimerArmed:
			h.alarm.armed(rec.Due)
		case engine.InstanceCompleted, engine.InstanceTerminated:
			h.ended.ring(instance, everybody)
		case engine.TaskTransitionEnded:
			h.ended.ring(rec.Key, everybody)
		case engine.TaskCanceled:
			h.ended.ring(rec.Key, everybody)
		}
	}
	for jobType, n := range jobs {
		if h.jobs.ring(jobType, n) < n {
			h.hints.add(hintJob + jobType)
		}
	}
}

// ringLater wakes who waits for a job when its back-off is over.
func (h *Host) ringLater(r *thought, rec engine.JobFailed) {
	if j, ok := r.row.state.Job(rec.Key); ok && rec.Retries > 0 && !rec.NotBefore.IsZero() && h.clock.pinned.Load() == nil {
		time.AfterFunc(rec.NotBefore.Sub(h.clock.read()), func() { h.jobs.ring(j.Type, 1) })
	}
}

func (h *Host) countJob(jobs map[string]int, r *thought, key int64) {
	if j, ok := r.row.state.Job(key); ok && j.Retries > 0 {
		jobs[j.Type]++
	}
}
