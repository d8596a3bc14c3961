package bpmn

import "time"

// Rule is a rule of good modeling. The ids that bpmnlint has mean here what they mean there.
type Rule struct {
	ID       string
	Severity Severity // as long as nobody asks for another
	Help     string
	check    func(*plan)
}

// Rules lists the rules that Lint applies, in the order of their ids.
func Rules() []Rule {
	return []Rule{
		{"ad-hoc-sub-process", SeverityWarning, "an ad-hoc sub-process holds activities, and neither start nor end events", checkAdHoc},
		{"boundary-unreachable", SeverityWarning, "a boundary event catches what its activity can throw", checkBoundaries},
		{"conditional-event", SeverityWarning, "a conditional event has a condition", checkConditionalEvent},
		{"conditional-flows", SeverityWarning, "where one flow has a condition, each has one or is the default", checkConditionalFlows},
		{"end-event-required", SeverityWarning, "a process and a sub-process have an end event", checkEndRequired},
		{"event-based-gateway", SeverityWarning, "an event-based gateway has two or more flows to catching events", checkEventGateway},
		{"event-sub-process-typed-start-event", SeverityWarning, "the start event of an event sub-process has a trigger", checkEventSubProcess},
		{"fake-join", SeverityWarning, "several flows into an activity or event do not join: each token runs it", checkFakeJoin},
		{"global", SeverityWarning, "a message, signal, error or escalation has a name of its own and is used", checkGlobal},
		{"label-required", SeverityWarning, "what a reader has to understand has a label", checkLabel},
		{"link-event", SeverityWarning, "each link has its other end", checkLink},
		{"missing-default", SeverityWarning, "a gateway that decides by conditions has a default flow", checkMissingDefault},
		{"no-bpmndi", SeverityInfo, "each element is drawn", checkDrawn},
		{"no-complex-gateway", SeverityInfo, "a complex gateway is hard to read", checkComplexGateway},
		{"no-disconnected", SeverityWarning, "each node is connected", checkDisconnected},
		{"no-duplicate-sequence-flows", SeverityWarning, "two flows do not say the same", checkDuplicateFlows},
		{"no-gateway-join-fork", SeverityWarning, "a gateway joins or forks, not both", checkJoinFork},
		{"no-implicit-end", SeverityWarning, "a path ends with an end event", checkImplicitEnd},
		{"no-implicit-split", SeverityWarning, "a path splits with a gateway", checkImplicitSplit},
		{"no-implicit-start", SeverityWarning, "a path starts with a start event", checkImplicitStart},
		{"no-inclusive-gateway", SeverityInfo, "an inclusive gateway is hard to read", checkInclusiveGateway},
		{"no-overlapping-elements", SeverityWarning, "elements do not lie on each other", checkOverlap},
		{"single-blank-start-event", SeverityWarning, "there is one start event without trigger", checkSingleBlankStart},
		{"single-event-definition", SeverityWarning, "an event has one trigger", checkSingleDefinition},
		{"start-event-required", SeverityWarning, "a process and a sub-process have a start event", checkStartRequired},
		{"sub-process-blank-start-event", SeverityWarning, "the start event of a sub-process has no trigger", checkBlankStart},
		{"superfluous-gateway", SeverityWarning, "a gateway has more than one way in or out", checkSuperfluousGateway},
		{"superfluous-termination", SeverityWarning, "a terminate event ends something", checkSuperfluousTermination},
		{"timer-dead", SeverityWarning, "a timer can go off", checkTimers},
	}
}

// Lint says where a model that can be read is drawn against the rules of good modeling; what forbids
// deployment is said by Parse. Processes that are not executable are looked at too. The code of a finding
// is the id of its rule. Dates before now can not come any more; the zero time knows none. The error is
// that of Parse.
func Lint(src []byte, now time.Time) (Diagnostics, error) {
	root, err := readElements(src, true)
	if err != nil {
		return nil, err
	}
	if !root.is("definitions") {
		return nil, ErrInvalid.With("the root element is not definitions")
	}
	p := newPlan(root, now)
	for _, p.rule = range Rules() {
		p.rule.check(p)
	}
	return p.sorted(), nil
}
