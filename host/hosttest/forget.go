package hosttest

import (
	"context"
	"slices"

	"tallystick/engine"
	"tallystick/host"
)

var _ host.Forgetter = (*Store)(nil)

// Forget implements host.Forgetter. The events stay for Verify.
func (s *Store) Forget(ctx context.Context, f host.Forgetting, seal func(host.Pruned) (host.AuditBatch, error)) (host.Pruned, error) {
	if err := s.strike(ctx, OpForget); err != nil {
		return host.Pruned{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Item != nil && s.items[f.Item.BatchItemID].State != host.ItemActive {
		return host.Pruned{}, &host.Moved{Items: []host.BatchItemID{f.Item.BatchItemID}}
	}
	tree, err := s.mayForget(f.Instance)
	if err != nil {
		return host.Pruned{}, err
	}
	done := host.Pruned{Instances: tree[:min(len(tree), f.Max)], More: len(tree) > f.Max}
	done.Rows = map[string]int64{"process_instance": int64(len(done.Instances))}
	rows, err := seal(done)
	if err == nil {
		err = s.movedAudit(rows)
	}
	if err != nil {
		return host.Pruned{}, err
	}
	for _, key := range done.Instances {
		s.forgotten[key] = true
	}
	if f.Item != nil && !done.More {
		s.settle(*f.Item)
	}
	s.writeAudit(rows)
	return done, nil
}

// EvaluationInfo implements host.Forgetter.
func (s *Store) EvaluationInfo(ctx context.Context, key int64) (host.EvaluationInfo, bool, error) {
	if err := s.strike(ctx, OpForget); err != nil {
		return host.EvaluationInfo{}, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	of, ok := s.evaluation(key)
	return of, ok, nil
}

// ForgetEvaluation implements host.Forgetter. Its event stays for Verify.
func (s *Store) ForgetEvaluation(ctx context.Context, key int64, seal func(host.ForgottenEvaluations) (host.AuditBatch, error)) error {
	if err := s.strike(ctx, OpForget); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if of, ok := s.evaluation(key); !ok || of.Instance != 0 {
		return host.ErrNoEvaluation
	}
	rows, err := seal(host.ForgottenEvaluations{Keys: []int64{key}, Rows: 1})
	if err == nil {
		err = s.movedAudit(rows)
	}
	if err != nil {
		return err
	}
	s.forgotten[key] = true
	s.writeAudit(rows)
	return nil
}

func (s *Store) evaluation(key int64) (host.EvaluationInfo, bool) {
	for _, e := range s.journal {
		if r, ok := e.Record.(engine.DecisionEvaluated); ok && r.Key == key && !s.forgotten[key] && !s.forgotten[e.Instance] {
			return host.EvaluationInfo{DecisionID: r.Decision.ID, Instance: e.Instance}, true
		}
	}
	return host.EvaluationInfo{}, false
}

// mayForget lists an instance and those that it called, the deepest first, when all of them may go.
func (s *Store) mayForget(instance int64) ([]int64, error) {
	if _, there := s.find(instance); !there {
		return nil, engine.ErrInstanceNotFound
	}
	called, tree := s.calls(instance), []int64{instance}
	if called == nil {
		return nil, host.ErrInstanceCalled
	}
	for i := 0; i < len(tree); i++ {
		if _, active := s.instances[tree[i]]; active {
			return nil, host.ErrInstanceActive
		}
		tree = append(tree, called[tree[i]]...)
	}
	slices.Reverse(tree)
	return tree, nil
}

// calls lists what each instance called, of all that are there; nil when one that is there called the instance.
func (s *Store) calls(instance int64) map[int64][]int64 {
	called := map[int64][]int64{}
	for _, e := range s.journal {
		r, ok := e.Record.(engine.InstanceStarted)
		if !ok || r.Parent == 0 {
			continue
		}
		_, caller := s.find(r.Parent)
		if _, there := s.find(e.Instance); !there || !caller {
			continue
		}
		if e.Instance == instance {
			return nil
		}
		called[r.Parent] = append(called[r.Parent], e.Instance)
	}
	return called
}
