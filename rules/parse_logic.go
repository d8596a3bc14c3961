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
	d.names = m.bindings(d.requirements)
	scope := c.names(d.names)
	scope.open = true
	d.logic = c.boxed(d.source, scope)
	if t, ok := tableOf(d.logic); ok {
		t.traced = true
		d.Type, d.HitPolicy = TypeTable, t.policy.String()
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
	for name := range c.reads {
		b, bound := d.names[name]
		switch {
		case bound && b.hidden():
			c.warn(d.source, "requirement.missing",
				"%q is an element of this model, but no requirement of decision %q: it reads null", name, d.Name)
		case bound && b.input != nil:
			outside[b.input.Variable] = true
		case !bound:
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
	k.names = m.bindings(k.requirements)
	if own := k.variable; k.names[own].hidden() {
		k.names[own] = binding{knowledge: k} // recursion needs no requirement
	}
	if n := k.source.first("encapsulatedLogic"); n != nil {
		k.function = c.function(n, c.names(k.names))
	}
}

var identifier = regexp.MustCompile(`^[\pL_][\pL\pN_]*$`)

// bindings says what each name means for an element with these requirements. A required element is
// known by its variable, its name and, where it can be written in FEEL, its id: Camunda models use
// all three. The first meaning of a name stands. Other elements of the model are hidden.
func (m *Model) bindings(r requirements) map[string]binding {
	found := map[string]binding{}
	for _, pick := range []func(aliases) string{aliases.first, aliases.second, aliases.third} {
		for _, in := range r.inputs {
			enter(found, pick(aliases{in.Variable, in.Name, ""}), binding{input: in})
		}
		for _, d := range r.decisions {
			enter(found, pick(aliases{d.Variable, d.Name, d.ID}), binding{decision: d})
		}
		for _, k := range r.knowledge {
			enter(found, pick(aliases{k.variable, k.name, ""}), binding{knowledge: k})
		}
	}
	for _, in := range m.Inputs {
		enter(found, in.Variable, binding{})
	}
	for _, d := range m.Decisions {
		enter(found, d.Variable, binding{})
	}
	for _, k := range m.knowledge {
		enter(found, k.variable, binding{})
	}
	return found
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

// names are the compile-time names of a set of bindings; components of item definitions whose
// names are not plain identifiers are made known to the FEEL parser as well.
func (c *compiler) names(found map[string]binding) names {
	n := names{all: slices.Sorted(maps.Keys(found))}
	for _, t := range c.types {
		n.members = append(n.members, memberNames(t)...)
	}
	slices.Sort(n.members)
	n.members = slices.Compact(n.members)
	return n
}

func memberNames(t *itemType) []string {
	var found []string
	for _, part := range t.components {
		if !identifier.MatchString(part.name) {
			found = append(found, part.name)
		}
		found = append(found, memberNames(part.typ)...)
	}
	return found
}
