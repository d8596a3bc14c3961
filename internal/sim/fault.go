package sim

import (
	"math/rand/v2"
	"time"

	"tallystick/fault"
	"tallystick/host/hosttest"
)

// Fault is a kind of misfortune.
type Fault int

// The faults. The first ones strike an operation of the store, the next ones a node or the store as a whole,
// the last ones are the doing of clients and workers.
const (
	FailBefore Fault = iota
	UnknownUnwritten
	UnknownWritten
	LateCommit
	Conflict
	SkipLocked
	CrashBefore
	CrashAfter
	Pause
	ClockJump
	Drift
	Slow
	DiskFull
	RightsChanged
	LostResult
	DoubledResult
	LateResult
	Reordered
	DoubledCall
	CallerLeft
	FaultCount
)

var faultNames = [FaultCount]string{
	"fail", "unknown-", "unknown+", "late", "conflict", "skip", "crash-", "crash+", "pause", "jump", "drift", "slow",
	"full", "rights", "lost", "doubled", "overdue", "reorder", "twice", "left",
}

// String is the head of the fault in the coverage matrix.
func (f Fault) String() string { return faultNames[f] }

// scheduled are the faults that the scheduler brings about; the others are moves of clients.
const scheduled = LostResult

var errFull = fault.New(fault.Overloaded, hosttest.ErrUnavailable.Code, "the disk is full")

// plan is how a case suffers: some kinds of faults, each decision of the scheduler with a chance of one in rate.
type plan struct {
	kinds []Fault
	rate  int
}

// newPlan draws between no fault at all and five kinds.
func newPlan(draw *rand.Rand) plan {
	p := plan{rate: []int{4, 8, 16, 32}[draw.IntN(4)]}
	for range draw.IntN(6) {
		p.kinds = append(p.kinds, Fault(draw.IntN(int(scheduled))))
	}
	return p
}

// strike lets a fault happen; false when nothing that waits can suffer it.
func (w *world) strike(kind Fault, queue []*ticket) bool {
	t := w.victim(kind, queue)
	if t == nil {
		return false
	}
	w.inflict(kind, t)
	return true
}

// inflict lets a fault strike a ticket.
func (w *world) inflict(kind Fault, t *ticket) {
	w.hit(kind, t)
	switch kind {
	case FailBefore:
		w.answer(t, hosttest.ErrUnavailable)
	case UnknownUnwritten:
		w.answer(t, hosttest.ErrUnknown)
	case UnknownWritten:
		_ = t.do()
		w.answer(t, unknown(t))
	case LateCommit:
		w.gate.forget(t)
		w.answer(t, hosttest.ErrUnknown)
	case Conflict:
		w.answer(t, t.conflict())
	case SkipLocked:
		w.gate.settle(t)
	case CrashBefore, CrashAfter:
		w.crash(kind, t)
	case Pause:
		w.nodeOf(t).paused = time.Now().Add(time.Duration(1+w.draw.IntN(180)) * time.Second)
	case ClockJump:
		w.nodeOf(t).clock.jump(time.Duration(w.draw.IntN(2)*2-1) * time.Hour)
	case Drift:
		w.nodeOf(t).clock.drift(w.draw.IntN(2)*1000 - 500)
	case Slow:
		time.Sleep([]time.Duration{time.Millisecond, 50 * time.Millisecond, time.Second, 10 * time.Second, 40 * time.Second}[w.draw.IntN(5)])
	case DiskFull:
		w.full = time.Now().Add(time.Duration(1+w.draw.IntN(60)) * time.Second)
	case RightsChanged:
		w.store.BumpPolicy()
	}
}

// victim is the ticket that a fault strikes: one that can suffer it, from a drawn place on.
func (w *world) victim(kind Fault, queue []*ticket) *ticket {
	from := w.draw.IntN(len(queue))
	for i := range queue {
		t := queue[(from+i)%len(queue)]
		if t.wire != nil && suffers(kind, t) {
			return t
		}
	}
	return nil
}

func suffers(kind Fault, t *ticket) bool {
	switch kind {
	case FailBefore:
		return t.op != opWork
	case UnknownUnwritten, LateCommit:
		return t.op == opCommit
	case Conflict:
		return t.conflict != nil
	case SkipLocked:
		return t.op == opDue || t.op == opActivate || t.op == opErrands || t.op == opStarts
	case UnknownWritten, CrashAfter, DiskFull:
		return t.op.writes()
	}
	return true
}

// unknown is the answer to a write that was carried out and whose answer was lost.
func unknown(t *ticket) error {
	if t.op == opCommit {
		return hosttest.ErrUnknown
	}
	return hosttest.ErrUnavailable
}

// crash ends the node of a ticket: before the write, or after it. What was sent may arrive late.
func (w *world) crash(kind Fault, t *ticket) {
	n := w.nodeOf(t)
	if kind == CrashAfter {
		_ = t.do()
	} else if t.op == opCommit && w.draw.IntN(3) == 0 {
		w.gate.forget(t)
	}
	n.stop()
	for _, other := range append([]*ticket(nil), w.gate.queue()...) {
		if other.wire == n.wire {
			w.answer(other, hosttest.ErrUnavailable)
		}
	}
	n.restart = time.Now().Add(time.Duration(w.draw.Int64N(int64(w.down))))
}
