package hosttest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"tallystick/engine"
	"tallystick/host"
)

// errandWatch notes, while the store is written, what no later look at it would show: errands that were removed
// without what they ask for, or whose effect came without them.
type errandWatch struct {
	found   []error
	entered map[mark]int64 // the instance that a message went to, by the records alone
	held    map[lockName]int64
}

func newErrandWatch() errandWatch {
	return errandWatch{entered: map[mark]int64{}, held: map[lockName]int64{}}
}

func (w errandWatch) clone() errandWatch {
	return errandWatch{slices.Clone(w.found), maps.Clone(w.entered), maps.Clone(w.held)}
}

func (s *Store) wrong(format string, args ...any) {
	s.watch.found = append(s.watch.found, fmt.Errorf(format, args...))
}

// watchCommit compares the errands that a batch removes with what it does; the batch is about to be written.
func (s *Store) watchCommit(b host.Batch) {
	for _, key := range b.Done {
		if e := s.errands[key]; !s.carries(b, e) {
			s.wrong("errand %s of %d about %d was removed by a command that does something else", e.Kind, e.Source, e.About)
		}
	}
	for _, e := range b.Events {
		s.watchEffect(b, e)
	}
	for _, a := range b.StartAlarms {
		start := s.starts[a.Key]
		if early := time.Until(a.Before); early > 0 {
			s.wrong("start event %s fired %s early", start.Element, early)
		}
		if !slices.ContainsFunc(b.Events, func(e host.Event) bool { return beginsAt(e, start) }) {
			s.wrong("start event %s fired and nothing started", start.Element)
		}
	}
}

// carries reports whether a batch does what an errand asks for.
func (s *Store) carries(b host.Batch, e host.Errand) bool {
	return slices.ContainsFunc(b.Events, func(x host.Event) bool {
		switch r := x.Record.(type) {
		case engine.InstanceStarted:
			return e.Kind == host.ErrandCall && x.Instance == e.Key && r.Caller == e.About ||
				e.Kind == host.ErrandSignal && signalTarget(e).Definition == r.Definition
		case engine.CallAnswered:
			return e.Kind == host.ErrandReturn && r.ElementInstance == e.About || beyond(e, r) && x.Instance == e.Source
		case engine.InstanceTerminated:
			return e.Kind == host.ErrandCancel && s.called[-e.About] == x.Instance || e.Kind == host.ErrandRelease && x.Instance == e.About
		case engine.InstanceCompleted:
			return e.Kind == host.ErrandRelease && x.Instance == e.About
		case engine.SubscriptionTriggered:
			return e.Kind == host.ErrandSeek && r.Key == e.About || e.Kind == host.ErrandSignal && signalTarget(e).Subscription == r.Key
		}
		switch e.Kind {
		case host.ErrandCall: // it could not start, which its caller hears
			return x.Instance == e.Source
		case host.ErrandError, host.ErrandEscalation:
			return x.Instance == engine.InstanceOf(e.About)
		case host.ErrandCompensate:
			return x.Instance == e.About
		}
		return false
	})
}

// beyond reports whether a caller was told that the called instance, whose compensation it asked for, is beyond that.
func beyond(e host.Errand, r engine.CallAnswered) bool {
	return e.Kind == host.ErrandCompensate && r.Called == e.About
}

// target is whom a signal is for.
type target struct{ Subscription, Instance, Definition int64 }

func signalTarget(e host.Errand) target {
	var to target
	if err := json.Unmarshal(e.Payload, &to); err != nil {
		panic("hosttest: the errand of a signal cannot be read: " + err.Error())
	}
	return to
}

// watchEffect finds what only an errand, a mark or an alarm may bring about.
func (s *Store) watchEffect(b host.Batch, e host.Event) {
	switch r := e.Record.(type) {
	case engine.InstanceStarted:
		if r.Caller != 0 && !slices.Contains(b.Done, e.Instance) {
			s.wrong("instance %d was called by %d and no errand says so", e.Instance, r.Caller)
		}
		for _, start := range s.starts {
			alarmed := slices.ContainsFunc(b.StartAlarms, func(a host.StartAlarm) bool { return a.Key == start.Key })
			if !start.Alarm.Due.IsZero() && beginsAt(e, start) && !alarmed {
				s.wrong("instance %d was started by the timer %s, whose next date was not set", e.Instance, r.Start)
			}
		}
		s.enter(b, e, r.Message)
		s.hold(e, r.Message)
	case engine.InstanceMigrated:
		maps.DeleteFunc(s.watch.held, func(name lockName, by int64) bool { return by == e.Instance && name.process != e.ProcessID })
	case engine.SubscriptionTriggered:
		s.enter(b, e, r.Message)
	case engine.CallAnswered:
		if !slices.ContainsFunc(b.Done, func(key int64) bool { e := s.errands[key]; return e.About == r.ElementInstance || beyond(e, r) }) {
			s.wrong("call %d was answered and no errand says so", r.ElementInstance)
		}
	}
}

// beginsAt reports whether an event starts an instance at a start event.
func beginsAt(e host.Event, at host.StartEvent) bool {
	r, begins := e.Record.(engine.InstanceStarted)
	return begins && r.Definition == at.Definition && r.Start == at.Element
}

// enter notes that a message went into a process: once, and with its mark.
func (s *Store) enter(b host.Batch, e host.Event, m engine.MessageRef) {
	if m.Key == 0 {
		return
	}
	at := mark{m.Key, e.ProcessID}
	if before, twice := s.watch.entered[at]; twice {
		s.wrong("message %s entered process %s twice, in %d and in %d", m.Name, e.ProcessID, before, e.Instance)
	}
	s.watch.entered[at] = e.Instance
	marked := func(c host.Correlation) bool { return c.Message.Key == m.Key && c.ProcessID == e.ProcessID }
	if !slices.ContainsFunc(b.Correlations, marked) {
		s.wrong("message %s entered process %s without a mark", m.Name, e.ProcessID)
	}
}

// hold notes which instance a correlation key has started: one at a time.
func (s *Store) hold(e host.Event, m engine.MessageRef) {
	if m.CorrelationKey == "" {
		return
	}
	name := lockName{e.ProcessID, m.CorrelationKey}
	if before := s.watch.held[name]; before != 0 {
		if _, active := s.instances[before]; active {
			s.wrong("key %s started %d of process %s while %d was active", name.key, e.Instance, name.process, before)
		}
	}
	s.watch.held[name] = e.Instance
}

// watchDismissal finds errands that were dropped although what they ask for could be done. Those that look for
// messages are checked by what is left afterwards.
func (s *Store) watchDismissal(gone []host.Errand) {
	for _, e := range gone {
		switch e.Kind {
		case host.ErrandCall:
			canceled := func(other host.Errand) bool { return other.Kind == host.ErrandCancel && other.About == -e.About }
			if !slices.ContainsFunc(gone, canceled) && s.waitsForCall(e.About) {
				s.wrong("the start of what %d called was dropped", e.About)
			}
		case host.ErrandCancel:
			if _, active := s.instances[s.called[-e.About]]; active {
				s.wrong("the cancellation of what %d called was dropped", -e.About)
			}
		case host.ErrandReturn, host.ErrandError:
			if s.waitsForCall(e.About) {
				s.wrong("the answer (%s) to %d was dropped", e.Kind, e.About)
			}
		case host.ErrandCompensate, host.ErrandRelease:
			if _, active := s.instances[e.About]; active {
				s.wrong("%s of %d was dropped", e.Kind, e.About)
			}
		case host.ErrandSignal:
			if _, open := s.subscriptions[signalTarget(e).Subscription]; open {
				s.wrong("a signal for %d was dropped", signalTarget(e).Subscription)
			}
		}
	}
	if err := s.overlooked(time.Now()); err != nil {
		s.watch.found = append(s.watch.found, err)
	}
}

// waitsForCall reports whether an element instance still waits for what it called.
func (s *Store) waitsForCall(elementInstance int64) bool {
	row, active := s.instances[engine.InstanceOf(elementInstance)]
	if !active {
		return false
	}
	st, err := engine.DecodeState(row.State)
	if err != nil {
		panic("hosttest: a stored state cannot be read: " + err.Error())
	}
	_, open := st.Element(elementInstance)
	parked := slices.ContainsFunc(st.Incidents(), func(i engine.Incident) bool { return i.ElementInstance == elementInstance })
	return open && !parked
}

// overlooked finds a message and somebody who waits for it, whom nobody will bring together any more.
func (s *Store) overlooked(now time.Time) error {
	busy := func(kind string, about int64) bool {
		for _, e := range s.errands {
			if e.Kind == kind && e.About == about {
				return true
			}
		}
		return false
	}
	for _, m := range s.messages {
		if m.Expires.After(m.Published) && !m.Expires.After(now) || busy(host.ErrandMatch, m.Key) {
			continue
		}
		for _, c := range s.subscriptions {
			_, entered := s.correlations[mark{m.Key, c.ProcessID}]
			fits := c.kind == engine.SubscribesMessage && c.Name == m.Name && c.CorrelationKey == m.CorrelationKey
			if fits && !entered && !s.suspended[c.Instance] && !busy(host.ErrandSeek, c.Subscription) {
				return fmt.Errorf("message %s waits, and so does %s of %d for it", m.Name, c.Element, c.Instance)
			}
		}
		for _, e := range s.starts {
			_, entered := s.correlations[mark{m.Key, e.ProcessID}]
			lock, locked := s.locks[lockName{e.ProcessID, m.CorrelationKey}]
			locked = locked && (!lock.freed || busy(host.ErrandFree, lock.instance))
			if e.Type == engine.SubscribesMessage && e.Name == m.Name && !entered && !locked {
				return fmt.Errorf("message %s waits, and so does the start event %s for it", m.Name, e.Element)
			}
		}
	}
	return nil
}

// VerifyQuiet checks what must hold when nothing moves any more, beside what Verify checks:
//
//   - no errand is left, no message that was not to be kept, no lock of an instance that has ended;
//   - a message that waits finds nobody who waits for it;
//   - every called instance that is active has a caller who waits for it or may undo it, and there is one of them.
func (s *Store) VerifyQuiet() error {
	c := s.Clone()
	var found []error
	for _, key := range slices.Sorted(maps.Keys(c.errands)) {
		e := c.errands[key]
		found = append(found, fmt.Errorf("errand %s of %d about %d is left", e.Kind, e.Source, e.About))
	}
	for _, m := range c.messages {
		if !m.Expires.After(m.Published) {
			found = append(found, fmt.Errorf("message %s was not to be kept", m.Name))
		}
	}
	for name, l := range c.locks {
		if _, active := c.instances[l.instance]; !active {
			found = append(found, fmt.Errorf("key %s of process %s is locked by %d, which has ended", name.key, name.process, l.instance))
		}
	}
	return errors.Join(append(found, c.overlooked(time.Now()), c.verifyCalls())...)
}

// verifyCalls finds called instances without a caller, and callers with two.
func (s *Store) verifyCalls() error {
	by := map[int64]int64{}
	for _, key := range slices.Sorted(maps.Keys(s.instances)) {
		st, err := engine.DecodeState(s.instances[key].State)
		if err != nil {
			return err
		}
		caller := st.Caller()
		if caller == 0 {
			continue
		}
		home, active := s.instances[engine.InstanceOf(caller)]
		if !active {
			return fmt.Errorf("instance %d was called by one that has ended", key)
		}
		if s.returned(key) {
			continue // kept to be undone
		}
		if other := by[caller]; other != 0 {
			return fmt.Errorf("instances %d and %d were both called by %d", other, key, caller)
		}
		by[caller] = key
		parent, err := engine.DecodeState(home.State)
		if err != nil {
			return err
		}
		if _, waits := parent.Element(caller); !waits {
			return fmt.Errorf("instance %d was called by %d, which does not wait for it", key, caller)
		}
	}
	return nil
}

// returned reports whether an instance has told its caller that it can be undone.
func (s *Store) returned(instance int64) bool {
	return slices.ContainsFunc(s.journal, func(e written) bool {
		r, returns := e.Record.(engine.CallReturned)
		return returns && r.Compensable && e.Instance == instance
	})
}
