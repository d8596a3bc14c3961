package rules

import (
	"strings"

	"tallystick/rules/feel"
)

// oldTypes are names of types that FEEL does not know: those of DMN 1.1 and of Camunda 7.
var oldTypes = map[string]string{
	"integer": "number", "long": "number", "double": "number",
	"dateTime":          "date and time",
	"dayTimeDuration":   "days and time duration",
	"yearMonthDuration": "years and months duration",
}

// itemTypes reads the item definitions. They may refer to each other in any order, so each is built
// when it is first asked for.
func (c *compiler) itemTypes() {
	for _, n := range c.root.all("itemDefinition") {
		name := n.attr("name")
		if _, twice := c.definitions[name]; twice {
			c.fail(n, "rules.type", "the type %q is defined twice", name)
			continue
		}
		c.definitions[name] = n
	}
	for _, n := range c.root.all("itemDefinition") {
		c.definition(n.attr("name"))
	}
}

// definition returns the item definition of a name, nil when there is none.
func (c *compiler) definition(name string) *itemType {
	n, ok := c.definitions[name]
	if !ok {
		return c.importedType(name)
	}
	if t, built := c.types[name]; built {
		return t
	}
	if c.building[name] {
		c.fail(n, "rules.type", "the type %q is defined by itself", name)
		return &itemType{name: name}
	}
	c.building[name] = true
	t := c.itemType(n)
	c.types[name] = t
	return t
}

// itemType builds the type of an itemDefinition or itemComponent.
func (c *compiler) itemType(n *node) *itemType {
	t := &itemType{name: n.attr("name"), feel: feel.AnyType()}
	switch ref := n.childText("typeRef"); {
	case n.first("functionItem") != nil:
		t.feel, t.function = c.functionItem(n.first("functionItem"))
	case ref != "":
		c.inherit(t, c.resolveType(n.first("typeRef"), ref))
	case n.first("itemComponent") != nil:
		c.structure(t, n.all("itemComponent"))
	}
	if allowed := n.first("allowedValues"); allowed != nil {
		if t.allowed = c.tests(allowed, names{}); t.allowed != nil {
			t.feel = t.feel.WhereEach(t.allowed.holdAlone)
		}
		t.order = allowed.childText("text")
	}
	if n.attr("isCollection") == "true" {
		t.feel, t.allowed = feel.ListType(t.feel), nil
	}
	if constraint := n.first("typeConstraint"); constraint != nil {
		if whole := c.tests(constraint, names{}); whole != nil {
			t.feel = t.feel.Where(whole.holdAlone)
		}
	}
	return t
}

// inherit takes over the base type.
func (c *compiler) inherit(t, base *itemType) {
	if base == nil {
		return
	}
	name := t.name
	*t = *base
	t.name = name
	if t.feel == nil {
		t.feel = feel.AnyType()
	}
}

func (c *compiler) structure(t *itemType, parts []*node) {
	var fields []feel.Field
	for _, part := range parts {
		typ := c.itemType(part)
		if !identifier.MatchString(typ.name) {
			c.members = append(c.members, typ.name)
		}
		t.components = append(t.components, component{name: typ.name, typ: typ})
		fields = append(fields, feel.Field{Name: typ.name, Type: typ.feel})
	}
	t.feel = feel.ContextType(fields)
}

func (c *compiler) functionItem(n *node) (*feel.Type, *signature) {
	var params []*feel.Type
	for _, p := range n.all("parameters") {
		params = append(params, c.typeOf(p).feelType())
	}
	var result *itemType
	if ref := n.attr("outputTypeRef"); ref != "" {
		result = c.resolveType(n, ref)
	}
	return feel.FunctionType(params, result.feelType()), &signature{result}
}

// typeRef is the type reference of an element: an attribute, in DMN 1.1 files sometimes a child.
func typeRef(n *node) string {
	if ref := n.attr("typeRef"); ref != "" {
		return ref
	}
	return n.childText("typeRef")
}

// typeOf resolves the typeRef of an element; nil is Any.
func (c *compiler) typeOf(n *node) *itemType {
	ref := typeRef(n)
	if ref == "" {
		return nil
	}
	return c.resolveType(n, ref)
}

// resolveType finds a type by name: an item definition of the model first, then the FEEL types,
// whose prefix ("feel:string") was common in DMN 1.1 and says nothing.
func (c *compiler) resolveType(n *node, ref string) *itemType {
	_, local, prefixed := strings.Cut(ref, ":")
	if !prefixed || strings.ContainsAny(ref, "<>") {
		local = ref
	}
	for _, name := range []string{ref, local} {
		if t := c.definition(name); t != nil {
			return t
		}
	}
	if current, old := oldTypes[local]; old {
		local = current
	}
	typ := feel.ParseType(local, func(name string) *feel.Type { return c.definition(name).feelType() })
	if typ == nil {
		c.warn(n, "rules.type", "the type %q is not known and not checked", ref)
		return nil
	}
	t := &itemType{name: ref, feel: typ}
	for kind := range temporal {
		if kind.String() == local {
			t.kind = kind
		}
	}
	return t
}
