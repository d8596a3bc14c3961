package engine

import (
	"tallystick/bpmn"
)

// Definition is a process made ready to run: references resolved, expressions compiled. It is immutable
// and may be used by any number of concurrent steps.
type Definition struct {
	identity   Identity
	processID  string
	name       string
	versionTag string
	body       *body
	nodes      map[string]*node
	order      []*node
	flows      map[string]*flow
	joins      bool // a gateway looks upstream
	complex    bool // one of them is a complex gateway

	starts      []StartInfo
	watched     bool // an event sub-process of the process waits for something that is armed
	conditional bool // an event waits for a condition
	cancels     bool // a user task has listeners to its withdrawal
	process     *node
}

// NodeInfo names a flow node of a definition. ElementType is the API's name of its kind.
type NodeInfo struct {
	ID          string
	Name        string
	ElementType string
}

// Identity returns key, version and deployment.
func (d *Definition) Identity() Identity { return d.identity }

// ProcessID returns the id of the process in its file.
func (d *Definition) ProcessID() string { return d.processID }

// Name returns the name of the process, "" when it has none.
func (d *Definition) Name() string { return d.name }

// VersionTag returns the version tag, "" when it has none.
func (d *Definition) VersionTag() string { return d.versionTag }

// Nodes returns the flow nodes of all scopes in document order.
func (d *Definition) Nodes() []NodeInfo {
	infos := make([]NodeInfo, len(d.order))
	for i, n := range d.order {
		infos[i] = NodeInfo{ID: n.id, Name: n.name, ElementType: n.elementType}
	}
	return infos
}

// node is a compiled flow node. Which of the details are set depends on the kind.
type node struct {
	id, name    string
	kind        bpmn.Kind
	elementType string
	incoming    []string // ids of the incoming flows
	outgoing    []*flow
	fallback    *flow // the default flow
	conditional bool  // one of the outgoing flows has a condition

	loop       *loop
	inner      *node // the activity that a loop repeats; the node itself is then its body
	place      int   // among the nodes of its scope
	join       *join
	activation *expression // complex gateway: activationCondition

	body            *body   // sub-processes
	owner           *node   // the sub-process around the node, nil in the process itself
	boundary        []*node // the boundary events, but for that of compensation
	watched         bool    // a boundary event or event sub-process waits for something that is armed
	compensator     *node   // the handler linked to the compensation boundary event
	forCompensation bool
	instantiate     bool // receive task or event-based gateway that creates instances

	inputs, outputs []mapping
	headers         map[string]string
	job             *jobTask
	user            *userTask
	decision        *decisionTask
	call            *call
	adHoc           *adHoc
	data            *dataFlow
	adHocOwner      *node // the ad-hoc sub-process around the node
	listeners       map[string][]listener
	gives           int // the completion quantity, when it is more than 1
	script          *scriptTask

	triggers     []*trigger // none for a none event
	all          bool       // parallel multiple: all of its triggers have to come
	jump         *node      // throwing link event: the catching one
	interrupting bool
}

type flow struct {
	id             string
	source, target *node
	condition      *expression
	via            []string // the id alone, as ElementActivated wants it
	takes          int      // the tokens that one activation of the target takes, at least 1
	order          int
}

// mapping moves the value of source to the variable path target; name is the variable at its root.
type mapping struct {
	source *expression
	target string
	name   string
}

type jobTask struct{ typ, retries, priority *expression }

type userTask struct {
	assignee, groups, users *expression
	due, followUp, priority *expression
	linkedForm              string
	embeddedForm            string
	external                string
}

type decisionTask struct {
	decision   *expression
	result     string
	binding    bpmn.Binding
	versionTag string
}

type scriptTask struct {
	program *expression
	result  string
}

// elementTypes are the API's names of the kinds that run.
var elementTypes = map[bpmn.Kind]string{
	bpmn.KindTask:                   "TASK",
	bpmn.KindManualTask:             "MANUAL_TASK",
	bpmn.KindUserTask:               "USER_TASK",
	bpmn.KindServiceTask:            "SERVICE_TASK",
	bpmn.KindSendTask:               "SEND_TASK",
	bpmn.KindBusinessRuleTask:       "BUSINESS_RULE_TASK",
	bpmn.KindScriptTask:             "SCRIPT_TASK",
	bpmn.KindCallActivity:           "CALL_ACTIVITY",
	bpmn.KindAdHocSubProcess:        "AD_HOC_SUB_PROCESS",
	bpmn.KindSubProcess:             "SUB_PROCESS",
	bpmn.KindEventSubProcess:        eventSubProcess,
	bpmn.KindTransaction:            "TRANSACTION",
	bpmn.KindExclusiveGateway:       "EXCLUSIVE_GATEWAY",
	bpmn.KindParallelGateway:        "PARALLEL_GATEWAY",
	bpmn.KindInclusiveGateway:       "INCLUSIVE_GATEWAY",
	bpmn.KindComplexGateway:         "COMPLEX_GATEWAY",
	bpmn.KindEventBasedGateway:      "EVENT_BASED_GATEWAY",
	bpmn.KindReceiveTask:            "RECEIVE_TASK",
	bpmn.KindStartEvent:             "START_EVENT",
	bpmn.KindEndEvent:               "END_EVENT",
	bpmn.KindIntermediateCatchEvent: "INTERMEDIATE_CATCH_EVENT",
	bpmn.KindIntermediateThrowEvent: "INTERMEDIATE_THROW_EVENT",
	bpmn.KindBoundaryEvent:          "BOUNDARY_EVENT",
}
