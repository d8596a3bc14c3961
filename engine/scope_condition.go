package engine

import (
	"cmp"
	"fmt"
	"slices"

	"tallystick/internal/canon"
)

// change is a variable that changed, or a subscription whose condition is to be looked at again.
type change struct {
	scope        int64
	name         string
	subscription int64
}

// conditions evaluates the conditions that read what changed, once all tokens have come to rest: outer scopes
// first, interrupting events before others (4.18 of the semantics). It reports whether one of them triggered.
func (x *machine) conditions() bool {
	if len(x.changed) == 0 {
		return false
	}
	changed := x.changed
	x.changed = nil
	fired := false
	for _, key := range x.concerned(changed) {
		// What triggered before may have withdrawn it.
		s, open := x.st.subscriptions.get(rowID{key: key})
		if !open {
			continue
		}
		if limit := x.exceeded(); limit != "" {
			x.restAt(s.Element, limit)
			return fired
		}
		fired = x.evaluate(s) || fired
	}
	return fired
}

// concerned returns the subscriptions whose conditions read what changed, in their order.
func (x *machine) concerned(changed []change) []int64 {
	type candidate struct {
		depth, rank int
		key         int64
	}
	var list []candidate
	for _, s := range x.st.conditionals() {
		t := x.node(s.Element).triggers[s.Part]
		if !slices.ContainsFunc(changed, func(c change) bool { return x.concerns(c, s, t.when) }) {
			continue
		}
		c := candidate{depth: x.depth(s.ElementInstance), key: s.Key}
		if !s.Interrupting {
			c.rank = 1
		}
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.depth, b.depth), cmp.Compare(a.rank, b.rank), cmp.Compare(a.key, b.key))
	})
	keys := make([]int64, len(list))
	for i, c := range list {
		keys[i] = c.key
	}
	return keys
}

// concerns reports whether a change is one that a condition sees: no nearer variable hides it.
func (x *machine) concerns(c change, s Subscription, when *condition) bool {
	if c.subscription != 0 {
		return c.subscription == s.Key
	}
	return slices.Contains(when.reads, c.name) && x.st.home(s.ElementInstance, c.name) == c.scope
}

// depth counts the scopes around an element instance.
func (x *machine) depth(key int64) int {
	depth := 0
	for more := true; more; depth++ {
		key, more = x.st.parent(key)
	}
	return depth
}

// evaluate looks at a condition again: it triggers when it becomes true, or at each change while it is true.
func (x *machine) evaluate(s Subscription) bool {
	event := x.node(s.Element)
	when := event.triggers[s.Part].when
	holds, problem := x.conditionHolds(when.holds, s.ElementInstance)
	switch {
	case problem != "":
		x.unwatched(event, s.ElementInstance, "the condition "+problem)
		return false
	case holds && (!s.Holds || when.onChange):
		x.trip(s, nil, nil)
		return true
	case holds != s.Holds:
		again := SubscriptionOpened(s)
		again.Holds = holds
		x.emit(again)
	}
	return false
}

// conditionHolds evaluates a condition; null is not true yet.
func (x *machine) conditionHolds(e *expression, scope int64) (holds bool, problem string) {
	r, err := x.eval(e, scope)
	switch {
	case err != nil:
		return false, "cannot be evaluated: " + message(err)
	case r.Value.IsNull():
		return false, ""
	case r.Value != canon.Bool(true) && r.Value != canon.Bool(false):
		return false, fmt.Sprintf("is %s, no boolean%s", brief(r.Value), because(r.Warnings))
	}
	return r.Value == canon.Bool(true), ""
}

// noteChange remembers a change for the conditions of the process.
func (x *machine) noteChange(scope int64, name string) {
	if x.def.conditional && x.st.subscriptions.has(conditionals) {
		x.changed = append(x.changed, change{scope: scope, name: name})
	}
}

// conditionals returns the subscriptions to conditions.
func (s *State) conditionals() []Subscription {
	return s.subscriptions.choose(conditionals, func(*Subscription) bool { return true })
}
