package authz

import "strings"

// Effects of rules.
const (
	effectAllow = "allow"
	effectDeny  = "deny"
)

// rule is one policy row: the subject may, or may not, do the action on the scope.
type rule struct {
	subject, scope, action, effect string
}

func (r rule) row() []string { return []string{r.subject, r.scope, r.action, r.effect} }

// ruleID names a rule in verdicts and audit entries by what it says, so that an old entry can be read
// without the policy of its time: "role:clerk task.read", "deny user:bob task.read def:loan".
func ruleID(row []string) string {
	id := row[0] + " " + row[2]
	if row[1] != anyScope {
		id += " " + row[1]
	}
	if row[3] == effectDeny {
		id = effectDeny + " " + id
	}
	return id
}

// link puts a subject into a role, which then holds what the role holds.
type link struct {
	subject, role string
}

// ruleSet is what a policy version consists of.
type ruleSet struct {
	rules []rule
	links []link
}

// builtIn is the part of the policy that is the same in every installation.
func builtIn() ruleSet {
	var s ruleSet
	s.grant("role:", roles)
	s.grant("system:", systemParts)
	s.grant("", implicit)
	return s
}

func (s *ruleSet) grant(prefix string, grants []grant) {
	for _, g := range grants {
		for _, act := range g.actions {
			s.rules = append(s.rules, rule{prefix + g.name, anyScope, act, effectAllow})
		}
	}
}

// scopeAll is the scope that stands for all of its kind: "def:*" for "def:loan".
func scopeAll(scope string) string {
	kind, _, _ := strings.Cut(scope, ":")
	return kind + ":*"
}
