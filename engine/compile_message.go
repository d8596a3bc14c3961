package engine

import (
	"cmp"
	"slices"

	"tallystick/bpmn"
)

// messageUse is one of the two ways in which nodes use a message.
type messageUse struct {
	message *bpmn.Message
	catch   bool
}

// message compiles how a message is named and correlated, where it is caught or where it is thrown: by the
// key that its extension names, else by the correlation properties of the standard (8.4.2).
func (c *compiler) message(b *bpmn.Node, m *bpmn.Message, catch bool) *messageEvent {
	if m == nil {
		c.report(CodeModelIncomplete, b.ID, b.Position, "the message is missing")
		return nil
	}
	use := messageUse{m, catch}
	made := c.messages[use]
	if made == nil {
		made = c.messageEvent(b, m, catch)
		c.messages[use] = made
	}
	if catch && len(made.keys) == 0 && len(m.Properties) > 0 && !c.begins(b) {
		c.report(bpmn.CodeElementUnsupported, b.ID, m.Position, "the message "+m.Name+" carries a correlation key, but no correlationSubscription of the process binds its fields: nothing would be caught")
	}
	return made
}

func (c *compiler) messageEvent(b *bpmn.Node, m *bpmn.Message, catch bool) *messageEvent {
	made := &messageEvent{name: c.required(b, bpmn.Expression{Text: m.Name, Position: m.Position}, "the name of the message")}
	switch {
	case m.CorrelationKey.Text != "":
		made.keys = []*expression{c.expression(b.ID, m.CorrelationKey)}
	case catch:
		made.keys = c.keyPaths(b, c.bindings(m))
	default:
		made.keys, made.fromContent = c.keyPaths(b, m.Properties), true
	}
	return made
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

// keyPaths compiles the values of correlation properties in the order of their names, which sender and receiver share.
func (c *compiler) keyPaths(b *bpmn.Node, values []bpmn.MessageValue) []*expression {
	sorted := slices.SortedFunc(slices.Values(values), func(v, w bpmn.MessageValue) int { return cmp.Compare(v.Property, w.Property) })
	keys := make([]*expression, 0, len(sorted))
	for _, v := range sorted {
		keys = append(keys, c.required(b, v.Path, "the path of correlation property "+v.Property))
	}
	return keys
}
