package storetest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/query"
)

var searchCases = []testCase{
	{"operators on text", operatorsOnText},
	{"operators on numbers", operatorsOnNumbers},
	{"operators on times", operatorsOnTimes},
	{"operators on keys and flags", operatorsOnKeys},
	{"conditions are joined", conditionsJoined},
	{"variables of instances", variablesOfInstances},
	{"variables of tasks", variablesOfTasks},
	{"variables a task sees", taskVariables},
	{"fields of other tables", fieldsThrough},
	{"a group speaks of one row", rowsOfGroups},
	{"a field of another instance is not found", keyRanges},
	{"wrong requests are refused", wrongRequests},
}

// jobsByError commits jobs, one for each message, nil for none; the search answers with their numbers.
func jobsByError(w *world, messages ...*string) int64 {
	w.Helper()
	key := w.started(1)[0]
	b := w.batch().again(key, w.load(key).Instances[key], "next")
	for i, m := range messages {
		job := key + 1 + int64(i)
		b.record(key, engine.JobCreated{Key: job, ElementInstance: key, Type: "x", Retries: i})
		if m != nil {
			b.record(key, engine.JobFailed{Key: job, Retries: i, Message: *m})
		}
	}
	w.commit(b)
	return key
}

func (w *world) jobs(key int64, conds ...query.Cond) string {
	w.Helper()
	r, err := w.db.SearchJobs(w.Context(), query.Request{Access: all, Conds: conds})
	w.must(err)
	var found []string
	for _, j := range r.Items {
		found = append(found, fmt.Sprint(int64(j.JobKey)-key))
	}
	return strings.Join(found, " ")
}

func operatorsOnText(w *world) {
	key := jobsByError(w, ptr("timeout"), ptr("Timeout at 10%"), nil, ptr("a*b?c"), ptr("time_out[x]\\"), ptr("größe 'x'"))
	for _, c := range []struct {
		op    query.Op
		value any
		want  string
	}{
		{query.Eq, "timeout", "1"},
		{query.Eq, "nothing", ""},
		{query.Eq, "größe 'x'", "6"},
		{query.Neq, "timeout", "2 3 4 5 6"},
		{query.Exists, true, "1 2 4 5 6"},
		{query.Exists, false, "3"},
		{query.In, []any{"timeout", "a*b?c"}, "1 4"},
		{query.In, []any{}, ""},
		{query.NotIn, []any{"timeout", "a*b?c"}, "2 3 5 6"},
		{query.NotIn, []any{}, "1 2 3 4 5 6"},
		{query.Like, "time*", "1 5"},
		{query.Like, "*10%", "2"},
		{query.Like, "*%*", "2"},
		{query.Like, "time?out*", "5"},
		{query.Like, `a\*b\?c`, "4"},
		{query.Like, "a?b?c", "4"},
		{query.Like, `*[x]\\`, "5"},
		{query.Like, "gr??e*", "6"},
		{query.Like, "time_ut", ""},
		{query.Like, "TIME*", ""},
		{query.Like, "*", "1 2 4 5 6"},
		{query.Like, `*\`, "5"},
	} {
		if got := w.jobs(key, query.Cond{Field: "errorMessage", Op: c.op, Value: c.value}); got != c.want {
			w.Errorf("%s %q: %q, want %q", c.op, c.value, got, c.want)
		}
	}
}

func operatorsOnNumbers(w *world) {
	key := jobsByError(w, nil, nil, nil, nil) // retries 0 to 3
	for _, c := range []struct {
		op    query.Op
		value any
		want  string
	}{
		{query.Eq, int64(2), "3"},
		{query.Neq, int64(2), "1 2 4"},
		{query.Gt, int64(1), "3 4"},
		{query.Gte, int64(1), "2 3 4"},
		{query.Lt, int64(1), "1"},
		{query.Lte, int64(1), "1 2"},
		{query.In, []any{int64(0), int64(3)}, "1 4"},
		{query.NotIn, []any{int64(0), int64(3)}, "2 3"},
		{query.Exists, true, "1 2 3 4"},
		{query.Exists, false, ""},
	} {
		if got := w.jobs(key, query.Cond{Field: "retries", Op: c.op, Value: c.value}); got != c.want {
			w.Errorf("%s %v: %q, want %q", c.op, c.value, got, c.want)
		}
	}
}

func operatorsOnTimes(w *world) {
	keys := w.keys(3)
	for i, k := range keys {
		b := w.batch()
		b.At = noon.Add(time.Duration(i) * time.Hour)
		b.start(k)
		if i == 2 {
			b.record(k, engine.InstanceCompleted{})
		}
		w.commit(b)
	}
	one := noon.Add(time.Hour)
	for _, c := range []struct {
		field string
		op    query.Op
		value any
		want  []int
	}{
		{"startDate", query.Eq, one, []int{1}},
		{"startDate", query.Gt, one, []int{2}},
		{"startDate", query.Gte, one, []int{1, 2}},
		{"startDate", query.Lt, one.In(time.FixedZone("west", -3600)), []int{0}},
		{"startDate", query.Lte, one, []int{0, 1}},
		{"startDate", query.Neq, one, []int{0, 2}},
		{"startDate", query.In, []any{noon}, []int{0}},
		{"endDate", query.Exists, false, []int{0, 1}},
		{"endDate", query.Neq, noon, []int{0, 1, 2}},
		{"endDate", query.Gt, noon, []int{2}},
		{"endDate", query.NotIn, []any{noon.Add(2 * time.Hour)}, []int{0, 1}},
	} {
		r, err := w.db.SearchProcessInstances(w.Context(), query.Request{
			Access: all, Conds: []query.Cond{{Field: c.field, Op: c.op, Value: c.value}},
		})
		w.must(err)
		var got []int
		for _, p := range r.Items {
			got = append(got, slices.Index(keys, int64(p.ProcessInstanceKey)))
		}
		if !slices.Equal(got, c.want) {
			w.Errorf("%s %s %v: %v, want %v", c.field, c.op, c.value, got, c.want)
		}
	}
}

func operatorsOnKeys(w *world) {
	key := jobsByError(w, ptr("a"), nil, nil)
	for _, c := range []struct {
		cond query.Cond
		want string
	}{
		{query.Cond{Field: "jobKey", Op: query.Eq, Value: query.Key(key + 2)}, "2"},
		{query.Cond{Field: "jobKey", Op: query.In, Value: []any{key + 1, key + 3, key + 9}}, "1 3"},
		{query.Cond{Field: "processInstanceKey", Op: query.Neq, Value: key}, ""},
		{query.Cond{Field: "processInstanceKey", Op: query.Eq, Value: key}, "1 2 3"},
		{query.Cond{Field: "hasFailedWithRetriesLeft", Op: query.Eq, Value: true}, ""},
		{query.Cond{Field: "hasFailedWithRetriesLeft", Op: query.Neq, Value: true}, "1 2 3"},
		{query.Cond{Field: "kind", Op: query.Eq, Value: "BPMN_ELEMENT"}, "1 2 3"},
		{query.Cond{Field: "tenantId", Op: query.Neq, Value: query.Tenant}, ""},
	} {
		if got := w.jobs(key, c.cond); got != c.want {
			w.Errorf("%+v: %q, want %q", c.cond, got, c.want)
		}
	}
}

func conditionsJoined(w *world) {
	key := jobsByError(w, ptr("a"), ptr("b"), ptr("c"), nil)
	r, err := w.db.SearchJobs(w.Context(), query.Request{
		Access: all,
		Conds:  []query.Cond{{Field: "retries", Op: query.Gt, Value: int64(0)}},
		Any: [][]query.Cond{
			{{Field: "errorMessage", Op: query.Eq, Value: "a"}},
			{{Field: "errorMessage", Op: query.Eq, Value: "b"}, {Field: "retries", Op: query.Eq, Value: int64(1)}},
			{{Field: "errorMessage", Op: query.Exists, Value: false}},
		},
	})
	w.must(err)
	var got []int64
	for _, j := range r.Items {
		got = append(got, int64(j.JobKey)-key)
	}
	if !slices.Equal(got, []int64{2, 4}) || r.Total != 2 || r.More {
		w.Errorf("got %v, total %d", got, r.Total)
	}
}

func variablesOfInstances(w *world) {
	keys := w.keys(3)
	b := w.batch()
	for i, k := range keys {
		b.start(k)
		b.record(k, engine.VariableSet{Key: k + 1, Scope: k, Name: "n", Value: canonText(fmt.Sprint(i))})
		b.record(k, engine.ElementActivated{Key: k + 2, Scope: k})
		b.record(k, engine.VariableSet{Key: k + 3, Scope: k + 2, Name: "inner", Value: "true"})
	}
	b.record(keys[2], engine.VariableSet{Key: keys[2] + 4, Scope: keys[2], Name: "s", Value: `"text"`})
	w.commit(b)
	for _, c := range []struct {
		conds []query.VariableCond
		want  []int
	}{
		{[]query.VariableCond{{Name: "n", Op: query.Eq, Value: "1"}}, []int{1}},
		{[]query.VariableCond{{Name: "n", Op: query.Neq, Value: "1"}}, []int{0, 2}},
		{[]query.VariableCond{{Name: "n", Op: query.In, Value: []any{"0", "2"}}}, []int{0, 2}},
		{[]query.VariableCond{{Name: "n", Op: query.NotIn, Value: []any{"0", "2"}}}, []int{1}},
		{[]query.VariableCond{{Name: "s", Op: query.Like, Value: `"te*`}}, []int{2}},
		{[]query.VariableCond{{Name: "s", Op: query.Exists, Value: true}}, []int{2}},
		{[]query.VariableCond{{Name: "s", Op: query.Exists, Value: false}}, []int{0, 1}},
		{[]query.VariableCond{{Name: "inner", Op: query.Eq, Value: "true"}}, nil}, // not at the root
		{[]query.VariableCond{{Name: "n", Op: query.Eq, Value: "2"}, {Name: "s", Op: query.Eq, Value: `"text"`}}, []int{2}},
		{[]query.VariableCond{{Name: "n", Op: query.Eq, Value: "1"}, {Name: "s", Op: query.Eq, Value: `"text"`}}, nil},
	} {
		r, err := w.db.SearchProcessInstances(w.Context(), query.Request{Access: all, Variables: c.conds})
		w.must(err)
		var got []int
		for _, p := range r.Items {
			got = append(got, slices.Index(keys, int64(p.ProcessInstanceKey)))
		}
		if !slices.Equal(got, c.want) {
			w.Errorf("%+v: %v, want %v", c.conds, got, c.want)
		}
	}
}

func variablesOfTasks(w *world) {
	key := w.keys(1)[0]
	b := w.batch().start(key)
	fillInstance(b, key)
	w.commit(b.record(key, engine.VariableSet{Key: key + 20, Scope: key + 2, Name: "here", Value: "1"}))
	for _, c := range []struct {
		cond query.VariableCond
		want int
	}{
		{query.VariableCond{Name: "amount", Op: query.Eq, Value: "100"}, 1},
		{query.VariableCond{Name: "amount", Op: query.Eq, Value: "100", Local: true}, 0},
		{query.VariableCond{Name: "here", Op: query.Eq, Value: "1", Local: true}, 1},
		{query.VariableCond{Name: "here", Op: query.Eq, Value: "1"}, 0},
		{query.VariableCond{Name: "note", Op: query.Exists, Value: true}, 0},
	} {
		r, err := w.db.SearchUserTasks(w.Context(), query.Request{Access: all, Variables: []query.VariableCond{c.cond}})
		w.must(err)
		if len(r.Items) != c.want {
			w.Errorf("%+v: %d tasks, want %d", c.cond, len(r.Items), c.want)
		}
	}
}

func taskVariables(w *world) {
	keys := w.keys(2)
	b := w.batch()
	for _, k := range keys {
		fillInstance(b.start(k), k)
		b.record(k, engine.VariableSet{Key: k + 20, Scope: k + 2, Name: "amount", Value: "1"}) // the task's own
		b.record(k, engine.VariableSet{Key: k + 21, Scope: k + 4, Name: "other", Value: "2"})  // a sibling's
	}
	w.commit(b)
	key := keys[1]
	r, err := w.db.TaskVariables(w.Context(), key+3, query.Request{Sort: []query.Sort{{Field: "name"}}})
	w.must(err)
	var got []string
	for _, v := range r.Items {
		got = append(got, fmt.Sprintf("%s@%d=%s", v.Name, int64(v.ScopeKey)-key, v.Value))
	}
	if diff := cmp.Diff([]string{"amount@0=100", "amount@2=1", `note@1="inner"`}, got); diff != "" {
		w.Error(diff)
	}
	one, err := w.db.TaskVariables(w.Context(), key+3, query.Request{
		Conds: []query.Cond{{Field: "name", Op: query.Eq, Value: "note"}},
	})
	w.must(err)
	if len(one.Items) != 1 {
		w.Errorf("%d variables by name", len(one.Items))
	}
}

func fieldsThrough(w *world) {
	keys := w.keys(2)
	b := w.batch()
	fillInstance(b.start(keys[0], "vip", "eu"), keys[0])
	w.commit(b.start(keys[1], "eu"))
	instances := func(conds ...query.Cond) int {
		r, err := w.db.SearchProcessInstances(w.Context(), query.Request{Access: all, Conds: conds})
		w.must(err)
		return len(r.Items)
	}
	for _, c := range []struct {
		conds []query.Cond
		want  int
	}{
		{[]query.Cond{{Field: "tags", Op: query.Eq, Value: "eu"}}, 2},
		{[]query.Cond{{Field: "tags", Op: query.Eq, Value: "eu"}, {Field: "tags", Op: query.Eq, Value: "vip"}}, 1},
		{[]query.Cond{{Field: "tags", Op: query.Neq, Value: "vip"}}, 1},
		{[]query.Cond{{Field: "elementId", Op: query.Eq, Value: "approve"}}, 1},
		{[]query.Cond{{Field: "hasIncident", Op: query.Eq, Value: true}}, 1},
		{[]query.Cond{{Field: "hasIncident", Op: query.Eq, Value: false}}, 1},
		{[]query.Cond{{Field: "errorMessage", Op: query.Like, Value: "*flow*"}}, 1},
		{[]query.Cond{{Field: "parentProcessInstanceKey", Op: query.Exists, Value: true}}, 0},
	} {
		if got := instances(c.conds...); got != c.want {
			w.Errorf("%+v: %d instances, want %d", c.conds, got, c.want)
		}
	}
	for field, values := range map[string]map[string]int{
		"candidateGroup": {"clerks": 1, "bob": 0}, "candidateUser": {"bob": 1, "clerks": 0}, "businessId": {fmt.Sprint("B-", keys[0]): 1, "B-": 0},
	} {
		for value, want := range values {
			if got := countTasks(w, field, value); got != want {
				w.Errorf("%s %s: %d tasks, want %d", field, value, got, want)
			}
		}
	}
}

func keyRanges(w *world) {
	keys := w.keys(2)
	b := w.batch()
	for _, k := range keys {
		fillInstance(b.start(k), k)
	}
	w.commit(b)
	for _, c := range []struct {
		field string
		value int64
		want  int
	}{
		{"processInstanceKey", keys[1], 3},
		{"elementInstanceScopeKey", keys[1], 2},
		{"elementInstanceScopeKey", keys[1] + 1, 1},
		{"elementInstanceKey", keys[0] + 2, 1},
		{"incidentKey", keys[0] + 9, 1},
		{"processInstanceKey", 5, 0},
	} {
		r, err := w.db.SearchElementInstances(w.Context(), query.Request{
			Access: all, Conds: []query.Cond{{Field: c.field, Op: query.Eq, Value: c.value}},
		})
		w.must(err)
		if len(r.Items) != c.want {
			w.Errorf("%s %d: %d elements, want %d", c.field, c.value, len(r.Items), c.want)
		}
	}
}

func wrongRequests(w *world) {
	for _, c := range []struct {
		request query.Request
		code    string
	}{
		{query.Request{Conds: []query.Cond{{Field: "nonsense", Op: query.Eq, Value: "x"}}}, "query.field"},
		{query.Request{Conds: []query.Cond{{Field: "", Op: query.Eq, Value: "x"}}}, "query.field"},
		{query.Request{Conds: []query.Cond{{Field: "jobKey", Op: query.Like, Value: "x"}}}, "query.field"},
		{query.Request{Conds: []query.Cond{{Field: "type", Op: query.Gt, Value: "x"}}}, "query.field"},
		{query.Request{Conds: []query.Cond{{Field: "type", Op: "$like)", Value: "x"}}}, "query.field"},
		{query.Request{Conds: []query.Cond{{Field: "type", Op: query.Eq, Value: int64(1)}}}, "query.field"},
		{query.Request{Conds: []query.Cond{{Field: "type", Op: query.In, Value: "x"}}}, "query.field"},
		{query.Request{Conds: []query.Cond{{Field: "type", Op: query.Exists, Value: "x"}}}, "query.field"},
		{query.Request{Any: [][]query.Cond{{{Field: "nonsense", Op: query.Eq, Value: "x"}}}}, "query.field"},
		{query.Request{Variables: []query.VariableCond{{Name: "x", Op: query.Eq, Value: "1"}}}, "query.field"},
		{query.Request{Sort: []query.Sort{{Field: "nonsense"}}}, "query.sort"},
		{query.Request{Page: query.Page{Limit: -1}}, "query.page"},
		{query.Request{Page: query.Page{Limit: 10_001}}, "query.page"},
		{query.Request{Page: query.Page{From: -1}}, "query.page"},
		{query.Request{Page: query.Page{From: 1, After: "x"}}, "query.page"},
		{query.Request{Page: query.Page{After: "not base64!"}}, "query.page"},
		{query.Request{Page: query.Page{Before: "e30="}}, "query.page"},
	} {
		c.request.Access = all
		_, err := w.db.SearchJobs(w.Context(), c.request)
		if fault.CodeOf(err) != c.code || fault.KindOf(err) != fault.Invalid {
			w.Errorf("%+v: got %v, want %s", c.request, err, c.code)
		}
	}
	tags := query.Request{Access: all, Sort: []query.Sort{{Field: "tags"}}}
	if _, err := w.db.SearchProcessInstances(w.Context(), tags); fault.CodeOf(err) != "query.sort" {
		w.Errorf("sorted by a list: %v", err)
	}
}
