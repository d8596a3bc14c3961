package hosttest

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/host"
)

var (
	_ host.Store   = (*Store)(nil)
	_ host.Jobs    = (*Store)(nil)
	_ host.Library = (*Store)(nil)
)

// Origin is the installation that a Store is.
const Origin = "tallystick/test"

// Store is host.Store, host.Jobs and host.Library in memory. Several hosts may share one, like nodes that
// share a database. It is safe for concurrent use.
type Store struct {
	mu     sync.Mutex
	faults Faults
	refuse func(host.Batch) error

	afterActivate func()

	sequence  int64
	policy    int64
	catalog   host.Catalog
	sources   map[int64][]byte
	instances map[int64]instance
	heads     map[string]audit.Head
	entries   []host.AuditRow
	journal   []written
	commands  map[string]host.Outcome
	accounts  []host.AccountChange
	timers    map[int64]host.DueTimer
	claims    map[int64]time.Time // of timers, until when
	ended     map[int64]instance
	suspended map[int64]bool
	forgotten map[int64]bool // instances that ended, evaluations
	jobs      map[int64]*job
	commits   int
	watch     errandWatch
	waiting
}

// written is an event with the time at which it became durable.
type written struct {
	host.Event
	at time.Time
}

type instance struct {
	host.Stored
	status  string
	process string
}

// New returns an empty store without faults.
func New() *Store {
	return &Store{
		sequence: 1, policy: 1,
		sources: map[int64][]byte{}, instances: map[int64]instance{}, heads: map[string]audit.Head{},
		commands: map[string]host.Outcome{}, timers: map[int64]host.DueTimer{}, claims: map[int64]time.Time{},
		ended: map[int64]instance{}, suspended: map[int64]bool{}, forgotten: map[int64]bool{}, jobs: map[int64]*job{},
		waiting: newWaiting(), watch: newErrandWatch(),
	}
}

// Clone returns a store with the same contents and without faults. Rows are values that nobody changes, or
// are copied.
func (s *Store) Clone() *Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &Store{
		sequence: s.sequence, policy: s.policy, catalog: s.catalog, commits: s.commits,
		sources: maps.Clone(s.sources), instances: maps.Clone(s.instances), heads: maps.Clone(s.heads),
		commands: maps.Clone(s.commands), timers: maps.Clone(s.timers), claims: maps.Clone(s.claims),
		ended: maps.Clone(s.ended), jobs: make(map[int64]*job, len(s.jobs)),
		entries: slices.Clone(s.entries), journal: slices.Clone(s.journal), accounts: slices.Clone(s.accounts),
		waiting: s.waiting.clone(), watch: s.watch.clone(), suspended: maps.Clone(s.suspended),
		forgotten: maps.Clone(s.forgotten),
	}
	c.catalog.Processes, c.catalog.Decisions = slices.Clone(s.catalog.Processes), slices.Clone(s.catalog.Decisions)
	c.catalog.Graphs = slices.Clone(s.catalog.Graphs)
	c.catalog.Forms, c.catalog.Models = slices.Clone(s.catalog.Forms), slices.Clone(s.catalog.Models)
	for key, j := range s.jobs {
		row := *j
		c.jobs[key] = &row
	}
	return c
}

// Load implements host.Store.
func (s *Store) Load(ctx context.Context, keys []int64) (host.Loaded, error) {
	if err := s.strike(ctx, OpLoad); err != nil {
		return host.Loaded{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found := map[int64]host.Stored{}
	for _, k := range keys {
		if i, ok := s.instances[k]; ok {
			found[k] = i.Stored
		}
	}
	return host.Loaded{Instances: found, Policy: s.policy, Library: s.catalog.Version, Now: time.Now()}, nil
}

// Outcomes implements host.Store.
func (s *Store) Outcomes(ctx context.Context, ids []string) (map[string]host.Outcome, error) {
	if err := s.strike(ctx, OpOutcomes); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found := map[string]host.Outcome{}
	for _, id := range ids {
		if o, ok := s.commands[id]; ok {
			found[id] = o
		}
	}
	return found, nil
}

// Due implements host.Store.
func (s *Store) Due(ctx context.Context, now, until time.Time, limit int) ([]host.DueTimer, error) {
	if err := s.strike(ctx, OpDue); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var due []host.DueTimer
	for _, t := range s.sortedTimers() {
		if len(due) == limit || t.Due.After(now) {
			break
		}
		if !s.claims[t.Timer].After(now) && !s.suspended[t.Instance] {
			s.claims[t.Timer] = until
			due = append(due, t)
		}
	}
	return due, nil
}

// NextDue implements host.Store.
func (s *Store) NextDue(ctx context.Context) (time.Time, bool, error) {
	if err := s.strike(ctx, OpDue); err != nil {
		return time.Time{}, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var next time.Time
	for _, t := range s.timers {
		if s.suspended[t.Instance] {
			continue
		}
		at := t.Due
		if claim := s.claims[t.Timer]; claim.After(at) {
			at = claim
		}
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	for _, at := range s.next {
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next, !next.IsZero(), nil
}

func (s *Store) sortedTimers() []host.DueTimer {
	return slices.SortedFunc(maps.Values(s.timers), func(a, b host.DueTimer) int {
		if c := a.Due.Compare(b.Due); c != 0 {
			return c
		}
		return int(a.Timer - b.Timer)
	})
}

// Sequences implements host.Store.
func (s *Store) Sequences(ctx context.Context, n int) (int64, error) {
	if err := s.strike(ctx, OpSequences); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sequence += int64(n)
	return s.sequence - int64(n), nil
}

// Status implements host.Store.
func (s *Store) Status(ctx context.Context, key int64) (host.InstanceStatus, bool, error) {
	if err := s.strike(ctx, OpLoad); err != nil {
		return host.InstanceStatus{}, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.find(key)
	if s.suspended[key] {
		i.status = host.StatusSuspended
	}
	return host.InstanceStatus{Status: i.status, ProcessID: i.process}, ok, nil
}

// find returns an instance, active or ended.
func (s *Store) find(key int64) (instance, bool) {
	if i, ok := s.instances[key]; ok {
		return i, true
	}
	i, ok := s.ended[key]
	return i, ok && !s.forgotten[key]
}

// EntryHash implements host.Store.
func (s *Store) EntryHash(ctx context.Context, stream string, seq int64) ([32]byte, bool, error) {
	if err := s.strike(ctx, OpOutcomes); err != nil {
		return [32]byte{}, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(s.entries) - 1; i >= 0; i-- {
		if e := &s.entries[i]; e.Entry.Stream == stream && e.Entry.Seq == seq {
			return e.Hash, true, nil
		}
	}
	return [32]byte{}, false, nil
}

// Heads implements host.Store.
func (s *Store) Heads(ctx context.Context, streams []string) (map[string]audit.Head, error) {
	if err := s.strike(ctx, OpHeads); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found := map[string]audit.Head{}
	for _, name := range streams {
		if h, ok := s.heads[name]; ok {
			found[name] = h
		}
	}
	return found, nil
}

// Entries returns the audit log in order of commit.
func (s *Store) Entries() []host.AuditRow {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.entries)
}

// Accounts returns the account changes that were committed.
func (s *Store) Accounts() []host.AccountChange {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.accounts)
}

// Commits counts the transactions that wrote something.
func (s *Store) Commits() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commits
}

// State returns the stored state of an instance; false when there is none.
func (s *Store) State(key int64) (engine.State, bool) {
	s.mu.Lock()
	i, ok := s.find(key)
	s.mu.Unlock()
	if !ok {
		return engine.State{}, false
	}
	st, err := engine.DecodeState(i.State)
	if err != nil {
		panic("hosttest: a stored state cannot be read: " + err.Error())
	}
	return st, true
}

// Instances returns the keys of all instances in ascending order.
func (s *Store) Instances() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(func(yield func(int64) bool) {
		for key := range s.instances {
			if !yield(key) {
				return
			}
		}
		for key := range s.ended {
			if !yield(key) {
				return
			}
		}
	})
}

// Active returns the keys of the instances that have not ended, in ascending order.
func (s *Store) Active() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.instances))
}

// Journal returns the records of an instance in order of commit.
func (s *Store) Journal(key int64) (records []engine.Record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.journal {
		if w.Instance == key {
			records = append(records, w.Record)
		}
	}
	return records
}
