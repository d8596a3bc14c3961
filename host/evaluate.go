package host

import (
	"context"
	"strconv"

	"tallystick/audit"
	"tallystick/internal/canon"
	"tallystick/rules"
)

// DecisionCall asks for one evaluation outside of any process: of the definition with the Key, or of the
// latest with the ID.
type DecisionCall struct {
	Key       int64
	ID        string
	Variables map[string]canon.JSON
	RequestID string
}

// Evaluate evaluates a decision and records it before it answers. An evaluation that fails is told by the
// trace (Failed, Failure); ErrDecisionNotFound and ErrDenied are refusals.
func (h *Host) Evaluate(ctx context.Context, by Actor, c DecisionCall) (Evaluation, error) {
	loaded, err := h.load(ctx, nil)
	if err != nil {
		return Evaluation{}, err
	}
	now, err := h.catchUp(ctx, loaded)
	if err != nil {
		return Evaluation{}, err
	}
	d, ok := h.Catalog().Decision(c.Key)
	if c.Key == 0 {
		d, ok = h.Catalog().LatestDecision(c.ID)
	}
	if !ok {
		return Evaluation{}, ErrDecisionNotFound
	}
	on := Target{Scope: "dec:" + d.ID}
	v := h.authorizer.Allow(by, ActionDecisionEvaluate, on)
	if !v.Allowed {
		refusal := denied(v, ActionDecisionEvaluate, on.Scope)
		h.refuse(by, ActionDecisionEvaluate, on, v, refusal.Message)
		return Evaluation{}, refusal
	}
	m, err := h.shelf.graph(ctx, d.Requirements.Key)
	if err != nil {
		return Evaluation{}, err
	}
	lookup := func(name string) (canon.JSON, bool) { value, ok := c.Variables[name]; return value, ok }
	trace, err := m.Evaluate(d.ID, rules.Env{Lookup: lookup, Now: now.At})
	if err != nil {
		return Evaluation{}, err
	}
	return h.recordEvaluation(ctx, now, by, c, d, v, trace)
}

func (h *Host) recordEvaluation(ctx context.Context, now moment, by Actor, c DecisionCall, d DeployedDecision,
	v Verdict, trace rules.Trace,
) (Evaluation, error) {
	key, err := h.sequences.draw(ctx)
	if err != nil {
		return Evaluation{}, err
	}
	out := Evaluation{Key: key, Decision: refOf(d), Trace: trace}
	entry, err := h.decisionDraft(now, by, out.Decision, trace)
	if err != nil {
		return Evaluation{}, err
	}
	judged(&entry.entry, v)
	entry.entry.RequestID = audit.Given(c.RequestID)
	stream := "dec/" + strconv.FormatInt(d.Key, 10) + "/" + h.opts.Node
	p, err := h.queueNote(note{stream: stream, draft: entry})
	if err != nil {
		return Evaluation{}, err
	}
	_, err = p.wait(ctx)
	return out, err
}
