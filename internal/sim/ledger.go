package sim

import (
	"errors"
	"fmt"
	"sync"

	"tallystick/audit"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/host/hosttest"
	"tallystick/internal/canon"
)

// ledger is what clients were told, to be compared with the audit log.
type ledger struct {
	mu       sync.Mutex
	answers  map[string]host.Receipt // by command id
	verdicts map[verdictKey]verdict  // of calls with a key
	jobs     map[int64]string        // the command id that ended a job
	leases   map[int64]int64         // the highest lease of a job that a worker has heard of
	requests map[string]verdict      // of each single request
	asked    map[string]string       // what it was about
	groups   map[string]string       // of requests that are the same one, repeated
	granted  map[string]verdict      // of such requests
	found    []error
}

type verdictKey struct{ actor, key string }

// verdict is the last word on a call with a key.
type verdict int

const (
	silent   verdict = iota // nobody knows
	accepted                // it happened
	refused                 // it did not, and will not
)

func newLedger() *ledger {
	return &ledger{
		answers: map[string]host.Receipt{}, verdicts: map[verdictKey]verdict{},
		jobs: map[int64]string{}, leases: map[int64]int64{}, requests: map[string]verdict{}, asked: map[string]string{},
		groups: map[string]string{}, granted: map[string]verdict{},
	}
}

func (l *ledger) wrong(format string, args ...any) {
	l.found = append(l.found, fmt.Errorf(format, args...))
}

// request notes what became of one request: carried out, not carried out (any answer but those that say that
// nobody knows), or answered from an earlier one.
func (l *ledger) request(c host.Call, r host.Receipt, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f, told := errors.AsType[*fault.Error](err)
	switch {
	case err == nil && !r.Repeated:
		l.requests[c.RequestID] = accepted
	case told && f.Code != host.ErrUnknown.Code && f.Code != hosttest.ErrUnknown.Code:
		l.requests[c.RequestID] = refused
	}
	l.asked[c.RequestID] = fmt.Sprintf("%s of %s: %v", c.Command.Name(), c.RequestID, err)
}

// repeat notes that a request is another attempt at the same thing: at most one of them may be carried out.
func (l *ledger) repeat(group, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.groups[id] = group
}

// answered notes what became of one request that is no command of an instance.
func (l *ledger) answered(id, what string, done bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked[id] = fmt.Sprintf("%s of %s: %v", what, id, err)
	f, told := errors.AsType[*fault.Error](err)
	switch {
	case done:
		l.granted[id] = accepted
	case told && f.Code != host.ErrUnknown.Code && f.Code != hosttest.ErrUnknown.Code:
		l.granted[id] = refused
	}
}

// checkGroups compares the requests of each group with the log.
func (l *ledger) checkGroups(logged map[string]int) {
	times, answer := map[string]int{}, map[string]verdict{}
	for id, group := range l.groups {
		times[group] += logged[id]
		answer[group] = max(answer[group], l.granted[id]%refused)
		if l.granted[id] == refused && logged[id] != 0 {
			l.wrong("%s is in the log %d times", l.asked[id], logged[id])
		}
	}
	for group, n := range times {
		if n > 1 || answer[group] == accepted && n != 1 {
			l.wrong("the requests of %s are in the log %d times", group, n)
		}
	}
}

func (l *ledger) wrongly(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wrong(format, args...)
}

// checkRequests compares every single request with the log: carried out once, or not at all.
func (l *ledger) checkRequests(s *hosttest.Store) {
	logged := map[string]int{}
	for _, row := range s.Entries() {
		if e := row.Entry; e.RequestID != nil && e.Outcome == audit.OutcomeOK && e.Cause == nil {
			logged[*e.RequestID]++
		}
	}
	l.checkGroups(logged)
	for id, n := range logged {
		if n > 1 {
			l.wrong("%s was carried out %d times", l.asked[id], n)
		}
	}
	for id, v := range l.requests {
		if v == accepted && logged[id] != 1 || v == refused && logged[id] != 0 {
			l.wrong("%s is in the log %d times", l.asked[id], logged[id])
		}
	}
}

// accept notes a success.
func (l *ledger) accept(by host.Actor, c host.Call, job int64, heard int64, r host.Receipt) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if before, ok := l.answers[r.CommandID]; ok && (before.Instance != r.Instance || before.Status != r.Status || !before.At.Equal(r.At)) {
		l.wrong("command %s was answered in two ways: %+v, %+v", r.CommandID, before, r)
	}
	l.answers[r.CommandID] = r
	if c.Key != "" {
		l.verdicts[verdictKey{by.Ref(), c.Key}] = accepted
	}
	if job == 0 {
		return
	}
	if other, done := l.jobs[job]; done && other != r.CommandID {
		l.wrong("two results of job %d were accepted", job)
	}
	l.jobs[job] = r.CommandID
	if c.Lease != 0 && c.Lease < heard {
		l.wrong("job %d took a result under lease %d, a worker had lease %d before", job, c.Lease, heard)
	}
}

// refuse notes a refusal that is for good: the call did nothing, now or earlier.
func (l *ledger) refuse(by host.Actor, c host.Call, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := verdictKey{by.Ref(), c.Key}
	if c.Key == "" || errors.Is(err, host.ErrReused) {
		return
	}
	if l.verdicts[k] == accepted {
		l.wrong("the call %s of %s was accepted and then refused: %v", c.Key, by.Name, err)
	}
	l.verdicts[k] = refused
}

func (l *ledger) reused(c host.Call, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !errors.Is(err, host.ErrReused) {
		l.wrong("the key %s was used for something else and the answer was %v", c.Key, err)
	}
}

// hear notes that a worker has a lease, heard tells the highest.
func (l *ledger) hear(j host.Job) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if j.Lease <= l.leases[j.Key] {
		l.wrong("job %d was given under lease %d after lease %d", j.Key, j.Lease, l.leases[j.Key])
	}
	l.leases[j.Key] = j.Lease
}

func (l *ledger) heard(job int64) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.leases[job]
}

// check compares with the log: what was accepted is in it, what was refused is not.
func (l *ledger) check(s *hosttest.Store) error {
	l.checkRequests(s)
	logged := map[string]bool{}
	for _, row := range s.Entries() {
		e := row.Entry
		if e.Outcome != audit.OutcomeOK {
			continue
		}
		logged[e.EventID.String()] = true
		if e.IdempotencyKey != nil {
			logged[e.Actor+string(e.IdempotencyKey[:])] = true
		}
	}
	for k, v := range l.verdicts {
		digest := canon.Digest(canon.String(k.key))
		there := logged[k.actor+string(digest[:])]
		if v == accepted && !there || v == refused && there {
			l.wrong("the call %s of %s was answered %v, in the log is %v", k.key, k.actor, v, there)
		}
	}
	for id, r := range l.answers {
		const unkeyed = 36 // the command id of a call without a key is its event id
		if _, there := s.State(r.Instance); !there || len(id) == unkeyed && !logged[id] {
			l.wrong("command %s was accepted and is not in the log", id)
		}
	}
	return errors.Join(l.found...)
}

// final reports whether an answer is a refusal for good, not a sign of trouble.
func final(err error) bool {
	f, ok := errors.AsType[*fault.Error](err)
	return ok && f.Kind != fault.Overloaded && f.Kind != fault.Timeout && f.Kind != fault.Internal
}
