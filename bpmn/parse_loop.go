package bpmn

import "strconv"

// readLoop reads standardLoopCharacteristics (BPMN 2.0.2, 10.3.8).
func (p *parser) readLoop(n *Node, e *element) {
	p.single(n, e)
	n.Loop = &Loop{TestBefore: p.boolean(e, "testBefore", false), Maximum: p.value(e, "loopMaximum"), Position: e.position}
	for _, c := range e.all("loopCondition") {
		n.Loop.Condition = p.optional(c)
	}
	p.checkNumber(n, e, "loopMaximum", n.Loop.Maximum.Text)
	if n.Loop.Condition == nil && n.Loop.Maximum.Text == "" {
		p.failAt(n, e, CodeLoopIncomplete, "a loop without condition and maximum would not end")
	}
}

// single refuses a second kind of loop: an activity has one (BPMN 2.0.2, 10.3.8).
func (p *parser) single(n *Node, e *element) {
	switch {
	case n.Loop != nil || n.MultiInstance != nil:
		p.failAt(n, e, CodeLoopAmbiguous, "an activity has one loop or multi-instance, not several")
	case n.Kind == KindEventSubProcess:
		p.failAt(n, e, CodeElementMisplaced, "an event sub-process cannot be repeated")
	}
}

// checkNumber wants a whole number from 1, or an expression.
func (p *parser) checkNumber(n *Node, e *element, what, text string) {
	if count, err := strconv.Atoi(text); isLiteral(Expression{Text: text}) && (err != nil || count < 1) {
		p.failAt(n, e, CodeAttributeInvalid, "%s=%q is neither a whole number from 1 nor an expression", what, shorten(text))
	}
}

// readMultiInstance reads multiInstanceLoopCharacteristics (BPMN 2.0.2, 10.3.8).
func (p *parser) readMultiInstance(n *Node, e *element) {
	p.single(n, e)
	m := &MultiInstance{
		Sequential: p.boolean(e, "isSequential", false), Position: e.position,
		Behavior: Behavior(p.choice(e, "behavior", string(BehaviorAll), string(BehaviorNone), string(BehaviorOne), string(BehaviorComplex))),
	}
	n.MultiInstance = m
	for _, c := range e.standard() {
		switch c.name {
		case "loopCardinality":
			m.Cardinality = p.expression(c)
		case "completionCondition":
			m.Completion = p.optional(c)
		case "inputDataItem", "outputDataItem":
			item := p.readItem(c, n.Scope, n)
			item.Kind = map[string]DataKind{"inputDataItem": DataInput, "outputDataItem": DataOutput}[c.name]
		case "complexBehaviorDefinition":
			m.Complex = append(m.Complex, p.readComplexBehavior(n, c))
		}
	}
	p.repeats = append(p.repeats, pendingRepeat{n, e})
	switch m.Behavior {
	case BehaviorNone:
		m.Event = p.readBehaviorEvent(n, e, "noneBehaviorEventRef")
	case BehaviorOne:
		m.Event = p.readBehaviorEvent(n, e, "oneBehaviorEventRef")
	case BehaviorComplex:
		if len(m.Complex) == 0 {
			p.failAt(n, e, CodeLoopIncomplete, "behavior Complex needs a complexBehaviorDefinition")
		}
	}
	for _, x := range e.extensions() {
		p.readLoopExtension(m, x)
	}
}

func (p *parser) readLoopExtension(m *MultiInstance, x *element) {
	if x.name != "loopCharacteristics" {
		p.foreignPlace(x)
		return
	}
	m.Collection, m.InputElement = p.value(x, "inputCollection"), x.attr("inputElement")
	m.OutputElement, m.OutputCollection = p.value(x, "outputElement"), x.attr("outputCollection")
}

// behaviorTriggers are what a multi-instance activity can throw for its boundary events to catch (BPMN
// 2.0.2, 10.3.8, table 10.29).
var behaviorTriggers = map[EventKind]bool{EventMessage: true, EventSignal: true, EventEscalation: true, EventError: true, EventCompensation: true}

// thrower stands for the implicit throw event of an activity.
func thrower(n *Node) *Node {
	return &Node{ID: n.ID, Kind: KindIntermediateThrowEvent, Scope: n.Scope, Position: n.Position}
}

// readBehaviorEvent resolves the event definition that the activity throws, nil when it names none.
func (p *parser) readBehaviorEvent(n *Node, e *element, name string) *EventDefinition {
	ref := e.ref(name)
	if ref == "" {
		return nil
	}
	definition := p.ids[ref]
	if definition == nil || eventKinds[definition.name] == 0 {
		p.failAt(n, e, CodeReferenceUnresolved, "%s=%q is no event definition", name, shorten(ref))
		return nil
	}
	read := p.readDefinition(thrower(n), definition)
	p.checkBehavior(n, read)
	return read
}

func (p *parser) readComplexBehavior(n *Node, e *element) ComplexBehavior {
	var read ComplexBehavior
	for _, c := range e.all("condition") {
		read.Condition = p.expression(c)
	}
	for _, c := range e.all("event") {
		var definitions []*element
		for _, d := range c.standard() {
			if roles[d.name] == roleDefinition {
				definitions = append(definitions, d)
			}
		}
		implicit := thrower(n)
		p.readTrigger(implicit, c, definitions)
		read.Event = implicit.Event
		p.checkBehavior(n, read.Event)
	}
	if read.Condition.Text == "" {
		p.failAt(n, e, CodeLoopIncomplete, "a complexBehaviorDefinition needs a condition")
	}
	return read
}

func (p *parser) checkBehavior(n *Node, thrown *EventDefinition) {
	if thrown == nil {
		return
	}
	for _, part := range thrown.all() {
		switch {
		case !behaviorTriggers[part.Kind]:
			p.add(SeverityError, CodeEventMisplaced, n.ID, part.Position, "a multi-instance activity cannot throw this event definition")
		case part.Kind == EventMessage && part.Message == nil:
			p.add(SeverityError, CodeMessageMissing, n.ID, part.Position, "the message to throw needs a messageRef")
		}
	}
}
