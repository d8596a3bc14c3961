package host

import (
	"context"
	"errors"
	"strconv"
	"time"

	"tallystick/audit"
	"tallystick/internal/canon"
)

// scopeDecisions stands for all decisions.
const scopeDecisions = "dec:"

// EvaluationForgetter is the part of the store that forgets one evaluation.
type EvaluationForgetter interface {
	// EvaluationInfo tells what an evaluation was; false when there is none.
	EvaluationInfo(ctx context.Context, key int64) (EvaluationInfo, bool, error)
	// ForgetEvaluation removes an evaluation that is in no instance. seal is called once inside the transaction. It is
	// refused with ErrNoEvaluation when there is none.
	ForgetEvaluation(ctx context.Context, key int64, seal func(ForgottenEvaluations) (AuditBatch, error)) error
}

// EvaluationPruner is the part of the store that forgets old evaluations.
type EvaluationPruner interface {
	// PruneEvaluations removes evaluations that are in no instance and were made before a time, the oldest first, up to
	// a number of them in one short transaction. seal is called once inside it when at least one went. Those that
	// another node is pruning are passed over.
	PruneEvaluations(ctx context.Context, before time.Time, limit int, seal func(ForgottenEvaluations) (AuditBatch, error)) (ForgottenEvaluations, error)
}

// EvaluationInfo names the decision that was asked for, and the instance that asked; 0 outside of processes.
type EvaluationInfo struct {
	DecisionID string
	Instance   int64
}

// ForgottenEvaluations are evaluations that went, and how many rows: one for each decision.
type ForgottenEvaluations struct {
	Keys []int64
	Rows int64
}

// EvaluationDeletion says which evaluation is to be forgotten, and why.
type EvaluationDeletion struct {
	Evaluation int64
	Reason     string
	RequestID  string
}

// DeleteEvaluation forgets an evaluation that was made outside of processes; its entry in the audit log stays. It is
// refused with ErrNoEvaluation when there is none, also the second time, and with ErrEvaluationInside for one of a
// process instance, which is forgotten with the instance alone.
func (h *Host) DeleteEvaluation(ctx context.Context, by Actor, d EvaluationDeletion) error {
	if h.opts.History == nil {
		return ErrNoHistory.With("this server deletes no evaluations")
	}
	of, ok, err := ask2(ctx, h, func(ctx context.Context) (EvaluationInfo, bool, error) {
		return h.opts.History.EvaluationInfo(ctx, d.Evaluation)
	})
	switch {
	case err != nil:
		return err
	case !ok:
		return ErrNoEvaluation.With("there is no evaluation %d", d.Evaluation)
	}
	on := Target{Scope: scopeDecisions + of.DecisionID}
	if err := h.require(ctx, by, ActionDecisionDelete, on); err != nil {
		return err
	}
	if of.Instance != 0 {
		return ErrEvaluationInside.With("the evaluation belongs to process instance %d and is forgotten with it", of.Instance)
	}
	return h.forget(ctx, by, ActionDecisionDelete, on, func(ctx context.Context, v Verdict, link func(draft) AuditBatch) error {
		return h.opts.History.ForgetEvaluation(ctx, d.Evaluation, func(gone ForgottenEvaluations) (AuditBatch, error) {
			return link(h.deletedEvaluation(by, v, d, of, gone)), nil
		})
	})
}

func (h *Host) deletedEvaluation(by Actor, v Verdict, d EvaluationDeletion, of EvaluationInfo, gone ForgottenEvaluations) draft {
	e := h.entry(moment{Node: h.clock.node()}, by, "history", ActionDecisionDelete)
	judged(&e, v)
	e.Resource = audit.Given("evaluation:" + strconv.FormatInt(d.Evaluation, 10))
	e.Decision, e.RequestID = audit.Given(of.DecisionID), audit.Given(d.RequestID)
	private := gone.told()
	if d.Reason != "" {
		private["reason"] = canon.String(d.Reason)
	}
	return draft{entry: e, private: []byte(canon.Object(private))}
}

// told lists what went, for the private part of an entry.
func (f ForgottenEvaluations) told() map[string]canon.JSON {
	keys := make([]canon.JSON, len(f.Keys))
	for i, k := range f.Keys {
		keys[i] = canon.String(strconv.FormatInt(k, 10))
	}
	rows := canon.Object(map[string]canon.JSON{"decision_instance": canon.Int(f.Rows)})
	return map[string]canon.JSON{"evaluations": canon.List(keys), "rows": rows}
}

// PruneEvaluations forgets evaluations made outside of processes longer ago than keep, chunk by chunk, and returns how
// many. Each chunk leaves one audit entry. It needs no running host.
func (h *Host) PruneEvaluations(ctx context.Context, by Actor, from EvaluationPruner, keep time.Duration) (int, error) {
	on := Target{Scope: scopeDecisions}
	if err := h.require(ctx, by, ActionHistoryPrune, on); err != nil {
		return 0, err
	}
	before, size, total := h.clock.read().Add(-keep), pruneFirst, 0
	for {
		begin := h.opts.Now()
		n, err := h.pruneEvaluations(ctx, by, from, before, size)
		total += n
		if err != nil || n < size {
			return total, err
		}
		took := h.opts.Now().Sub(begin)
		size = pruneNext(size, took)
		if !sleep(ctx, max(prunePause*took, pruneRest)) {
			return total, ctx.Err()
		}
	}
}

func (h *Host) pruneEvaluations(ctx context.Context, by Actor, from EvaluationPruner, before time.Time, limit int) (n int, err error) {
	on := Target{Scope: scopeDecisions}
	err = h.forget(ctx, by, ActionHistoryPrune, on, func(ctx context.Context, v Verdict, link func(draft) AuditBatch) error {
		done, err := from.PruneEvaluations(ctx, before, limit, func(gone ForgottenEvaluations) (AuditBatch, error) {
			e := h.entry(moment{Node: h.clock.node()}, by, "history", ActionHistoryPrune)
			judged(&e, v)
			e.Resource = audit.Given(on.Scope)
			private := gone.told()
			private["evaluatedBefore"] = canon.String(before.UTC().Format(time.RFC3339Nano))
			return link(draft{entry: e, private: []byte(canon.Object(private))}), nil
		})
		n = len(done.Keys)
		return err
	})
	return n, err
}

// forget lets write forget something under an entry of the node's stream of history, again when somebody else wrote
// that meanwhile.
func (h *Host) forget(ctx context.Context, by Actor, action string, on Target, write func(context.Context, Verdict, func(draft) AuditBatch) error) error {
	for range h.opts.AttemptsMax {
		if again, err := h.lost(ctx, h.tryForget(ctx, by, action, on, write), by, action, on); !again {
			return err
		}
	}
	return ErrContended
}

// lost reports whether err is a race that was lost and can be tried again. When the rights moved they are asked for
// anew, and a refusal is the error.
func (h *Host) lost(ctx context.Context, err error, by Actor, action string, on Target) (bool, error) {
	moved, lost := errors.AsType[*Moved](err)
	if lost && moved.Policy {
		if err := h.require(ctx, by, action, on); err != nil {
			return false, err
		}
	}
	return lost, err
}

func (h *Host) tryForget(ctx context.Context, by Actor, action string, on Target, write func(context.Context, Verdict, func(draft) AuditBatch) error) error {
	stream := "history/default/" + h.opts.Node
	held, err := h.streams.hold(ctx, []string{stream})
	if err != nil {
		return err
	}
	v := h.authorizer.Allow(by, action, on)
	if !v.Allowed { // the right was taken meanwhile
		h.streams.keep(held)
		return denied(v, action, on.Scope)
	}
	var linked AuditBatch
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), h.opts.StoreTimeout)
	defer cancel()
	err = write(ctx, v, func(d draft) AuditBatch {
		linked = link(h.random, held, []note{{stream: stream, draft: d}})
		return linked
	})
	switch {
	case err != nil:
		h.streams.release(held, nil)
	case len(linked.Streams) == 0:
		h.streams.keep(held)
	default:
		h.streams.release(held, linked.Streams)
	}
	return err
}
