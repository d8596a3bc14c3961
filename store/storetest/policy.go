package storetest

import (
	"time"

	"tallystick/audit"
	"tallystick/host"
	"tallystick/query"
)

var policyCases = []testCase{
	{"what is no batch is written under the newest policy", policyFenced},
}

// policyFenced does everything outside of batches under the policy before the last, and then under the last.
func policyFenced(w *world) {
	ended := w.started(2)
	over := w.frozen(host.BatchCancel)
	w.must(w.move(over, host.BatchCanceled, host.BatchCreated))
	evaluations := w.evaluated(2)
	w.finish(ended...)
	locked := host.JobLock{Job: oneJob(w) + 1, Timeout: time.Hour}
	w.activate(host.Activation{Type: "x", Max: 1, Timeout: time.Minute}, noon)
	open := oneJob(w)
	old := w.load().Policy
	w.administer(host.AccountChange{CreateGroup: "clerks"})
	for _, op := range []struct {
		name string
		do   func(rows host.AuditBatch) (done bool, err error)
	}{
		{"activate", func(rows host.AuditBatch) (bool, error) {
			jobs, err := w.db.Activate(w.Context(), host.Activation{Type: "x", Max: 1, Timeout: time.Minute}, noon, all,
				func([]host.Job) (host.AuditBatch, error) { return rows, nil })
			return len(jobs) == 1 && jobs[0].Instance == open, err
		}},
		{"extend", func(rows host.AuditBatch) (bool, error) { return w.db.Extend(w.Context(), locked, noon, rows) }},
		{"forget", func(rows host.AuditBatch) (bool, error) {
			gone, err := w.db.Forget(w.Context(), host.Forgetting{Instance: ended[0], Max: 9}, func(host.Pruned) (host.AuditBatch, error) { return rows, nil })
			return len(gone.Instances) == 1, err
		}},
		{"prune", func(rows host.AuditBatch) (bool, error) {
			gone, err := w.db.Prune(w.Context(), host.Pruning{ProcessID: "order", Before: noon.Add(time.Hour), Max: 9},
				func(host.Pruned) (host.AuditBatch, error) { return rows, nil })
			return len(gone.Instances) == 1, err
		}},
		{"forget an evaluation", func(rows host.AuditBatch) (bool, error) {
			err := w.db.ForgetEvaluation(w.Context(), evaluations[0], func(host.ForgottenEvaluations) (host.AuditBatch, error) { return rows, nil })
			return err == nil, err
		}},
		{"prune evaluations", func(rows host.AuditBatch) (bool, error) {
			gone, err := w.db.PruneEvaluations(w.Context(), noon.Add(9*time.Hour), 9,
				func(host.ForgottenEvaluations) (host.AuditBatch, error) { return rows, nil })
			return len(gone.Keys) == 1, err
		}},
		{"forget batch operations", func(rows host.AuditBatch) (bool, error) {
			gone, err := w.db.ForgetBatches(w.Context(), noon.Add(time.Hour), 9, func(host.ForgottenBatches) (host.AuditBatch, error) { return rows, nil })
			return len(gone.Keys) == 1, err
		}},
	} {
		stream := "history/default/" + op.name
		_, err := op.do(w.decidedOn(stream, old))
		if m := w.moved(err); !m.Policy || len(m.Streams) > 0 {
			w.Errorf("%s under the policy before: %v", op.name, m)
		}
		done, err := op.do(w.decidedOn(stream, w.load().Policy))
		if !done || err != nil {
			w.Errorf("%s under the policy: %v, %v", op.name, done, err)
		}
	}
	left, err := w.db.SearchProcessInstances(w.Context(), query.Request{Access: all})
	w.must(err)
	if len(left.Items) != 2 {
		w.Errorf("%d instances are left", len(left.Items))
	}
}

// decidedOn is an entry that names the policy version it was decided on, the first of its stream.
func (w *world) decidedOn(stream string, policy int64) host.AuditBatch {
	w.Helper()
	b := w.batch()
	b.stream(w.genesis(stream), audit.Entry{
		Category: "history", Action: "history.prune", Outcome: audit.OutcomeOK, Actor: "system:retention", PolicyVersion: &policy,
	})
	return b.Audit
}
