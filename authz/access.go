package authz

import (
	"slices"
	"strings"

	"tallystick/host"
	"tallystick/query"
)

// access tells what the actor may list. It asks the same questions as Allow does for single things, so the
// two cannot differ.
func (n *snapshot) access(a host.Actor, act string) query.Access {
	subjects := subjectsOf(a)
	if act != host.ActionTaskRead {
		return n.reach(act, func(scope string) effect { return n.decide(subjects, scope, act).effect })
	}
	if see := n.reachAllTasks(subjects); covers(see, n.reachOwnTasks(subjects)) {
		return see
	}
	own := n.reachOwnTasks(subjects)
	own.Own, own.User, own.Groups = true, a.Name, slices.Clone(a.Groups)
	return own
}

// reach turns answers about scopes into a set: all but some, or some.
func (n *snapshot) reach(act string, may func(scope string) effect) query.Access {
	kind := kindOf(act)
	see := query.Access{All: may(kind+":*") == allowed}
	for _, scope := range n.scopes[kind] {
		id := strings.TrimPrefix(scope, kind+":")
		switch ok := may(scope) == allowed; {
		case see.All && !ok:
			see.Denied = append(see.Denied, id)
		case !see.All && ok:
			see.Definitions = append(see.Definitions, id)
		}
	}
	return see
}

func (n *snapshot) reachOwnTasks(subjects []string) query.Access {
	return n.reach(host.ActionTaskRead, func(scope string) effect {
		return n.decide(subjects, scope, host.ActionTaskRead).effect
	})
}

func (n *snapshot) reachAllTasks(subjects []string) query.Access {
	return n.reach(host.ActionTaskReadAll, func(scope string) effect {
		return n.decideAllTasks(subjects, scope).effect
	})
}

// decideAllTasks is the right to read every task of the scope; being forbidden to read one's own tasks
// takes it away.
func (n *snapshot) decideAllTasks(subjects []string, scope string) decision {
	if own := n.decide(subjects, scope, host.ActionTaskRead); own.effect == forbidden {
		return own
	}
	return n.decide(subjects, scope, host.ActionTaskReadAll)
}

// covers reports whether wide holds everything that narrow holds. A list is either of all tasks or of one's
// own; reading all must not make own tasks of other definitions disappear.
func covers(wide, narrow query.Access) bool {
	if narrow.All {
		return wide.All && !slices.ContainsFunc(wide.Denied, func(id string) bool { return holds(narrow, id) })
	}
	return !slices.ContainsFunc(narrow.Definitions, func(id string) bool { return !holds(wide, id) })
}

func holds(a query.Access, id string) bool {
	if a.All {
		return !slices.Contains(a.Denied, id)
	}
	return slices.Contains(a.Definitions, id)
}
