package authz

import (
	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
)

// policyModel compares by equality only: with patterns a dot in an id would be a wildcard. The cheapest
// comparison comes first and g last (reliability and security, 3.1).
const policyModel = `
[request_definition]
r = sub, obj, all, act

[policy_definition]
p = sub, obj, act, eft

[role_definition]
g = _, _

[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))

[matchers]
m = r.act == p.act && (p.obj == "*" || p.obj == r.obj || p.obj == r.all) && g(r.sub, p.sub)
`

// newEnforcer returns a plain enforcer that nobody changes afterwards; only then may many goroutines ask
// it. Casbin's caching enforcers are not used: they go on allowing after a revocation.
func newEnforcer(s ruleSet) (*casbin.Enforcer, error) {
	m, err := model.NewModelFromString(policyModel)
	if err != nil {
		return nil, err
	}
	e, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, err
	}
	for _, r := range s.rules {
		if err := addRow(m, "p", r.row()); err != nil {
			return nil, err
		}
	}
	for _, l := range s.links {
		if err := addRow(m, "g", []string{l.subject, l.role}); err != nil {
			return nil, err
		}
	}
	return e, e.BuildRoleLinks()
}

// addRow leaves out what is there already: a doubled row costs time in every check.
func addRow(m model.Model, section string, row []string) error {
	has, err := m.HasPolicyEx(section, section, row)
	if err != nil || has {
		return err
	}
	return m.AddPolicy(section, section, row)
}

// effect is what the rules say about a subject; the zero value is that they say nothing.
type effect uint8

const (
	silent effect = iota
	allowed
	forbidden
)

// judgement is the effect with the rule that had it.
type judgement struct {
	effect effect
	rule   string
	err    error
}

// judge asks Casbin. It answers an error with forbidden: Casbin may fail after it has recovered from a panic.
func judge(e *casbin.Enforcer, subject, scope, act string) judgement {
	ok, row, err := e.EnforceEx(subject, scope, scopeAll(scope), act)
	switch {
	case err != nil:
		return judgement{effect: forbidden, err: err}
	case len(row) != 4:
		return judgement{}
	case ok:
		return judgement{effect: allowed, rule: ruleID(row)}
	}
	return judgement{effect: forbidden, rule: ruleID(row)}
}
