package hosttest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"tallystick/engine"
	"tallystick/host"
)

// Message implements host.Store.
func (s *Store) Message(ctx context.Context, key int64) (host.Message, bool, error) {
	if err := s.strike(ctx, OpMessages); err != nil {
		return host.Message{}, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.messages[key]
	return m, ok, nil
}

// Waiting implements host.Store.
func (s *Store) Waiting(ctx context.Context, name, key, process string, now time.Time) (host.Message, bool, error) {
	if err := s.strike(ctx, OpMessages); err != nil {
		return host.Message{}, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []host.Message
	for _, m := range s.messages {
		_, entered := s.correlations[mark{m.Key, process}]
		over := m.Expires.After(m.Published) && !m.Expires.After(now)
		if m.Name == name && m.CorrelationKey == key && !entered && !over {
			found = append(found, m)
		}
	}
	if len(found) == 0 {
		return host.Message{}, false, nil
	}
	return slices.MinFunc(found, func(a, b host.Message) int {
		return cmp.Or(a.Published.Compare(b.Published), cmp.Compare(a.Key, b.Key))
	}), true, nil
}

// MessageCatchers implements host.Store.
func (s *Store) MessageCatchers(ctx context.Context, name, key string) ([]host.Catcher, error) {
	return s.catchers(ctx, engine.SubscribesMessage, func(c host.Catcher) bool {
		return c.Name == name && (c.Instance == 0 || c.CorrelationKey == key)
	})
}

// SignalCatchers implements host.Store.
func (s *Store) SignalCatchers(ctx context.Context, names []string) ([]host.Catcher, error) {
	return s.catchers(ctx, engine.SubscribesSignal, func(c host.Catcher) bool { return slices.Contains(names, c.Name) })
}

func (s *Store) catchers(ctx context.Context, kind string, fits func(host.Catcher) bool) ([]host.Catcher, error) {
	if err := s.strike(ctx, OpMessages); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	open := slices.SortedFunc(maps.Values(s.subscriptions), func(a, b subscription) int {
		return cmp.Or(a.opened.Compare(b.opened), cmp.Compare(a.Subscription, b.Subscription))
	})
	var found []host.Catcher
	for _, c := range open {
		if c.kind == kind && fits(c.Catcher) && !s.suspended[c.Instance] {
			found = append(found, c.Catcher)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.starts)) {
		e := s.starts[key]
		c := host.Catcher{
			Subscription: key, Definition: e.Definition, ProcessID: e.ProcessID, Element: e.Element, Part: e.Part, Name: e.Name,
			Together: e.Together,
		}
		if e.Type == kind && fits(c) {
			found = append(found, c)
		}
	}
	return found, nil
}

// StartEvents implements host.Store.
func (s *Store) StartEvents(ctx context.Context, kind, process string) ([]host.StartEvent, error) {
	if err := s.strike(ctx, OpMessages); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []host.StartEvent
	for _, key := range slices.Sorted(maps.Keys(s.starts)) {
		if e := s.starts[key]; e.Type == kind && (process == "" || e.ProcessID == process) {
			found = append(found, e)
		}
	}
	return found, nil
}

// FreeStart implements host.Store.
func (s *Store) FreeStart(ctx context.Context, instance int64) ([]host.StartLock, error) {
	if err := s.strike(ctx, OpDismiss); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var freed []host.StartLock
	for name, l := range s.locks {
		if l.instance == instance {
			s.locks[name] = startLock{instance, true}
			freed = append(freed, host.StartLock{ProcessID: name.process, CorrelationKey: name.key, Instance: instance})
		}
	}
	return freed, nil
}

// SweepMessages implements host.Store.
func (s *Store) SweepMessages(ctx context.Context, now time.Time, limit int) (int, error) {
	if err := s.strike(ctx, OpDismiss); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, key := range slices.Sorted(maps.Keys(s.messages)) {
		m := s.messages[key]
		if n < limit && m.Expires.After(m.Published) && !m.Expires.After(now) {
			delete(s.messages, key)
			n++
		}
	}
	return n, nil
}

// DueStarts implements host.Store.
func (s *Store) DueStarts(ctx context.Context, now, until time.Time, limit int) ([]host.DueStart, error) {
	if err := s.strike(ctx, OpDue); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var due []host.DueStart
	for _, key := range slices.Sorted(maps.Keys(s.next)) {
		if len(due) == limit || s.next[key].After(now) {
			continue
		}
		e := s.starts[key]
		if s.rests(host.SuspendsDefinition, e.ProcessID, s.version(e.Definition)) {
			continue
		}
		s.next[key] = until
		due = append(due, host.DueStart{
			Key: key, Definition: e.Definition, ProcessID: e.ProcessID, Element: e.Element, Part: e.Part, Alarm: e.Alarm,
		})
	}
	return due, nil
}
