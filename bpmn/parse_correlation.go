package bpmn

import (
	"cmp"
	"maps"
	"slices"
)

// correlationKeysMax bounds the keys of a file, which every message is held against.
const correlationKeysMax = 64

// correlationPropertiesMax bounds what is read from one message to correlate it.
const correlationPropertiesMax = 64

// correlation holds what the file says of the standard's correlation (BPMN 2.0.2, 8.4.2).
type correlation struct {
	keys  map[string]map[string]bool // correlation key → its properties
	keyed map[string][]string        // property → the keys that it belongs to
}

// readCorrelation reads correlation keys and properties. When the file has keys, properties outside of them
// identify nothing.
func (p *parser) readCorrelation(root *element) {
	p.correlation = correlation{keys: map[string]map[string]bool{}, keyed: map[string][]string{}}
	for _, e := range root.all("collaboration") {
		p.readKeys(e)
	}
	for _, e := range root.all("correlationProperty") {
		id := p.identify(e)
		if len(p.correlation.keys) == 0 || p.correlation.keyed[id] != nil {
			p.readRetrievals(e, id)
		}
	}
	for _, e := range root.all("message") {
		if m := p.definitions.Messages[e.id()]; m != nil {
			sortValues(m.Properties)
			p.requireWholeKeys(e, m)
		}
	}
}

// sortValues orders the values of a key by property, the same for the message and for the process.
func sortValues(values []MessageValue) {
	slices.SortStableFunc(values, func(a, b MessageValue) int { return cmp.Compare(a.Property, b.Property) })
}

// readKeys reads the keys of a collaboration or conversation.
func (p *parser) readKeys(e *element) {
	for _, c := range e.standard() {
		switch c.name {
		case "correlationKey":
			p.readKey(c)
		case "conversation", "subConversation", "callConversation":
			p.readKeys(c)
		}
	}
}

func (p *parser) readKey(e *element) {
	id := p.identify(e)
	if len(p.correlation.keys) == correlationKeysMax {
		p.fail(e, CodeCorrelationTooMany, "a file has at most %d correlation keys", correlationKeysMax)
		return
	}
	properties := map[string]bool{}
	p.correlation.keys[id] = properties
	for _, r := range e.all("correlationPropertyRef") {
		ref := localPart(r.text)
		property := p.ids[ref]
		switch {
		case property == nil || !property.is("correlationProperty"):
			p.fail(r, CodeReferenceUnresolved, "there is no correlation property %q", shorten(ref))
		case !properties[ref]:
			properties[ref] = true
			p.correlation.keyed[ref] = append(p.correlation.keyed[ref], id)
		}
	}
}

// readRetrievals enters what a property reads from each message.
func (p *parser) readRetrievals(e *element, property string) {
	for _, c := range e.all("correlationPropertyRetrievalExpression") {
		ref := c.ref("messageRef")
		m := p.definitions.Messages[ref]
		if m == nil {
			p.fail(c, CodeReferenceUnresolved, "there is no message %q", shorten(ref))
			continue
		}
		value := MessageValue{Property: property}
		for _, path := range c.all("messagePath") {
			value.Path = p.expression(path)
		}
		if value.Path.Text == "" {
			p.fail(c, CodeCorrelationIncomplete, "the correlation property reads nothing from the message: messagePath is missing")
		}
		if len(m.Properties) == correlationPropertiesMax {
			p.fail(c, CodeCorrelationTooMany, "at most %d correlation properties read a message", correlationPropertiesMax)
			return
		}
		m.Properties = append(m.Properties, value)
	}
}

// requireWholeKeys wants that a message which carries a part of a key carries all of it, once.
func (p *parser) requireWholeKeys(e *element, m *Message) {
	has, counts := map[string]bool{}, map[string]int{}
	for _, v := range m.Properties {
		if has[v.Property] {
			p.fail(e, CodeCorrelationIncomplete, "the correlation property %q reads the message twice", shorten(v.Property))
			continue
		}
		has[v.Property] = true
		for _, key := range p.correlation.keyed[v.Property] {
			counts[key]++
		}
	}
	for _, key := range slices.Sorted(maps.Keys(counts)) {
		if want := len(p.correlation.keys[key]); counts[key] < want {
			p.fail(e, CodeCorrelationIncomplete, "the message has %d of the %d properties of the correlation key %q", counts[key], want, shorten(key))
		}
	}
}

// readSubscriptions reads the context-based correlation of a process.
func (p *parser) readSubscriptions(process *Process, e *element) {
	for _, c := range e.all("correlationSubscription") {
		read := &CorrelationSubscription{Key: c.ref("correlationKeyRef"), Position: c.position}
		properties, known := p.correlation.keys[read.Key]
		if !known {
			p.fail(c, CodeReferenceUnresolved, "there is no correlation key %q", shorten(read.Key))
			continue
		}
		has := map[string]bool{}
		for _, b := range c.all("correlationPropertyBinding") {
			value := MessageValue{Property: b.ref("correlationPropertyRef")}
			for _, path := range b.all("dataPath") {
				value.Path = p.expression(path)
			}
			if !properties[value.Property] || value.Path.Text == "" || has[value.Property] {
				p.fail(b, CodeCorrelationIncomplete, "a binding gives one property of the key a dataPath, not %q", shorten(value.Property))
			}
			has[value.Property] = true
			read.Bindings = append(read.Bindings, value)
		}
		if len(has) < len(properties) {
			p.fail(c, CodeCorrelationIncomplete, "the correlation key has %d properties, %d of them are bound", len(properties), len(has))
		}
		sortValues(read.Bindings)
		process.Correlation = append(process.Correlation, read)
	}
}
