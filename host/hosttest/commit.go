package hosttest

import (
	"cmp"
	"context"
	"time"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/fault"
	"tallystick/host"
)

// ErrUnknown is a commit whose answer was lost, in the words of store.
var ErrUnknown = fault.New(fault.Overloaded, "store.unknown", "the connection broke at commit")

// ErrUnavailable is a store that does not answer, in the words of store.
var ErrUnavailable = fault.New(fault.Overloaded, "store.unavailable", "the database does not answer")

// Commit implements host.Store.
func (s *Store) Commit(ctx context.Context, b host.Batch) error {
	if err := s.strike(ctx, OpCommit); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.moved(b); m != nil {
		return m
	}
	if s.refuse != nil {
		if err := s.refuse(b); err != nil {
			return err
		}
	}
	if err := s.checkChains(b); err != nil {
		return err
	}
	if err := s.checkAccounts(b.Accounts); err != nil {
		return err
	}
	s.watchCommit(b)
	s.write(b)
	if s.faults.Lost != nil && s.faults.Lost() {
		return ErrUnknown
	}
	return nil
}

// moved compares everything that the batch was thought on with what is there.
func (s *Store) moved(b host.Batch) *host.Moved {
	var m host.Moved
	any := false
	for _, i := range b.Instances {
		if _, over := s.ended[i.Key]; over || s.instances[i.Key].Version != i.Version {
			m.Instances, any = append(m.Instances, i.Key), true
		}
	}
	for _, l := range b.Leases {
		if j, open := s.jobs[l.Job]; !open || j.Lease != l.Token {
			m.Leases, any = append(m.Leases, l.Job), true
		}
	}
	for _, job := range b.Locked {
		if j, open := s.jobs[job]; open && j.Deadline.IsZero() {
			m.Unlocked, any = append(m.Unlocked, job), true
		}
	}
	if b.Library != 0 && b.Library != s.catalog.Version {
		m.Library, any = true, true
	}
	seen := map[string]bool{}
	for _, c := range b.Commands {
		if _, taken := s.commands[c.ID]; taken || seen[c.ID] {
			m.Commands, any = append(m.Commands, c.ID), true
		}
		seen[c.ID] = true
	}
	for _, name := range s.movedStreams(b.Audit.Streams) {
		m.Streams, any = append(m.Streams, name), true
	}
	if b.Policy != s.policy {
		m.Policy, any = true, true
	}
	if b.Suspension != nil && b.Suspension.Library != s.catalog.Version {
		m.Library, any = true, true
	}
	if b.Deployment != nil && b.Deployment.Library != s.catalog.Version {
		m.Library, any = true, true
	}
	if s.waiting.moved(b, &m) {
		any = true
	}
	if !any {
		return nil
	}
	return &m
}

// movedAudit compares what entries outside a batch rest on: the heads of their streams, and the policy that they name.
func (s *Store) movedAudit(a host.AuditBatch) error {
	m := &host.Moved{Streams: s.movedStreams(a.Streams)}
	for _, row := range a.Entries {
		m.Policy = m.Policy || row.Entry.PolicyVersion != nil && *row.Entry.PolicyVersion != s.policy
	}
	if len(m.Streams) == 0 && !m.Policy {
		return nil
	}
	return m
}

func (s *Store) movedStreams(changes []host.StreamChange) []string {
	var out []string
	for _, c := range changes {
		have, ok := s.heads[c.Before.Stream]
		if !ok {
			have = audit.Genesis(Origin, c.Before.Tenant, c.Before.Stream)
		}
		if have != c.Before {
			out = append(out, c.Before.Stream)
		}
	}
	return out
}

// checkChains refuses a batch whose entries do not lead from the heads before to the heads after. A
// database would not notice; a test must.
func (s *Store) checkChains(b host.Batch) error {
	after := map[string]audit.Head{}
	for _, c := range b.Audit.Streams {
		after[c.Before.Stream] = c.Before
	}
	for _, row := range b.Audit.Entries {
		name := row.Entry.Stream
		head, ok := after[name]
		if !ok {
			head = audit.Genesis(Origin, row.Entry.Tenant, name)
			if i, ok := s.instances[valueOr(row.Entry.Instance)]; ok {
				head = i.Head
			}
		}
		next, err := head.Check(row.Entry)
		if err != nil {
			return err
		}
		if next.Hash != row.Hash {
			return fault.New(fault.Internal, "test.hash", "an entry of %s has another hash", name)
		}
		after[name] = next
	}
	return checkHeads(b, after)
}

func checkHeads(b host.Batch, after map[string]audit.Head) error {
	for _, c := range b.Audit.Streams {
		if after[c.After.Stream] != c.After {
			return fault.New(fault.Internal, "test.head", "stream %s ends elsewhere", c.After.Stream)
		}
	}
	for _, i := range b.Instances {
		if after[i.Head.Stream] != i.Head {
			return fault.New(fault.Internal, "test.head", "stream %s ends elsewhere", i.Head.Stream)
		}
	}
	return nil
}

func valueOr(p *int64) int64 {
	if p == nil {
		return 0
	}
	return *p
}

func (s *Store) write(b host.Batch) {
	s.commits++
	process := make(map[int64]string, len(b.Instances))
	now := time.Now()
	for _, e := range b.Events {
		process[e.Instance] = e.ProcessID
		s.journal = append(s.journal, written{e, now})
		s.project(e)
	}
	for _, i := range b.Instances {
		if process[i.Key] == "" { // a command without a record
			process[i.Key] = s.instances[i.Key].process
		}
		row := instance{host.Stored{State: i.State, Version: i.Version + 1, Head: i.Head}, i.Status, process[i.Key]}
		if i.Status == string(engine.Active) {
			s.instances[i.Key] = row
			continue
		}
		delete(s.instances, i.Key)
		s.ended[i.Key] = row
	}
	for _, h := range b.Handed {
		if j, open := s.jobs[h.Job]; open {
			j.Worker, j.Deadline, j.Lease = h.Worker, h.Deadline, 1
		}
	}
	for _, c := range b.Commands {
		s.commands[c.ID] = host.Outcome{Digest: c.Digest, Receipt: c.Receipt}
	}
	s.writeAudit(b.Audit)
	s.waiting.write(b)
	s.writeBatches(b)
	if b.Deployment != nil {
		s.deploy(b.Deployment)
		s.waiting.deploy(b.Deployment)
	}
	if b.Suspension != nil {
		s.suspend(*b.Suspension)
	}
	if len(b.Accounts) > 0 {
		s.accounts = append(s.accounts, b.Accounts...)
		s.policy++
	}
}

func (s *Store) writeAudit(a host.AuditBatch) {
	s.entries = append(s.entries, a.Entries...)
	for _, c := range a.Streams {
		s.heads[c.After.Stream] = c.After
	}
}

// project keeps what Due and Activate ask for.
func (s *Store) project(e host.Event) {
	s.waiting.project(e)
	switch r := e.Record.(type) {
	case engine.TimerArmed:
		s.timers[r.Key] = host.DueTimer{Instance: e.Instance, Timer: r.Key, Due: r.Due}
	case engine.TimerFired:
		s.dropTimer(r.Key)
	case engine.TimerCanceled:
		s.dropTimer(r.Key)
	case engine.InstanceSuspended:
		s.suspended[e.Instance] = true
	case engine.InstanceResumed, engine.InstanceCompleted, engine.InstanceTerminated:
		delete(s.suspended, e.Instance)
	case engine.JobCreated:
		s.jobs[r.Key] = &job{Job: host.Job{
			Key: r.Key, Type: r.Type, Instance: e.Instance, Element: r.Element, ElementInstance: r.ElementInstance,
			Definition: e.Definition, ProcessID: e.ProcessID, Headers: r.Headers, Retries: r.Retries, Priority: r.Priority,
			Kind: cmp.Or(r.JobKind, engine.JobElement), ListenerEvent: cmp.Or(r.ListenerEvent, engine.ListensToNothing), UserTask: r.UserTask,
		}}
	case engine.JobMigrated:
		j := s.jobs[r.Key]
		j.Definition, j.ProcessID, j.Element = e.Definition, e.ProcessID, r.Element
	case engine.JobFailed:
		j := s.jobs[r.Key]
		j.Retries, j.notBefore, j.Deadline = r.Retries, r.NotBefore, zeroTime
	case engine.JobRetriesUpdated:
		s.jobs[r.Key].Retries = r.Retries
	case engine.JobPriorityChanged:
		s.jobs[r.Key].Priority = r.Priority
	case engine.JobLockMoved:
		if j := s.jobs[r.Key]; !j.Deadline.IsZero() {
			j.Deadline = r.Deadline
		}
	case engine.JobCompleted:
		delete(s.jobs, r.Key)
	case engine.JobErrorThrown:
		delete(s.jobs, r.Key)
	case engine.JobCanceled:
		delete(s.jobs, r.Key)
	}
}

func (s *Store) dropTimer(key int64) {
	delete(s.timers, key)
	delete(s.claims, key)
}
