package store

import (
	"slices"

	"github.com/uptrace/bun"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/internal/canon"
	"tallystick/rules"
)

// typeUnknown is the type of a decision that the trace does not describe.
const typeUnknown = "UNKNOWN"

// decisionRow is one decision of an evaluation.
type decisionRow struct {
	bun.BaseModel   `bun:"table:decision_instance"`
	Key             int64
	Position        int
	Instance        *int64
	Definition      *int64
	ProcessID       *text
	Element         *text
	ElementInstance *int64
	RootDecision    int64
	Requirements    int64
	Decision        int64
	DecisionID      text
	DecisionName    text
	DecisionVersion int
	Type            text
	State           text
	Failure         *text
	Output          text
	Inputs          text
	Matched         text
	At              int64
}

// evaluate makes a row of each decision of the trace.
func (f *folded) evaluate(e *host.Event, r engine.DecisionEvaluated) {
	all, failed := evaluatedBy(r)
	for i, d := range all {
		row := decisionRow{
			Key: r.Key, Position: i + 1, Instance: keyOrNull(e.Instance), Definition: keyOrNull(e.Definition),
			ProcessID: textOrNull(e.ProcessID), Element: textOrNull(r.Element), ElementInstance: keyOrNull(r.ElementInstance),
			RootDecision: r.Decision.Key, Requirements: r.Decision.RequirementsKey,
			Decision: d.Key, DecisionID: text(d.ID), DecisionName: text(d.Name), DecisionVersion: d.Version,
			Type: text(d.Type), State: stateEvaluated, Output: text(d.Output),
			Inputs: document(notNone(d.Inputs)), Matched: document(notNone(d.Matched)), At: micros(e.At),
		}
		if i == failed {
			row.State, row.Failure = stateFailed, textOrNull(r.Trace.Failure)
		}
		f.decisions = append(f.decisions, row)
	}
}

// evaluatedBy lists the decisions of the trace and tells which of them failed, -1 when none did: the last one with the id,
// because a decision inside a service may stand there more than once. One that did not come to its logic is not there,
// and the decision that was asked for stands for it.
func evaluatedBy(r engine.DecisionEvaluated) (all []rules.Evaluated, failed int) {
	all = r.Trace.Decisions
	if r.Trace.Failed == "" {
		return all, -1
	}
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].ID == r.Trace.Failed {
			return all, i
		}
	}
	return append(slices.Clone(all), rules.Evaluated{
		ID: r.Decision.ID, Name: r.Decision.Name, Key: r.Decision.Key, Version: r.Decision.Version,
		Type: typeUnknown, Output: canon.Null,
	}), len(all)
}

// notNone is a list that is [] in JSON when it is empty.
func notNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

var decisionColumns = []column[decisionRow]{
	{"key", bigint, func(r *decisionRow) cell { return num(r.Key) }},
	{"position", bigint, func(r *decisionRow) cell { return num(r.Position) }},
	{"instance", bigint, func(r *decisionRow) cell { return numOrNull(r.Instance) }},
	{"definition", bigint, func(r *decisionRow) cell { return numOrNull(r.Definition) }},
	{"process_id", txt, func(r *decisionRow) cell { return strOrNull(r.ProcessID) }},
	{"element", txt, func(r *decisionRow) cell { return strOrNull(r.Element) }},
	{"element_instance", bigint, func(r *decisionRow) cell { return numOrNull(r.ElementInstance) }},
	{"root_decision", bigint, func(r *decisionRow) cell { return num(r.RootDecision) }},
	{"requirements", bigint, func(r *decisionRow) cell { return num(r.Requirements) }},
	{"decision", bigint, func(r *decisionRow) cell { return num(r.Decision) }},
	{"decision_id", txt, func(r *decisionRow) cell { return str(r.DecisionID) }},
	{"decision_name", txt, func(r *decisionRow) cell { return str(r.DecisionName) }},
	{"decision_version", bigint, func(r *decisionRow) cell { return num(r.DecisionVersion) }},
	{"type", txt, func(r *decisionRow) cell { return str(r.Type) }},
	{"state", txt, func(r *decisionRow) cell { return str(r.State) }},
	{"failure", txt, func(r *decisionRow) cell { return strOrNull(r.Failure) }},
	{"output", txt, func(r *decisionRow) cell { return str(r.Output) }},
	{"inputs", txt, func(r *decisionRow) cell { return str(r.Inputs) }},
	{"matched", txt, func(r *decisionRow) cell { return str(r.Matched) }},
	{"at", bigint, func(r *decisionRow) cell { return num(r.At) }},
}
