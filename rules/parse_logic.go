package rules

import (
	"maps"
	"regexp"
	"slices"
)

// decisionLogic compiles the logic of a decision in the scope of its requirements.
func (c *compiler) decisionLogic(m *Model, d *Decision) {
	before := c.errors
	c.reads = map[string]bool{}
	d.sight = &sight{names: d.requirements.bindings(), hidden: m.variables, open: true}
	scope := c.names(m, d.sight.names)
	scope.open = true
	d.logic = c.boxed(d.source, scope)
	if t, ok := tableOf(d.logic); ok {
		t.traced = true
		d.Type, d.HitPolicy, d.Rules = TypeTable, t.policy.String(), len(t.rules)
	}
	c.readsOf(m, d)
	d.broken = d.broken || c.errors > before
}

// tableOf is the decision table behind an optional type conversion.
func tableOf(e expression) (*table, bool) {
	if t, ok := e.(typed); ok {
		e = t.logic
	}
	t, ok := e.(*table)
	return t, ok
}

// readsOf lists what the decision needs from outside, and warns of names that were probably meant
// as requirements.
func (c *compiler) readsOf(m *Model, d *Decision) {
	outside := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(c.reads)) {
		b, bound := d.sight.names[name]
		switch {
		case b.input != nil:
			outside[b.input.Variable] = true
		case bound:
		case m.variables[name]:
			c.warn(d.source, "requirement.missing",
				"%q is an element of this model, but no requirement of decision %q: it reads null", name, d.Name)
		default:
			outside[name] = true
			if len(m.Inputs) > 0 {
				c.warn(d.source, "requirement.missing",
					"%q is no requirement of decision %q: it reads the variable of that name", name, d.Name)
			}
		}
	}
	d.Reads = slices.Sorted(maps.Keys(outside))
}

// knowledgeLogic compiles a business knowledge model: a function of its formal parameters that
// sees its own knowledge requirements and nothing of its callers (DMN 1.5, 7.3.2).
func (c *compiler) knowledgeLogic(m *Model, k *knowledge) {
	c.reads = map[string]bool{}
	k.sight = &sight{names: k.requirements.bindings(), hidden: m.variables}
	enter(k.sight.names, k.variable, binding{knowledge: k}) // recursion needs no requirement
	if n := k.source.first("encapsulatedLogic"); n != nil {
		if f := c.function(n, c.names(m, k.sight.names)); f != nil {
			k.function = f
		}
	}
}

var identifier = regexp.MustCompile(`^[\pL_][\pL\pN_]*$`)

// bindings says what each name means for an element with these requirements. A required element is
// known by its variable, its name and, where it can be written in FEEL, its id: Camunda models use
// all three. The first meaning of a name stands.
func (r requirements) bindings() map[string]binding {
	found := map[string]binding{}
	for _, pick := range []func(aliases) string{aliases.first, aliases.second, aliases.third} {
		for _, own := range []bool{true, false} { // own elements win over those of an import without name
			for _, required := range r.list {
				if own == (required.from == nil) {
					enter(found, required.name(pick), required.binding)
				}
			}
		}
	}
	return found
}

// name is the picked alias of a required element, behind the name of its import.
func (r requirement) name(pick func(aliases) string) string {
	name := pick(r.aliases())
	if name == "" || r.from == nil || r.from.Name == "" {
		return name
	}
	return r.from.Name + "." + name
}

func (b binding) aliases() aliases {
	switch {
	case b.input != nil:
		return aliases{b.input.Variable, b.input.Name, ""}
	case b.decision != nil:
		return aliases{b.decision.Variable, b.decision.Name, b.decision.ID}
	case b.knowledge != nil:
		return aliases{b.knowledge.variable, b.knowledge.name, ""}
	}
	return aliases{b.service.Variable, b.service.Name, ""}
}

// aliases are the names of an element: variable, name, id.
type aliases [3]string

func (a aliases) first() string  { return a[0] }
func (a aliases) second() string { return a[1] }

func (a aliases) third() string {
	if identifier.MatchString(a[2]) {
		return a[2]
	}
	return ""
}

func enter(found map[string]binding, name string, b binding) {
	if _, taken := found[name]; !taken && name != "" {
		found[name] = b
	}
}
