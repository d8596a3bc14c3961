package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/query"
	"tallystick/rules"
)

var decisionCases = []testCase{
	{"each decision of an evaluation is shown", decisionsShown},
	{"an evaluation on its own", decisionAlone},
	{"the decision that failed", decisionFailed},
	{"decisions are found by everything they have", decisionsFound},
	{"decisions come in the order of the trace", decisionsInOrder},
	{"decisions are seen by their ids", decisionsSeen},
	{"an evaluation on its own is forgotten", evaluationForgotten},
	{"old evaluations are pruned, the oldest first", evaluationsPruned},
	{"an evaluation stays without its entry", evaluationKept},
}

// dish asks for the season first, then for the dish.
func dish(key int64) engine.DecisionEvaluated {
	return engine.DecisionEvaluated{
		Key: key, Element: "choose", ElementInstance: key - 1,
		Decision: engine.DecisionRef{Key: 41, ID: "dish", Name: "Dish", Version: 3, RequirementsKey: 40, RequirementsID: "menu"},
		Trace: rules.Trace{Output: `"stew"`, Decisions: []rules.Evaluated{
			{ID: "season", Name: "Season", Type: "LITERAL_EXPRESSION", Key: 42, Version: 2, Output: `"winter"`},
			{
				ID: "dish", Name: "Dish", Type: rules.TypeTable, HitPolicy: "UNIQUE", Key: 41, Version: 3, Output: `"stew"`,
				Inputs: []rules.Input{{ID: "in", Name: "season", Value: `"winter"`}},
				Matched: []rules.Match{
					{RuleID: "cold", Index: 2, Outputs: []rules.Output{{ID: "out", Name: "dish", Value: `"stew"`}}},
				},
			},
		}},
	}
}

// alone adds an evaluation that is in no instance.
func (b *batch) alone(r engine.DecisionEvaluated) *batch {
	r.Element, r.ElementInstance = "", 0
	b.Events = append(b.Events, host.Event{At: b.At, Actor: "user:ann", Record: r})
	return b
}

func (w *world) decisions(q query.Request) []query.DecisionInstance {
	w.Helper()
	q.Access = all
	r, err := w.db.SearchDecisionInstances(w.Context(), q)
	w.must(err)
	return r.Items
}

func decisionsShown(w *world) {
	key := w.keys(1)[0]
	w.commit(w.batch().start(key).record(key, dish(key+2)))
	got := w.decisions(query.Request{})
	season := query.DecisionInstance{
		DecisionEvaluationInstanceKey: fmt.Sprint(key+2, "-1"), DecisionEvaluationKey: query.Key(key + 2), DecisionDefinitionKey: 42,
		DecisionDefinitionID: "season", DecisionDefinitionName: "Season", DecisionDefinitionVersion: 2,
		DecisionDefinitionType: "LITERAL_EXPRESSION", RootDecisionDefinitionKey: 41, State: "EVALUATED", EvaluationDate: noon,
		Result: `"winter"`, ProcessInstanceKey: ptr(query.Key(key)), RootProcessInstanceKey: ptr(query.Key(key)),
		ProcessDefinitionKey: ptr(query.Key(7)), ElementInstanceKey: ptr(query.Key(key + 1)),
		BusinessID: ptr(fmt.Sprint("B-", key)), TenantID: query.Tenant,
		Inputs: []rules.Input{}, Matched: []rules.Match{},
	}
	root := season
	root.DecisionEvaluationInstanceKey, root.DecisionDefinitionKey, root.DecisionDefinitionID = fmt.Sprint(key+2, "-2"), 41, "dish"
	root.DecisionDefinitionName, root.DecisionDefinitionVersion, root.DecisionDefinitionType = "Dish", 3, rules.TypeTable
	asked := dish(key + 2).Trace.Decisions[1]
	root.Result, root.Inputs, root.Matched = `"stew"`, asked.Inputs, asked.Matched
	if diff := cmp.Diff([]query.DecisionInstance{season, root}, got); diff != "" {
		w.Error(diff)
	}
	one, ok, err := w.db.DecisionInstance(w.Context(), key+2, 2)
	w.must(err)
	if diff := cmp.Diff(root, one); !ok || diff != "" {
		w.Error(diff)
	}
	for _, position := range []int{0, 3} {
		if _, ok, err := w.db.DecisionInstance(w.Context(), key+2, position); ok || err != nil {
			w.Errorf("position %d: %v %v", position, ok, err)
		}
	}
}

func decisionAlone(w *world) {
	keys := w.keys(2)
	b := w.batch().alone(dish(keys[0]))
	b.stream(w.genesis("dec/41/n"), audit.Entry{})
	w.commit(b)
	got := w.decisions(query.Request{Conds: []query.Cond{{Field: "processInstanceKey", Op: query.Exists, Value: false}}})
	if len(got) != 2 || got[0].ProcessInstanceKey != nil || got[0].ProcessDefinitionKey != nil || got[0].ElementInstanceKey != nil ||
		got[0].BusinessID != nil || got[1].Result != `"stew"` {
		w.Errorf("%+v", got)
	}
}

func decisionFailed(w *world) {
	keys := w.keys(2)
	required, unknown := dish(keys[0]+2), dish(keys[1]+2)
	required.Trace = rules.Trace{Output: "null", Failed: "season", Failure: "no month", Decisions: []rules.Evaluated{
		{ID: "season", Name: "Season", Type: rules.TypeTable, Key: 42, Version: 2, Output: "null"},
	}}
	unknown.Trace = rules.Trace{Output: "null", Failed: "broken", Failure: "has errors"}
	w.commit(w.batch().start(keys[0]).record(keys[0], required).start(keys[1]).record(keys[1], unknown))
	got := w.decisions(query.Request{Conds: []query.Cond{{Field: "state", Op: query.Eq, Value: "FAILED"}}})
	if len(got) != 2 || got[0].DecisionDefinitionID != "season" || *got[0].EvaluationFailure != "no month" ||
		got[1].DecisionDefinitionID != "dish" || got[1].DecisionDefinitionType != "UNKNOWN" || *got[1].EvaluationFailure != "has errors" {
		w.Errorf("%+v", got)
	}
}

func decisionsFound(w *world) {
	keys := w.keys(3)
	b := w.batch().start(keys[0]).record(keys[0], dish(keys[0]+2)).start(keys[1]).record(keys[1], dish(keys[1]+2))
	w.commit(b)
	late := w.batch().alone(dish(keys[2]))
	late.At = noon.Add(time.Hour)
	late.Events[0].At = late.At
	late.stream(w.genesis("dec/41/n"), audit.Entry{})
	w.commit(late)
	id := func(i, position int) string {
		return fmt.Sprint([]int64{keys[0] + 2, keys[1] + 2, keys[2]}[i], "-", position)
	}
	for _, c := range []struct {
		field string
		op    query.Op
		value any
		want  []string
	}{
		{"decisionEvaluationInstanceKey", query.Eq, id(1, 2), []string{id(1, 2)}},
		{"decisionEvaluationInstanceKey", query.In, []any{id(0, 1), id(2, 2), "x"}, []string{id(0, 1), id(2, 2)}},
		{"decisionEvaluationInstanceKey", query.Neq, id(0, 1), []string{id(0, 2), id(1, 1), id(1, 2), id(2, 1), id(2, 2)}},
		{"decisionEvaluationInstanceKey", query.Eq, "nothing", nil},
		{"decisionEvaluationKey", query.Eq, keys[1] + 2, []string{id(1, 1), id(1, 2)}},
		{"decisionDefinitionId", query.Eq, "season", []string{id(0, 1), id(1, 1), id(2, 1)}},
		{"decisionDefinitionKey", query.Eq, int64(41), []string{id(0, 2), id(1, 2), id(2, 2)}},
		{"decisionDefinitionName", query.Like, "Sea*", []string{id(0, 1), id(1, 1), id(2, 1)}},
		{"decisionDefinitionVersion", query.Gt, int64(2), []string{id(0, 2), id(1, 2), id(2, 2)}},
		{"decisionDefinitionType", query.Eq, rules.TypeTable, []string{id(0, 2), id(1, 2), id(2, 2)}},
		{"rootDecisionDefinitionKey", query.Neq, int64(41), nil},
		{"decisionRequirementsKey", query.Eq, int64(39), nil},
		{"processInstanceKey", query.Eq, keys[1], []string{id(1, 1), id(1, 2)}},
		{"elementInstanceKey", query.Eq, keys[0] + 1, []string{id(0, 1), id(0, 2)}},
		{"processDefinitionKey", query.Exists, false, []string{id(2, 1), id(2, 2)}},
		{"businessId", query.Eq, fmt.Sprint("B-", keys[0]), []string{id(0, 1), id(0, 2)}},
		{"evaluationDate", query.Gt, noon, []string{id(2, 1), id(2, 2)}},
		{"evaluationFailure", query.Exists, true, nil},
	} {
		var got []string
		for _, d := range w.decisions(query.Request{Conds: []query.Cond{{Field: c.field, Op: c.op, Value: c.value}}}) {
			got = append(got, d.DecisionEvaluationInstanceKey)
		}
		if !slices.Equal(got, c.want) {
			w.Errorf("%s %s %v: %v, want %v", c.field, c.op, c.value, got, c.want)
		}
	}
	_, err := w.db.SearchDecisionInstances(w.Context(), query.Request{Access: all, Conds: []query.Cond{{Field: "result", Op: query.Eq, Value: "1"}}})
	if fault.CodeOf(err) != "query.field" {
		w.Errorf("a field that is only shown: %v", err)
	}
}

// decisionsInOrder pages through a trace of eleven decisions, so that 10 has to come behind 2.
func decisionsInOrder(w *world) {
	keys := w.keys(2)
	b := w.batch()
	for _, key := range keys {
		long := dish(key + 2)
		long.Trace.Decisions = nil
		for i := range 11 {
			long.Trace.Decisions = append(long.Trace.Decisions, rules.Evaluated{ID: "same", Output: canonText(fmt.Sprint(i + 1))})
		}
		b.start(key).record(key, long)
	}
	w.commit(b)
	const up = "1 2 3 4 5 6 7 8 9 10 11"
	down := strings.Fields(up)
	slices.Reverse(down)
	for _, c := range []struct {
		sort []query.Sort
		want string
	}{
		{nil, up + " " + up},
		{[]query.Sort{{Field: "decisionEvaluationInstanceKey"}}, up + " " + up},
		{[]query.Sort{{Field: "decisionEvaluationInstanceKey", Desc: true}}, strings.Join(down, " ") + " " + strings.Join(down, " ")},
		{[]query.Sort{{Field: "decisionDefinitionId"}, {Field: "decisionEvaluationKey", Desc: true}}, strings.Join(down, " ") + " " + strings.Join(down, " ")},
	} {
		var got []string
		q := query.Request{Access: all, Sort: c.sort, Page: query.Page{Limit: 4}}
		for range 7 {
			r, err := w.db.SearchDecisionInstances(w.Context(), q)
			w.must(err)
			for _, d := range r.Items {
				got = append(got, d.Result)
			}
			if r.Total != 22 || len(r.Items) == 0 {
				break
			}
			q.Page.After = r.End
		}
		if strings.Join(got, " ") != c.want {
			w.Errorf("%v: %v, want %s", c.sort, got, c.want)
		}
	}
}

func decisionsSeen(w *world) {
	key := w.keys(1)[0]
	w.commit(w.batch().start(key).record(key, dish(key+2)))
	for _, c := range []struct {
		see  query.Access
		want string
	}{
		{query.Access{All: true}, "season dish"},
		{query.Access{Definitions: []string{"season"}}, "season"},
		{query.Access{All: true, Denied: []string{"season"}}, "dish"},
		{query.Access{Definitions: []string{"order"}}, ""}, // the id of the process
		{query.Access{}, ""},
	} {
		r, err := w.db.SearchDecisionInstances(w.Context(), query.Request{Access: c.see})
		w.must(err)
		var got []string
		for _, d := range r.Items {
			got = append(got, d.DecisionDefinitionID)
		}
		if strings.Join(got, " ") != c.want {
			w.Errorf("%+v: %v, want %s", c.see, got, c.want)
		}
	}
}

// evaluated commits evaluations outside of instances of the deployed decision, an hour between them, the later ones under
// the smaller keys, and returns their keys in the order of time.
func (w *world) evaluated(n int) []int64 {
	w.Helper()
	b := w.batch()
	b.Deployment = deployment(w, w.load().Library)
	root := b.Deployment.Deployment.Decisions[0]
	keys := w.keys(n)
	slices.Reverse(keys)
	for i, key := range keys {
		r := dish(key)
		r.Decision.Key, r.Decision.ID = root.Key, root.ID
		b.alone(r)
		b.Events[i].At = noon.Add(time.Duration(i) * time.Hour)
	}
	b.stream(w.genesis("dec/41/n"), audit.Entry{})
	w.commit(b)
	return keys
}

// forgetting makes the entry under which evaluations go, and keeps what it was told.
func (w *world) forgetting(head *audit.Head, told *[]host.ForgottenEvaluations) func(host.ForgottenEvaluations) (host.AuditBatch, error) {
	empty := w.batch() // the store is not asked inside of a transaction
	return func(gone host.ForgottenEvaluations) (host.AuditBatch, error) {
		b := &batch{w: w, Batch: empty.Batch}
		*head = b.stream(*head, audit.Entry{Category: "history", Action: "history.prune", Outcome: audit.OutcomeOK, Actor: "system:retention"})
		*told = append(*told, gone)
		return b.Audit, nil
	}
}

func evaluationForgotten(w *world) {
	keys := w.evaluated(2)
	inside := w.keys(1)[0]
	r := dish(inside + 2)
	r.Decision.Key = w.rootOf(keys[0])
	w.commit(w.batch().start(inside).record(inside, r))
	for key, want := range map[int64]host.EvaluationInfo{keys[0]: {DecisionID: "route"}, inside + 2: {DecisionID: "route", Instance: inside}} {
		if got, ok, err := w.db.EvaluationInfo(w.Context(), key); got != want || !ok || err != nil {
			w.Errorf("%d: %+v, %v, %v; want %+v", key, got, ok, err, want)
		}
	}
	if _, ok, err := w.db.EvaluationInfo(w.Context(), keys[0]+1); ok || err != nil {
		w.Errorf("of nothing: %v, %v", ok, err)
	}
	head, told := w.genesis("history/default/n"), []host.ForgottenEvaluations(nil)
	w.must(w.db.ForgetEvaluation(w.Context(), keys[0], w.forgetting(&head, &told)))
	for _, key := range []int64{keys[0], inside + 2, 7} {
		if err := w.db.ForgetEvaluation(w.Context(), key, w.forgetting(&head, &told)); fault.CodeOf(err) != "evaluation.not_found" {
			w.Errorf("%d is forgotten: %v", key, err)
		}
	}
	if diff := cmp.Diff([]host.ForgottenEvaluations{{Keys: keys[:1], Rows: 2}}, told); diff != "" {
		w.Error(diff)
	}
	if left := w.decisions(query.Request{}); len(left) != 4 {
		w.Errorf("%d decisions are left", len(left))
	}
}

// rootOf is the decision that was asked for by an evaluation.
func (w *world) rootOf(key int64) int64 {
	w.Helper()
	d, ok, err := w.db.DecisionInstance(w.Context(), key, 1)
	if !ok || err != nil {
		w.Fatal(ok, err)
	}
	return int64(d.RootDecisionDefinitionKey)
}

func evaluationsPruned(w *world) {
	keys := w.evaluated(5)
	inside := w.keys(1)[0]
	w.commit(w.batch().start(inside).record(inside, dish(inside+2)))
	head, told := w.genesis("history/default/n"), []host.ForgottenEvaluations(nil)
	for range 3 { // the last one finds nothing and leaves no entry
		_, err := w.db.PruneEvaluations(w.Context(), noon.Add(3*time.Hour), 2, w.forgetting(&head, &told))
		w.must(err)
	}
	if len(told) != 2 || told[0].Rows != 4 || told[1].Rows != 2 || !slices.Equal(append(told[0].Keys, told[1].Keys...), keys[:3]) {
		w.Errorf("%+v went, of %v", told, keys)
	}
	left := w.decisions(query.Request{Conds: []query.Cond{{Field: "decisionDefinitionId", Op: query.Eq, Value: "dish"}}})
	if len(left) != 3 || left[2].ProcessInstanceKey == nil {
		w.Errorf("%+v is left", left)
	}
	report, err := host.VerifyLedger(w.Context(), w.db.Origin(), w.db)
	if err != nil || !report.OK() {
		w.Errorf("%v %s", err, report.String())
	}
}

// evaluationKept refuses the entry: nothing goes.
func evaluationKept(w *world) {
	keys := w.evaluated(1)
	wrong, told := w.genesis("history/default/n"), []host.ForgottenEvaluations(nil)
	wrong.Seq = 7
	before := wrong
	_, pruned := w.db.PruneEvaluations(w.Context(), noon.Add(time.Hour), 9, w.forgetting(&wrong, &told))
	forgot := w.db.ForgetEvaluation(w.Context(), keys[0], w.forgetting(&before, &told))
	for _, err := range []error{pruned, forgot} {
		if _, moved := errors.AsType[*host.Moved](err); !moved {
			w.Errorf("got %v, want *host.Moved", err)
		}
	}
	if left := w.decisions(query.Request{}); len(left) != 2 || len(told) != 2 {
		w.Errorf("%d decisions are left, told %v", len(left), told)
	}
}
