package host

import (
	"context"
	"strconv"
	"time"

	"tallystick/audit"
	"tallystick/engine"
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
	deployed := h.Catalog()
	d, ok := deployed.Decision(c.Key)
	if c.Key == 0 {
		d, ok = deployed.LatestDecision(c.ID)
	}
	if !ok {
		return Evaluation{}, ErrDecisionNotFound
	}
	on := Target{Scope: "dec:" + d.ID}
	if v := h.authorizer.Allow(by, ActionDecisionEvaluate, on); !v.Allowed {
		refusal := denied(v, ActionDecisionEvaluate, on.Scope)
		h.refuse(by, ActionDecisionEvaluate, on, v, refusal.Message)
		return Evaluation{}, refusal
	}
	m, err := h.shelf.graph(ctx, d.Requirements.Key)
	if err != nil {
		return Evaluation{}, err
	}
	lookup := func(name string) (canon.JSON, bool) { value, ok := c.Variables[name]; return value, ok }
	trace, err := deployed.evaluable(d, m).Evaluate(rules.Env{Lookup: lookup, Now: now.At})
	if err != nil {
		return Evaluation{}, err
	}
	a := &evaluating{host: h, by: by, on: on, request: c.RequestID, at: now.At}
	a.made = Evaluation{Decision: refOf(d), Trace: trace}
	if a.made.Key, err = h.sequences.draw(ctx); err != nil {
		return Evaluation{}, err
	}
	return a.made, h.perform(ctx, by, "", a)
}

// evaluating is the act of writing down a decision that was evaluated outside of any process.
type evaluating struct {
	host    *Host
	by      Actor
	on      Target
	request string
	at      time.Time // of the evaluation
	made    Evaluation
}

func (a *evaluating) decide(b *batch, p *pending) error {
	v := a.host.authorizer.Allow(a.by, ActionDecisionEvaluate, a.on)
	if !v.Allowed {
		return denied(v, ActionDecisionEvaluate, a.on.Scope)
	}
	entry, err := a.host.decisionDraft(b.now, a.by, a.made.Decision, a.made.Trace)
	if err != nil {
		return err
	}
	entry.entry.EventID = p.event
	judged(&entry.entry, v)
	entry.entry.RequestID = audit.Given(a.request)
	stream := "dec/" + strconv.FormatInt(a.made.Decision.Key, 10) + "/" + a.host.opts.Node
	p.note = &note{stream: stream, draft: entry}
	return nil
}

func (a *evaluating) collect(out *Batch) {
	out.Events = append(out.Events, Event{At: a.at, Actor: a.by.Ref(), Record: engine.DecisionEvaluated{
		Key: a.made.Key, Decision: a.made.Decision, Trace: a.made.Trace,
	}})
}

func (a *evaluating) beat(*Moved) {}
