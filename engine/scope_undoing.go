package engine

import (
	"cmp"
	"slices"
)

// giveBack enters into the ledger again what compensation handlers, which are about to end with what is active around
// them, have not yet undone. The activities have completed and still stand (13.5.5), so who compensates their scope
// later runs the handlers anew, with the same snapshots and in the same order. Inner ones are given back before the
// completed sub-processes around them. A called instance goes on by itself with what it undoes.
func (x *machine) giveBack(running []compensable) {
	slices.SortFunc(running, func(a, b compensable) int { return cmp.Compare(b.ClaimedBy, a.ClaimedBy) })
	for _, c := range running {
		x.emit(CompensationSubscribed{
			Key: c.Key, Element: c.Element, ElementInstance: c.ElementInstance, Scope: c.Scope, Handler: c.Handler,
			LoopCounter: c.LoopCounter,
		})
	}
}

// undoingWithin finds the entries that are being undone in a scope and in all scopes inside.
func (x *machine) undoingWithin(outer int64) []compensable {
	var running []compensable
	for c := range x.st.undoing.all() {
		if x.undoesAnew(c) && x.st.within(c.Scope, outer) {
			running = append(running, c)
		}
	}
	return running
}

// undoingIn finds the entries of a scope that are being undone, with those of the completed sub-processes that are open
// again for it. Active scopes inside are about to end: what has completed in them can never be undone.
func (x *machine) undoingIn(scope int64) []compensable {
	if x.st.undoing.len() == 0 {
		return nil
	}
	var running []compensable
	for scopes := []int64{scope}; len(scopes) > 0; scopes = scopes[1:] {
		for _, c := range x.st.undoing.choose(scopes[0], func(c *compensable) bool { return c.Scope == scopes[0] }) {
			if !x.undoesAnew(c) {
				continue
			}
			running = append(running, c)
			if c.Handler == "" {
				scopes = append(scopes, c.ClaimedBy)
			}
		}
	}
	return running
}

// undoesAnew reports whether an entry that is being undone can be undone anew. What ends already has failed or was
// skipped.
func (x *machine) undoesAnew(c compensable) bool {
	e, ok := x.st.elements.get(rowID{key: c.ClaimedBy})
	return ok && !e.Terminating
}

// within reports whether a scope is another one or stands in it.
func (s *State) within(scope, outer int64) bool {
	for more := true; more && scope != outer; scope, more = s.parent(scope) {
	}
	return scope == outer
}

// cancelInside ends the element instances of a scope that lives on. What handlers were undoing in it can be undone later.
func (x *machine) cancelInside(scope int64) {
	x.giveBack(x.undoingIn(scope))
	x.terminateInside(scope, 0)
}
