package hosttest

import (
	"context"
	"maps"
	"slices"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/internal/canon"
)

// mark names a message in a process.
type mark struct {
	message int64
	process string
}

// lockName is what only one active instance has been started by.
type lockName struct{ process, key string }

type startLock struct {
	instance int64
	freed    bool
}

// subscription is an open subscription with the time at which it was opened.
type subscription struct {
	host.Catcher
	kind   string
	opened time.Time
}

// waiting is what commands left to be done and what messages and signals find.
type waiting struct {
	errands       map[int64]host.Errand
	messages      map[int64]host.Message
	correlations  map[mark]host.Correlation
	locks         map[lockName]startLock
	subscriptions map[int64]subscription
	starts        map[int64]host.StartEvent
	next          map[int64]time.Time // of timer start events
	called        map[int64]int64     // instances by the element instance that called them
	stores        map[string]canon.JSON
	operations    map[int64]BatchOperation
	items         map[host.BatchItemID]BatchItem
}

func newWaiting() waiting {
	return waiting{
		map[int64]host.Errand{},
		map[int64]host.Message{},
		map[mark]host.Correlation{},
		map[lockName]startLock{},
		map[int64]subscription{},
		map[int64]host.StartEvent{},
		map[int64]time.Time{},
		map[int64]int64{},
		map[string]canon.JSON{},
		map[int64]BatchOperation{},
		map[host.BatchItemID]BatchItem{},
	}
}

func (w waiting) clone() waiting {
	return waiting{
		maps.Clone(w.errands), maps.Clone(w.messages), maps.Clone(w.correlations), maps.Clone(w.locks),
		maps.Clone(w.subscriptions), maps.Clone(w.starts), maps.Clone(w.next), maps.Clone(w.called), maps.Clone(w.stores),
		maps.Clone(w.operations), maps.Clone(w.items),
	}
}

// first reports whether an errand is there and no earlier one of its chain is in front of it.
func (w waiting) first(key int64) bool {
	x, ok := w.errands[key]
	if !ok {
		return false
	}
	for _, e := range w.errands {
		if e.Source == x.Source && e.About == x.About && e.Number < x.Number {
			return false
		}
	}
	return true
}

// moved adds what a batch does beside its commands and somebody else has done.
func (w waiting) moved(b host.Batch, m *host.Moved) (any bool) {
	for _, key := range b.Done {
		if !w.first(key) {
			m.Errands, any = append(m.Errands, key), true
		}
	}
	for _, x := range b.Messages {
		if x.ID != "" && slices.ContainsFunc(slices.Collect(maps.Values(w.messages)), func(y host.Message) bool {
			return x.ID == y.ID && x.Name == y.Name && x.CorrelationKey == y.CorrelationKey
		}) {
			m.Messages, any = append(m.Messages, x.Key), true
		}
	}
	for _, c := range b.Correlations {
		if _, taken := w.correlations[mark{c.Message.Key, c.ProcessID}]; taken {
			m.Correlations, any = append(m.Correlations, c.Instance), true
		}
	}
	for _, l := range b.StartLocks {
		if have, taken := w.locks[lockName{l.ProcessID, l.CorrelationKey}]; taken && !have.freed {
			m.StartLocks, any = append(m.StartLocks, l.Instance), true
		}
	}
	for _, a := range b.StartAlarms {
		if have, there := w.starts[a.Key]; !there || !have.Alarm.Due.Equal(a.Before) {
			m.StartAlarms, any = append(m.StartAlarms, a.Key), true
		}
	}
	return w.movedBatches(b, m) || any
}

func (w waiting) write(b host.Batch) {
	for _, key := range b.Done {
		delete(w.errands, key)
	}
	for _, e := range b.Errands {
		w.errands[e.Key] = e
	}
	for _, m := range b.Messages {
		w.messages[m.Key] = m
	}
	for _, c := range b.Correlations {
		w.correlations[mark{c.Message.Key, c.ProcessID}] = c
	}
	for _, l := range b.StartLocks {
		w.locks[lockName{l.ProcessID, l.CorrelationKey}] = startLock{instance: l.Instance}
	}
	for _, a := range b.StartAlarms {
		if a.Over {
			delete(w.starts, a.Key)
			delete(w.next, a.Key)
			continue
		}
		s := w.starts[a.Key]
		s.Alarm = a.Next
		w.starts[a.Key], w.next[a.Key] = s, a.Next.Due
	}
}

// deploy replaces the start events of processes that have a new version.
func (w waiting) deploy(d *host.DeploymentChange) {
	for _, p := range fresh(d.Deployment.Processes) {
		for key, s := range w.starts {
			if s.ProcessID == p.ID {
				delete(w.starts, key)
				delete(w.next, key)
			}
		}
	}
	for _, s := range d.Starts {
		w.starts[s.Key] = s
		if !s.Alarm.Due.IsZero() {
			w.next[s.Key] = s.Alarm.Due
		}
	}
}

// project keeps who waits for what, and who called whom.
func (w waiting) project(e host.Event) {
	switch r := e.Record.(type) {
	case engine.SubscriptionOpened:
		w.subscriptions[r.Key] = subscription{host.Catcher{
			Subscription: r.Key, Instance: e.Instance, Definition: e.Definition, ProcessID: e.ProcessID, Element: r.Element,
			ElementInstance: r.ElementInstance, Name: r.Name, CorrelationKey: r.CorrelationKey,
		}, r.Type, e.At}
	case engine.SubscriptionMigrated:
		if c, open := w.subscriptions[r.Key]; open {
			c.Definition, c.ProcessID, c.Element = e.Definition, e.ProcessID, r.Element
			w.subscriptions[r.Key] = c
		}
	case engine.SubscriptionTriggered:
		delete(w.subscriptions, r.Key)
	case engine.SubscriptionClosed:
		delete(w.subscriptions, r.Key)
	case engine.DataStoreWritten:
		w.stores[r.Store] = r.Value
	case engine.InstanceStarted:
		if r.Caller != 0 {
			w.called[r.Caller] = e.Instance
		}
	}
}

// ClaimErrands implements host.Store.
func (s *Store) ClaimErrands(ctx context.Context, now, until time.Time, limit int) ([]host.Errand, error) {
	if err := s.strike(ctx, OpErrands); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var claimed []host.Errand
	for _, key := range slices.Sorted(maps.Keys(s.errands)) {
		e := s.errands[key]
		if len(claimed) == limit || e.Next.After(now) || !s.first(key) {
			continue
		}
		e.Next = until
		s.errands[key] = e
		claimed = append(claimed, e)
	}
	return claimed, nil
}

// Dismiss implements host.Store.
func (s *Store) Dismiss(ctx context.Context, d host.Dismissal) (bool, error) {
	if err := s.strike(ctx, OpDismiss); err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var gone []host.Errand
	for _, key := range d.Errands {
		e, there := s.errands[key]
		if !there {
			return false, nil
		}
		gone = append(gone, e)
	}
	for _, key := range d.Errands {
		delete(s.errands, key)
	}
	s.watchDismissal(gone)
	if m, ok := s.messages[d.Message]; ok && !m.Expires.After(m.Published) {
		delete(s.messages, d.Message)
	}
	for name, l := range s.locks {
		if l.freed && l.instance == d.Freed {
			delete(s.locks, name)
		}
	}
	return true, nil
}

// PendingCall implements host.Store.
func (s *Store) PendingCall(ctx context.Context, elementInstance int64) (int64, error) {
	if err := s.strike(ctx, OpErrands); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, e := range s.errands {
		if e.Kind == host.ErrandCall && e.About == elementInstance {
			return key, nil
		}
	}
	return 0, nil
}

// Called implements host.Store.
func (s *Store) Called(ctx context.Context, elementInstance int64) (int64, error) {
	if err := s.strike(ctx, OpErrands); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, active := s.instances[s.called[elementInstance]]; active {
		return s.called[elementInstance], nil
	}
	return 0, nil
}

// Pending returns the errands that are not carried out yet, in the order of their keys.
func (s *Store) Pending() []host.Errand {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []host.Errand
	for _, key := range slices.Sorted(maps.Keys(s.errands)) {
		all = append(all, s.errands[key])
	}
	return all
}

// DataStore implements host.Store.
func (s *Store) DataStore(ctx context.Context, store string) (canon.JSON, bool, error) {
	if err := s.strike(ctx, OpMessages); err != nil {
		return "", false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.stores[store]
	return value, ok, nil
}
