package engine

import (
	"cmp"
	"slices"

	"tallystick/bpmn"
)

// message compiles how a message is named and correlated, where it is caught or where it is thrown: by the
// key that its extension names, else by the correlation properties of the standard (8.4.2).
func (c *compiler) message(b *bpmn.Node, m *bpmn.Message, catch bool) *messageEvent {
	if m == nil {
		c.report(CodeModelIncomplete, b.ID, b.Position, "the message is missing")
		return nil
	}
	compiled := &messageEvent{name: c.required(b, bpmn.Expression{Text: m.Name, Position: m.Position}, "the name of the message")}
	switch {
	case m.CorrelationKey.Text != "":
		compiled.keys = []*expression{c.expression(b.ID, m.CorrelationKey)}
	case catch:
		compiled.keys = c.paths(b, c.bindings(m))
		if len(compiled.keys) == 0 && len(m.Properties) > 0 && !c.begins(b) {
			c.report(bpmn.CodeElementUnsupported, b.ID, m.Position, "the message "+m.Name+" carries a correlation key, but no correlationSubscription of the process binds its fields: nothing would be caught")
		}
	default:
		compiled.keys, compiled.fromContent = c.paths(b, m.Properties), true
	}
	return compiled
}

// begins reports whether what a node catches starts an instance, which no key selects.
func (c *compiler) begins(b *bpmn.Node) bool {
	behindStart := func(f *bpmn.Flow) bool { return f.Source != nil && f.Source.Instantiate }
	return b.Instantiate || b.Kind == bpmn.KindStartEvent && b.Scope == c.process.Body || slices.ContainsFunc(b.Incoming, behindStart)
}

// bindings are those of the first correlation subscription of the process that the message can satisfy.
func (c *compiler) bindings(m *bpmn.Message) []bpmn.MessageValue {
	for _, s := range c.process.Correlation {
		satisfied := func(v bpmn.MessageValue) bool {
			return slices.ContainsFunc(m.Properties, func(p bpmn.MessageValue) bool { return p.Property == v.Property })
		}
		if len(s.Bindings) > 0 && !slices.ContainsFunc(s.Bindings, func(v bpmn.MessageValue) bool { return !satisfied(v) }) {
			return s.Bindings
		}
	}
	return nil
}

// paths compiles the values of correlation properties in the order of their names, which sender and receiver share.
func (c *compiler) paths(b *bpmn.Node, values []bpmn.MessageValue) []*expression {
	sorted := slices.SortedFunc(slices.Values(values), func(v, w bpmn.MessageValue) int { return cmp.Compare(v.Property, w.Property) })
	keys := make([]*expression, 0, len(sorted))
	for _, v := range sorted {
		keys = append(keys, c.required(b, v.Path, "the path of correlation property "+v.Property))
	}
	return keys
}
