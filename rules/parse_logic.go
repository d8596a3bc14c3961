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
	d.names = d.requirements.bindings()
	scope := c.names(m, d.names)
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
	for _, name := range slices.Sorted(maps.Keys(c.reads)) {
		b, bound := d.names[name]
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
	k.names = k.requirements.bindings()
	enter(k.names, k.variable, binding{knowledge: k}) // recursion needs no requirement
	if n := k.source.first("encapsulatedLogic"); n != nil {
		k.function = c.function(n, c.names(m, k.names))
	}
}

var identifier = regexp.MustCompile(`^[\pL_][\pL\pN_]*$`)

// bindings says what each name means for an element with these requirements. A required element is
// known by its variable, its name and, where it can be written in FEEL, its id: Camunda models use
// all three. The first meaning of a name stands.
func (r requirements) bindings() map[string]binding {
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
