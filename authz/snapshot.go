package authz

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/casbin/casbin/v2"

	"tallystick/host"
)

// snapshot is one policy version. Its rules never change; what it remembers only repeats what they say, and
// is forgotten with it.
type snapshot struct {
	version  int64
	enforcer *casbin.Enforcer
	subjects map[string]bool     // the subjects that rules or links name
	scopes   map[string][]string // the scopes that rules name, by kind, sorted
	accounts *directory
	memo     sync.Map // question → judgement
}

// question is a key of the memo. Its fields stay apart, so that no two questions can be written alike.
type question struct {
	subject, scope, action string
}

func newSnapshot(version int64, s ruleSet, accounts Accounts) (*snapshot, error) {
	e, err := newEnforcer(s)
	if err != nil {
		return nil, err
	}
	n := &snapshot{
		version: version, enforcer: e, accounts: &directory{accounts: accounts},
		subjects: map[string]bool{}, scopes: map[string][]string{},
	}
	for _, r := range s.rules {
		n.subjects[r.subject] = true
		if r.scope != anyScope && !allOfKind(r.scope) {
			kind, _, _ := strings.Cut(r.scope, ":")
			n.scopes[kind] = append(n.scopes[kind], r.scope)
		}
	}
	for _, l := range s.links {
		n.subjects[l.subject], n.subjects[l.role] = true, true
	}
	for kind, list := range n.scopes {
		slices.Sort(list)
		n.scopes[kind] = slices.Compact(list)
	}
	return n, nil
}

// ask answers for one subject. Names that no rule knows are asked as one stranger and one scope of their
// kind, so that the memo cannot grow beyond what the rules name.
func (n *snapshot) ask(subject, scope, act string) judgement {
	q := question{"stranger", scope, act}
	if n.subjects[subject] {
		q.subject = subject
	}
	kind, _, _ := strings.Cut(scope, ":")
	if _, named := slices.BinarySearch(n.scopes[kind], scope); !named {
		q.scope = scopeAll(scope)
	}
	if j, ok := n.memo.Load(q); ok {
		return j.(judgement)
	}
	j := judge(n.enforcer, q.subject, q.scope, q.action)
	if j.err == nil {
		n.memo.Store(q, j)
	}
	return j
}

// decision is what the rules say about an actor: forbidden when they forbid it to any of the subjects.
type decision struct {
	effect effect
	rules  []string
	err    error
}

func (n *snapshot) decide(subjects []string, scope, act string) decision {
	var d decision
	for _, s := range subjects {
		j := n.ask(s, scope, act)
		switch j.effect {
		case forbidden:
			return decision{effect: forbidden, rules: []string{j.rule}, err: j.err}
		case allowed:
			d.effect = allowed
			d.rules = append(d.rules, j.rule)
		}
	}
	d.rules = unique(d.rules)
	return d
}

func unique(rules []string) []string {
	slices.Sort(rules)
	return slices.Compact(rules)
}

// subjectsOf lists what rules may name the actor by. A name cannot pose as another subject: the kind is
// put in front of it here.
func subjectsOf(a host.Actor) []string {
	list := []string{subjectEverybody}
	if a.Name == "" {
		return list
	}
	switch a.Kind {
	case "system":
		part, _, _ := strings.Cut(a.Name, ":")
		return append(list, subjectAuthenticated, "system:"+part)
	case "user", "client":
		list = append(list, subjectAuthenticated, a.Ref())
		for _, r := range a.Roles {
			list = append(list, "role:"+r)
		}
		for _, g := range a.Groups {
			list = append(list, "group:"+g)
		}
	}
	return list
}

// accountTimeout bounds the look-up of an account inside a decision, which has no context of its own.
const accountTimeout = 5 * time.Second

// effective is the actor with the roles and groups that its account has in this version: what the actor
// brought along may be older than the policy. Actors without an account are believed; only the program
// itself makes them. The text says why there is no such actor.
func (n *snapshot) effective(a host.Actor) (host.Actor, string) {
	if a.Kind == "system" || a.Method == "" || a.Method == methodNone {
		return a, ""
	}
	account, ok := n.accounts.remembered(a.Name)
	if !ok {
		ctx, cancel := context.WithTimeout(context.Background(), accountTimeout)
		defer cancel()
		var err error
		if account, ok, err = n.accounts.byName(ctx, a.Name); err != nil {
			return host.Actor{}, "the account of " + a.Ref() + " cannot be read"
		}
	}
	if !ok {
		return host.Actor{}, "there is no account of " + a.Ref()
	}
	a.Roles, a.Groups = account.Roles, account.Groups
	return a, ""
}
