package hosttest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/query"
)

var zeroTime time.Time

// job is an open job; Deadline is the end of its lock.
type job struct {
	host.Job
	notBefore time.Time
}

// Activate implements host.Jobs.
func (s *Store) Activate(ctx context.Context, a host.Activation, now time.Time, see query.Access,
	seal func([]host.Job) (host.AuditBatch, error),
) ([]host.Job, error) {
	if err := s.strike(ctx, OpActivate); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	locked := s.lockable(a, now, see)
	if len(locked) == 0 {
		return nil, nil
	}
	rows, err := seal(locked)
	if err != nil {
		return nil, err
	}
	if err := s.movedAudit(rows); err != nil {
		return nil, err
	}
	for _, j := range locked {
		s.jobs[j.Key].Worker, s.jobs[j.Key].Deadline, s.jobs[j.Key].Lease = j.Worker, j.Deadline, j.Lease
	}
	s.writeAudit(rows)
	if s.afterActivate != nil {
		s.afterActivate()
	}
	return locked, nil
}

// AfterActivate calls f when jobs were locked and their worker has not heard of it yet; nil ends it.
func (s *Store) AfterActivate(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.afterActivate = f
}

func (s *Store) lockable(a host.Activation, now time.Time, see query.Access) []host.Job {
	var out []host.Job
	if s.rests(host.SuspendsJobs, a.Type, 0) {
		return nil
	}
	for _, key := range s.queue() {
		j := s.jobs[key]
		visible := (see.All || slices.Contains(see.Definitions, j.ProcessID)) && !slices.Contains(see.Denied, j.ProcessID)
		if len(out) == a.Max || j.Type != a.Type || j.Retries < 1 || !visible || s.suspended[j.Instance] {
			continue
		}
		if now.Before(j.notBefore) || now.Before(j.Deadline) {
			continue
		}
		locked := j.Job
		locked.Worker, locked.Deadline, locked.Lease = a.Worker, now.Add(a.Timeout), j.Lease+1
		if st, err := engine.DecodeState(s.instances[j.Instance].State); err == nil {
			locked.Root = st.Root()
			locked.Variables = st.VisibleVariables(j.ElementInstance)
			locked.UserTask.Complete(locked.Variables, nil)
		}
		out = append(out, locked)
	}
	return out
}

// queue has the open jobs in the order in which they are handed out.
func (s *Store) queue() []int64 {
	return slices.SortedFunc(maps.Keys(s.jobs), func(a, b int64) int {
		return cmp.Or(cmp.Compare(s.jobs[b].Priority, s.jobs[a].Priority), cmp.Compare(a, b))
	})
}

// Extend implements host.Jobs.
func (s *Store) Extend(ctx context.Context, l host.JobLock, now time.Time, rows host.AuditBatch) (bool, error) {
	if err := s.strike(ctx, OpExtend); err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	j, ok := s.jobs[l.Job]
	if !ok || l.Lease != 0 && l.Lease != j.Lease {
		return false, nil
	}
	if err := s.movedAudit(rows); err != nil {
		return false, err
	}
	j.Deadline = now.Add(l.Timeout)
	s.writeAudit(rows)
	return true, nil
}

// Renew implements host.Jobs.
func (s *Store) Renew(ctx context.Context, leases []host.Lease, until time.Time) error {
	if err := s.strike(ctx, OpExtend); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range leases {
		if j, open := s.jobs[l.Job]; open && j.Lease == l.Token {
			j.Deadline = until
		}
	}
	return nil
}

// JobInfo implements host.Jobs.
func (s *Store) JobInfo(ctx context.Context, key int64) (host.JobInfo, bool, error) {
	if err := s.strike(ctx, OpExtend); err != nil {
		return host.JobInfo{}, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	j, ok := s.jobs[key]
	if !ok {
		return host.JobInfo{}, false, nil
	}
	return host.JobInfo{ProcessID: j.ProcessID, Type: j.Type, Worker: j.Worker, Lease: j.Lease, Locked: !j.Deadline.IsZero()}, true, nil
}
