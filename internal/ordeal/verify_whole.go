package ordeal

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Whole compares the whole ledger with the whole installation. Every unknown operation must be settled, every
// instance drained.
func (v *Verifier) Whole(ctx context.Context) []string {
	v.violations = nil
	v.violations = append(v.violations, v.Ledger.Failures()...)
	marks := v.marks()
	for _, step := range []func(context.Context, map[string]*Operation) error{v.instances, v.variables, v.tasks, v.jobs, v.entries} {
		if err := step(ctx, marks); err != nil {
			v.report("%v", err)
		}
	}
	return v.violations
}

// marks are the operations by id.
func (v *Verifier) marks() map[string]*Operation {
	out := map[string]*Operation{}
	for _, o := range v.Ledger.All() {
		out[o.ID] = o
		if o.Outcome == Unknown {
			v.report("%s %s is still unknown", o.Kind, o.ID)
		}
	}
	return out
}

type instanceRow struct {
	ProcessInstanceKey, State string
	BusinessID                string `json:"businessId"`
	HasIncident               bool
}

// instances: every acknowledged start is there once, under the key that the client was told; nothing else is.
func (v *Verifier) instances(ctx context.Context, marks map[string]*Operation) error {
	rows, err := everything[instanceRow](ctx, v.Client, "/v2/process-instances/search", map[string]any{"processDefinitionId": "ordeal"})
	if err != nil {
		return err
	}
	found := map[string][]string{}
	for _, r := range rows {
		found[r.BusinessID] = append(found[r.BusinessID], r.ProcessInstanceKey)
		if r.State != "COMPLETED" || r.HasIncident {
			v.report("instance %s is %s, incident %t", r.ProcessInstanceKey, r.State, r.HasIncident)
		}
		if o := marks[r.BusinessID]; o == nil || o.Outcome != Done {
			v.report("instance %s was started by %q, which the client was told did not happen", r.ProcessInstanceKey, r.BusinessID)
		}
	}
	for id, o := range marks {
		if o.Kind == Start && o.Outcome == Done && (len(found[id]) != 1 || found[id][0] != o.Receipt) {
			v.report("start %s was acknowledged with instance %s, and there is %v", id, o.Receipt, found[id])
		}
	}
	return nil
}

// variables: the result of each acknowledged completion is in its instance, and no other result is.
func (v *Verifier) variables(ctx context.Context, marks map[string]*Operation) error {
	for name, kind := range map[string]Kind{"worked": CompleteJob, "decided": CompleteTask} {
		rows, err := everything[struct{ Value string }](ctx, v.Client, "/v2/variables/search", map[string]any{"name": name})
		if err != nil {
			return err
		}
		found := map[string]int{}
		for _, r := range rows {
			var id string
			if err := json.Unmarshal([]byte(r.Value), &id); err != nil {
				return err
			}
			found[id]++
			if o := marks[id]; o == nil || o.Kind != kind || o.Outcome != Done {
				v.report("the variable %s holds %q, a result that the client was told was not taken", name, id)
			}
		}
		for id, o := range marks {
			if o.Kind == kind && o.Outcome == Done && found[id] != 1 {
				v.report("%s %s of %s was acknowledged, and its result is there %d times", kind, id, o.Target, found[id])
			}
		}
	}
	return nil
}

// acknowledged are the operations of a kind that were acknowledged, by what they are about.
func acknowledged(marks map[string]*Operation, kind Kind) map[string][]*Operation {
	out := map[string][]*Operation{}
	for _, id := range slices.Sorted(maps.Keys(marks)) {
		if o := marks[id]; o.Kind == kind && o.Outcome == Done {
			out[o.Target] = append(out[o.Target], o)
		}
	}
	return out
}

// tasks: each was completed by exactly one acknowledged call and belongs to somebody whose claim was acknowledged.
func (v *Verifier) tasks(ctx context.Context, marks map[string]*Operation) error {
	rows, err := everything[struct{ UserTaskKey, State, Assignee string }](ctx, v.Client, "/v2/user-tasks/search",
		map[string]any{"processDefinitionId": "ordeal"})
	if err != nil {
		return err
	}
	completed, claimed := acknowledged(marks, CompleteTask), acknowledged(marks, Claim)
	for _, r := range rows {
		if n := len(completed[r.UserTaskKey]); r.State != "COMPLETED" || n != 1 {
			v.report("task %s is %s after %d acknowledged completions", r.UserTaskKey, r.State, n)
		}
		mine := func(o *Operation) bool { return o.Person == r.Assignee }
		if !slices.ContainsFunc(claimed[r.UserTaskKey], mine) {
			v.report("task %s belongs to %q, whose claim was never acknowledged", r.UserTaskKey, r.Assignee)
		}
		for _, o := range claimed[r.UserTaskKey] {
			if !mine(o) {
				v.report("task %s belongs to %s, and %s was told the same", r.UserTaskKey, r.Assignee, o.Person)
			}
		}
		delete(completed, r.UserTaskKey)
	}
	v.strangers("task", completed)
	return nil
}

// jobs: each result was accepted exactly once.
func (v *Verifier) jobs(ctx context.Context, marks map[string]*Operation) error {
	rows, err := everything[struct{ JobKey, State string }](ctx, v.Client, "/v2/jobs/search", map[string]any{"processDefinitionId": "ordeal"})
	if err != nil {
		return err
	}
	completed := acknowledged(marks, CompleteJob)
	for _, r := range rows {
		if n := len(completed[r.JobKey]); r.State != "COMPLETED" || n != 1 {
			v.report("job %s is %s after %d acknowledged results", r.JobKey, r.State, n)
		}
		delete(completed, r.JobKey)
	}
	v.strangers("job", completed)
	return nil
}

func (v *Verifier) strangers(what string, left map[string][]*Operation) {
	for key := range left {
		v.report("%s %s was completed, and there is no such %s", what, key, what)
	}
}

// entries: each transition of an instance has one entry in the audit log.
func (v *Verifier) entries(ctx context.Context, marks map[string]*Operation) error {
	actions := []string{"instance.start", "job.complete", "task.complete", "timer.fire"}
	rows, err := everything[struct{ ProcessInstanceKey, Action string }](ctx, v.Client, "/v2/audit-entries/search", map[string]any{
		"processDefinitionId": "ordeal", "outcome": "ok", "action": map[string]any{"$in": actions},
	})
	if err != nil {
		return err
	}
	found := map[string]map[string]int{}
	for _, r := range rows {
		if found[r.ProcessInstanceKey] == nil {
			found[r.ProcessInstanceKey] = map[string]int{}
		}
		found[r.ProcessInstanceKey][r.Action]++
	}
	for _, o := range marks {
		if o.Kind != Start || o.Outcome != Done {
			continue
		}
		for _, action := range actions {
			if n := found[o.Receipt][action]; n != 1 {
				v.report("instance %s has %d audit entries %s, want 1 of each of %s", o.Receipt, n, action, strings.Join(actions, ", "))
			}
		}
	}
	return nil
}
