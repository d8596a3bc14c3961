package host

import (
	"encoding/json"
	"strconv"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/internal/canon"
	"tallystick/rules"
)

// evidence drafts the entry of a decision or a prediction; false for every other record.
func (h *Host) evidence(now moment, r engine.Record) (draft, bool, error) {
	switch r := r.(type) {
	case engine.DecisionEvaluated:
		d, err := h.decisionDraft(now, System("engine"), r.Decision, r.Trace)
		d.entry.Element, d.entry.ElementInstance = audit.Given(r.Element), audit.Given(r.ElementInstance)
		return d, true, err
	case engine.ModelScored:
		d, err := h.predictionDraft(now, r.Prediction)
		d.entry.Element, d.entry.ElementInstance = audit.Given(r.Element), audit.Given(r.ElementInstance)
		d.entry.Job = audit.Given(r.Job)
		return d, true, err
	}
	return draft{}, false, nil
}

// decisionDraft fills the fields 50 to 54; inputs and outputs are values of persons and stay private.
func (h *Host) decisionDraft(now moment, by Actor, ref engine.DecisionRef, trace rules.Trace) (draft, error) {
	e := h.entry(now, by, "decision", ActionDecisionEvaluate)
	e.Resource = audit.Given("decision:" + strconv.FormatInt(ref.Key, 10))
	e.Decision = audit.Given(ref.ID)
	e.DecisionVersion = audit.Given(int64(ref.Version))
	e.DecisionDigest = digestOf(ref.Digest)
	if trace.Failed != "" {
		e.Outcome = audit.OutcomeError
	}
	if n := len(trace.Decisions); n > 0 {
		asked := trace.Decisions[n-1]
		e.HitPolicy = audit.Given(asked.HitPolicy)
		e.DecisionRules = make([]string, 0, len(asked.Matched))
		for _, m := range asked.Matched {
			e.DecisionRules = append(e.DecisionRules, m.RuleID)
		}
	}
	private, err := json.Marshal(trace)
	return draft{entry: e, private: []byte(canon.Object(map[string]canon.JSON{"trace": canon.JSON(private)}))}, err
}

// predictionDraft fills the fields 60 to 68; inputs and output stay private.
func (h *Host) predictionDraft(now moment, p engine.Prediction) (draft, error) {
	e := h.entry(now, System("engine"), "model", ActionModelInvoke)
	e.Model, e.ModelVersion, e.ModelDigest = audit.Given(p.Model), audit.Given(p.Version), digestOf(p.Digest)
	e.ModelAttempt = &audit.Attempt{Latency: p.LatencyUS, Number: 1}
	private, err := json.Marshal(p)
	return draft{entry: e, private: []byte(canon.Object(map[string]canon.JSON{"prediction": canon.JSON(private)}))}, err
}
