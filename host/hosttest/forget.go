package hosttest

import (
	"context"
	"errors"

	"tallystick/engine"
	"tallystick/host"
)

var _ host.Forgetter = (*Store)(nil)

// Forget implements host.Forgetter for instances that neither called others nor were called. Their events stay for
// Verify.
func (s *Store) Forget(ctx context.Context, f host.Forgetting, seal func(host.Pruned) (host.AuditBatch, error)) (host.Pruned, error) {
	if err := s.strike(ctx, OpForget); err != nil {
		return host.Pruned{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Item != nil && s.items[f.Item.BatchItemID].State != host.ItemActive {
		return host.Pruned{}, &host.Moved{Items: []host.BatchItemID{f.Item.BatchItemID}}
	}
	if err := s.mayForget(f.Instance); err != nil {
		return host.Pruned{}, err
	}
	done := host.Pruned{Instances: []int64{f.Instance}, Rows: map[string]int64{"process_instance": 1}}
	rows, err := seal(done)
	if err != nil {
		return host.Pruned{}, err
	}
	s.forgotten[f.Instance] = true
	if f.Item != nil {
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

func (s *Store) mayForget(instance int64) error {
	if _, active := s.instances[instance]; active {
		return host.ErrInstanceActive
	}
	if _, there := s.find(instance); !there {
		return engine.ErrInstanceNotFound
	}
	for _, e := range s.journal {
		if r, ok := e.Record.(engine.InstanceStarted); ok && r.Parent != 0 && (e.Instance == instance || r.Parent == instance) {
			return errors.New("hosttest: an instance that called or was called cannot be forgotten here")
		}
	}
	return nil
}
