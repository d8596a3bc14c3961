package host_test

import (
	"errors"
	"strings"
	"testing"

	"tallystick/fault"
	"tallystick/host"
	"tallystick/host/hosttest"
)

// TestDeleteEvaluation forgets an evaluation once, under an entry of who asked; that of an instance stays.
func TestDeleteEvaluation(t *testing.T) {
	run(t, []host.Resource{routeTable, chain("claim", route)}, forgetting(houseRules), func(t *testing.T, x *house) {
		e, err := x.Evaluate(t.Context(), ann, host.DecisionCall{ID: "route", Variables: amount(500)})
		if err != nil {
			t.Fatal(err)
		}
		d := host.EvaluationDeletion{Evaluation: e.Key, Reason: "by request", RequestID: "r-1"}
		if err := x.DeleteEvaluation(t.Context(), eve, d); !errors.Is(err, host.ErrDenied) {
			t.Errorf("by eve: %v", err)
		}
		inside := x.start("claim", amount(7)).Instance
		of := x.evaluationIn(inside)
		if err := x.DeleteEvaluation(t.Context(), admin, host.EvaluationDeletion{Evaluation: of}); !errors.Is(err, host.ErrEvaluationInside) {
			t.Errorf("of an instance: %v", err)
		}
		if err := x.DeleteEvaluation(t.Context(), admin, d); err != nil {
			t.Fatal(err)
		}
		rows := x.store.Entries()
		last := rows[len(rows)-1]
		if last.Entry.Action != host.ActionDecisionDelete || last.Entry.Actor != "user:root" || *last.Entry.Decision != "route" ||
			!strings.Contains(string(last.Private), `"by request"`) {
			t.Errorf("entry %s with %s", last.Entry.View(), last.Private)
		}
		if err := x.DeleteEvaluation(t.Context(), admin, d); !errors.Is(err, host.ErrNoEvaluation) {
			t.Errorf("the second time: %v", err)
		}
	})
}

// evaluationIn is the evaluation of an instance.
func (x *house) evaluationIn(instance int64) int64 {
	x.t.Helper()
	for key := instance + 1; key < instance+50; key++ {
		if of, ok, err := x.store.EvaluationInfo(x.t.Context(), key); ok && err == nil && of.Instance == instance {
			return key
		}
	}
	x.t.Fatal("the instance evaluated nothing")
	return 0
}

// TestDeleteEvaluationIsRefused has a server that keeps everything, and a store that does not answer.
func TestDeleteEvaluationIsRefused(t *testing.T) {
	run(t, []host.Resource{routeTable}, nil, func(t *testing.T, x *house) {
		if err := x.DeleteEvaluation(t.Context(), admin, host.EvaluationDeletion{Evaluation: 7}); !errors.Is(err, host.ErrNoHistory) {
			t.Error(err)
		}
	})
	run(t, []host.Resource{routeTable}, forgetting(houseRules), func(t *testing.T, x *house) {
		e, err := x.Evaluate(t.Context(), ann, host.DecisionCall{ID: "route", Variables: amount(500)})
		if err != nil {
			t.Fatal(err)
		}
		d := host.EvaluationDeletion{Evaluation: e.Key}
		x.store.Disturb(hosttest.Faults{Before: failing(hosttest.OpForget)})
		if err := x.DeleteEvaluation(t.Context(), admin, d); fault.KindOf(err) != fault.Overloaded {
			t.Errorf("a store that does not answer: %v", err)
		}
		x.store.Disturb(hosttest.Faults{})
		if err := x.DeleteEvaluation(t.Context(), admin, d); err != nil {
			t.Error(err)
		}
	})
}
