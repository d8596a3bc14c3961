package metrics

import (
	"context"
	"time"

	"tallystick/query"
)

// kind is what began.
type kind int

const (
	ofInstance kind = iota
	ofJob
	ofTask
)

var kinds = []kind{ofInstance, ofJob, ofTask}

// beginning is when something began and what it is called.
type beginning struct {
	name string
	at   time.Time
}

// young keeps the latest beginnings of a kind, at least max and at most twice as many: when the newer half
// is full, the older is forgotten.
type young struct {
	max          int
	newer, older map[int64]beginning
}

func newYoung(max int) *young { return &young{max: max, newer: map[int64]beginning{}} }

func (y *young) put(key int64, name string, at time.Time) {
	if len(y.newer) >= y.max {
		y.older, y.newer = y.newer, make(map[int64]beginning)
	}
	y.newer[key] = beginning{name, at}
}

func (y *young) find(key int64) (beginning, bool) {
	b, ok := y.newer[key]
	if !ok {
		b, ok = y.older[key]
	}
	return b, ok
}

func (y *young) drop(key int64) {
	delete(y.newer, key)
	delete(y.older, key)
}

// end is something that is over, or, for a failed attempt, goes on.
type end struct {
	kind    kind
	key     int64
	outcome string
	at      time.Time
}

// last reports whether nothing more can come of it.
func (e end) last() bool { return e.outcome != "failed" }

// ended measures an end now, when its beginning is at hand, or leaves it for settle.
func (s *events) ended(e end) {
	b, ok := s.young[e.kind].find(e.key)
	switch {
	case ok:
		s.measure(e, b)
		if e.last() {
			s.young[e.kind].drop(e.key)
		}
	case len(s.late) < s.most:
		s.late = append(s.late, e)
	default:
		s.lost.Inc()
	}
}

// measure counts an end whose beginning is known.
func (s *events) measure(e end, b beginning) {
	took := max(0, e.at.Sub(b.at).Seconds())
	switch e.kind {
	case ofInstance:
		s.instanceTime.WithLabelValues(s.names.definitions.label(b.name), e.outcome).Observe(took)
	case ofTask:
		s.taskTime.WithLabelValues(s.names.definitions.label(b.name)).Observe(took)
	case ofJob:
		jobType := s.names.jobTypes.label(b.name)
		s.attempts.WithLabelValues(jobType, e.outcome).Inc()
		if e.last() {
			s.jobTime.WithLabelValues(jobType, e.outcome).Observe(took)
		}
	}
}

// lateChunk is how many beginnings are asked for at once.
const lateChunk = 500

// settle measures the ends whose beginnings only the store knows. The lock is not held while it answers.
func (s *events) settle(ctx context.Context, from Store) {
	s.mu.Lock()
	late := s.late
	s.late = nil
	s.mu.Unlock()
	for k, ask := range map[kind]func(context.Context, []int64) ([]query.Beginning, error){
		ofInstance: from.InstanceBeginnings, ofJob: from.JobBeginnings, ofTask: from.TaskBeginnings,
	} {
		var of []end
		for _, e := range late {
			if e.kind == k {
				of = append(of, e)
			}
		}
		for len(of) > 0 {
			n := min(len(of), lateChunk)
			s.settleChunk(ctx, of[:n], ask)
			of = of[n:]
		}
	}
}

func (s *events) settleChunk(ctx context.Context, ends []end, ask func(context.Context, []int64) ([]query.Beginning, error)) {
	keys := make([]int64, len(ends))
	for i, e := range ends {
		keys[i] = e.key
	}
	found, err := ask(ctx, keys)
	if err != nil {
		s.lost.Add(float64(len(ends)))
		return
	}
	known := make(map[int64]beginning, len(found))
	for _, b := range found {
		known[int64(b.Key)] = beginning{b.Name, b.At}
	}
	for _, e := range ends {
		if b, ok := known[e.key]; ok {
			s.measure(e, b)
		} else {
			s.lost.Inc()
		}
	}
}
