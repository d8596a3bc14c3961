package authz

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"tallystick/fault"
)

// ErrRule is a policy row that cannot be loaded. One malformed row would make Casbin fail every check
// (reliability and security, 3.1), so it is refused here and the policy in use stays.
var ErrRule = fault.New(fault.Invalid, "policy.invalid", "the policy row is not valid")

const (
	anyScope     = "*"
	linkDepthMax = 10 // Casbin follows no more levels and says nothing (reliability and security, 3.4)
)

var (
	subjectKinds = []string{"role", "user", "client", "group"}
	scopeKinds   = []string{"def", "dec", "model", "form", "system", "user", "audit"}
	plainName    = regexp.MustCompile(`^[^\s"'\\,*:]+$`)
)

// readRows adds rows to the built-in rules. A row is {"p", subject, scope, action, "allow" or "deny"} or
// {"g", subject, role}.
func readRows(rows [][]string) (ruleSet, error) {
	s := builtIn()
	for i, row := range rows {
		if err := s.add(row); err != nil {
			return ruleSet{}, ErrRule.With("policy row %d %q: %v", i+1, row, err)
		}
	}
	return s, s.checkDepth()
}

func (s *ruleSet) add(row []string) error {
	switch {
	case len(row) == 5 && row[0] == "p":
		r := rule{row[1], row[2], row[3], row[4]}
		s.rules = append(s.rules, r)
		return r.check()
	case len(row) == 3 && row[0] == "g":
		l := link{row[1], row[2]}
		s.links = append(s.links, l)
		return l.check()
	}
	return errors.New("a row is p, subject, scope, action, effect or g, subject, role")
}

func (r rule) check() error {
	switch {
	case !typed(r.subject, subjectKinds):
		return errors.New("a subject is role:, user:, client: or group: and a name")
	case r.scope != anyScope && !typed(r.scope, scopeKinds) && !allOfKind(r.scope):
		return errors.New("a scope is *, kind:* or kind:id")
	case !knownActions[r.action]:
		return errors.New("no such action")
	case r.effect != effectAllow && r.effect != effectDeny:
		return errors.New("an effect is allow or deny")
	case systemOnly(r.action) && r.effect == effectAllow:
		return errors.New("only the engine itself may hold this action")
	}
	return nil
}

func (l link) check() error {
	if !typed(l.subject, subjectKinds) || !typed(l.role, []string{"role"}) {
		return errors.New("a subject is put into a role")
	}
	return nil
}

func typed(text string, kinds []string) bool {
	kind, rest, ok := strings.Cut(text, ":")
	return ok && slices.Contains(kinds, kind) && plainName.MatchString(rest)
}

func allOfKind(scope string) bool {
	kind, rest, _ := strings.Cut(scope, ":")
	return rest == "*" && slices.Contains(scopeKinds, kind)
}

// checkDepth refuses roles in a circle and chains longer than Casbin follows.
func (s *ruleSet) checkDepth() error {
	up := map[string][]string{}
	for _, l := range s.links {
		up[l.subject] = append(up[l.subject], l.role)
	}
	depth := map[string]int{}
	var climb func(subject string, steps int) (int, error)
	climb = func(subject string, steps int) (int, error) {
		if d, ok := depth[subject]; ok {
			return d, nil
		}
		if steps > linkDepthMax {
			return 0, ErrRule.With("the roles above %s form a circle or more than %d levels", subject, linkDepthMax)
		}
		height := 0
		for _, role := range up[subject] {
			d, err := climb(role, steps+1)
			if err != nil {
				return 0, err
			}
			height = max(height, d+1)
		}
		depth[subject] = height
		return height, nil
	}
	for subject := range up {
		if d, err := climb(subject, 0); err != nil {
			return err
		} else if d > linkDepthMax {
			return ErrRule.With("%s is under more than %d levels of roles", subject, linkDepthMax)
		}
	}
	return nil
}
