package storetest

import (
	"slices"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/query"
)

// passing starts three instances: the first has left "a" and is at "b", where it is stuck; the second has left "b", is at
// "a" and was stuck there; the third has left "a".
func passing(w *world) []int64 {
	w.Helper()
	keys := w.keys(3)
	b := w.batch()
	for i, at := range []string{"b", "a", ""} {
		k, left := keys[i], "a"
		if at == "a" {
			left = "b"
		}
		b.start(k)
		b.record(k, engine.ElementActivated{Key: k + 1, Element: left, ElementType: "USER_TASK", Scope: k})
		b.record(k, engine.ElementCompleted{Key: k + 1, Element: left})
		if at == "" {
			continue
		}
		b.record(k, engine.ElementActivated{Key: k + 2, Element: at, ElementType: "USER_TASK", Scope: k})
		b.record(k, engine.IncidentRaised{Key: k + 3, Element: at, ElementInstance: k + 2, ErrorType: "IO_MAPPING_ERROR", Message: "stuck at " + at})
	}
	w.commit(b)
	return keys
}

// rowsOfGroups asks for element instances and incidents of instances by groups of conditions.
func rowsOfGroups(w *world) {
	keys := passing(w)
	element := func(op query.Op, v any) query.Cond { return query.Cond{Field: "elementId", Op: op, Value: v} }
	state := func(op query.Op, v any) query.Cond {
		return query.Cond{Field: "elementInstanceState", Op: op, Value: v}
	}
	message := func(op query.Op, v any) query.Cond { return query.Cond{Field: "errorMessage", Op: op, Value: v} }
	and := func(conds ...query.Cond) query.Request { return query.Request{Access: all, Conds: conds} }
	for what, c := range map[string]struct {
		q    query.Request
		want []int
	}{
		"active at a":                       {and(element(query.Eq, "a"), state(query.Eq, "ACTIVE")), []int{1}},
		"left a":                            {and(state(query.Eq, "COMPLETED"), element(query.Eq, "a")), []int{0, 2}},
		"was at a":                          {and(element(query.Eq, "a")), []int{0, 1, 2}},
		"never at b":                        {and(element(query.Neq, "b")), []int{2}},
		"nothing active":                    {and(state(query.Neq, "ACTIVE")), []int{2}},
		"never at b, nothing active":        {and(element(query.NotIn, []any{"b"}), state(query.Neq, "ACTIVE")), []int{2}},
		"an a that is not active":           {and(element(query.Eq, "a"), state(query.Neq, "ACTIVE")), []int{0, 2}},
		"active elsewhere than at a":        {and(element(query.Neq, "a"), state(query.Eq, "ACTIVE")), []int{0}},
		"two operators on one element":      {and(element(query.Like, "*"), element(query.Neq, "a")), []int{0, 1}},
		"stuck at a":                        {and(message(query.Like, "stuck*"), element(query.Eq, "a")), []int{1}},
		"an a that is not stuck":            {and(message(query.Neq, "stuck at a"), element(query.Eq, "a"), state(query.Eq, "COMPLETED")), []int{0, 2}},
		"stuck elsewhere than at a":         {and(element(query.Neq, "a"), message(query.Like, "stuck*")), []int{0}},
		"stuck with a, but not with b":      {and(message(query.Like, "stuck*"), message(query.Neq, "stuck at b")), []int{1}},
		"never at b, never stuck":           {and(element(query.Neq, "b"), message(query.NotIn, []any{"stuck at a"})), []int{2}},
		"each alternative is its own group": {query.Request{Access: all, Any: [][]query.Cond{{element(query.Eq, "b"), state(query.Eq, "COMPLETED")}, {element(query.Neq, "b")}}}, []int{1, 2}},
		"beside the alternatives":           {query.Request{Access: all, Conds: []query.Cond{state(query.Eq, "ACTIVE")}, Any: [][]query.Cond{{element(query.Eq, "a")}}}, []int{0, 1}},
	} {
		r, err := w.db.SearchProcessInstances(w.Context(), c.q)
		w.must(err)
		var got []int
		for _, p := range r.Items {
			got = append(got, slices.Index(keys, int64(p.ProcessInstanceKey)))
		}
		if !slices.Equal(got, c.want) {
			w.Errorf("%s: %v, want %v", what, got, c.want)
		}
	}
	batch := w.frozen(host.BatchCancel, element(query.Eq, "a"), state(query.Eq, "ACTIVE"))
	w.same("items", keys[1:2], w.claimItems(batch, noon, 9))
}
