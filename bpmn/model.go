package bpmn

// Definitions is one BPMN file.
type Definitions struct {
	ID              string
	Name            string
	TargetNamespace string
	Platform        string // modeler:executionPlatform, as written
	PlatformVersion string
	Processes       []*Process
	Messages        map[string]*Message
	Errors          map[string]*Error
	Escalations     map[string]*Escalation
	Signals         map[string]*Signal
}

// Position is a place in the source; lines and columns start at 1, zero means unknown.
type Position struct{ Line, Column int }

// Process is a process of the file. Only executable ones can be deployed; the content of the
// others is not read, so their Body is empty.
type Process struct {
	ID         string
	Name       string
	VersionTag string
	Executable bool
	Forms      map[string]string // zeebe:userTaskForm: id → JSON text
	Properties map[string]string
	// JobPriority is the priority of jobs whose element names none; Text is "" when absent: 0.
	JobPriority Expression
	Body        *Scope
	Position    Position
}

// Scope is the inside of a process or sub-process: its nodes and flows in document order.
type Scope struct {
	Owner *Node // the sub-process, nil for the process itself
	Nodes []*Node
	Flows []*Flow
}

// Node is a flow node. Kind says which of the detail pointers are set.
type Node struct {
	ID, Name      string
	Documentation string
	Kind          Kind
	Position      Position
	Scope         *Scope // the scope that holds the node
	Incoming      []*Flow
	Outgoing      []*Flow
	Default       *Flow // default flow of an activity or of a splitting gateway
	Properties    map[string]string
	JobPriority   Expression // of a node that is a job; Text is "" when absent

	// Activities.
	Body            *Scope  // KindSubProcess
	Boundary        []*Node // boundary events attached, in document order
	ForCompensation bool    // isForCompensation
	Task            *TaskDefinition
	Headers         map[string]string // zeebe:taskHeaders
	Inputs          []Mapping
	Outputs         []Mapping
	UserTask        *UserTask
	CalledDecision  *CalledDecision
	Script          *Script

	// Events.
	Event        *EventDefinition // nil for a none event
	AttachedTo   *Node            // KindBoundaryEvent
	Interrupting bool             // boundary: cancelActivity; start of an event sub-process: isInterrupting
	Compensates  *Node            // compensation boundary event: the activity linked by association
}

// Kind is the kind of a flow node, by its name in the standard.
type Kind uint8

// The kinds of flow nodes that are read into the model. What is not listed is refused by Parse
// with an error diagnostic.
const (
	KindUnknown Kind = iota
	KindTask
	KindManualTask
	KindUserTask
	KindServiceTask
	KindSendTask
	KindBusinessRuleTask
	KindScriptTask
	KindSubProcess
	KindExclusiveGateway
	KindParallelGateway
	KindStartEvent
	KindEndEvent
	KindIntermediateCatchEvent
	KindIntermediateThrowEvent
	KindBoundaryEvent
)

// Flow is a sequence flow.
type Flow struct {
	ID, Name  string
	Source    *Node
	Target    *Node
	Condition *Expression
	Position  Position
}

// Expression is an expression as written: the text with its marks ("=…", "${…}") and the language
// that the model names ("" when it names none).
type Expression struct {
	Text     string
	Language string
	Position Position
}

// Mapping is one zeebe:input or zeebe:output: Source is an expression or literal, Target a variable path.
type Mapping struct {
	Source   Expression
	Target   string
	Position Position
}

// TaskDefinition makes an activity or throw event a job: Type and Retries are literals or expressions.
type TaskDefinition struct {
	Type    Expression
	Retries Expression // Text is "" when absent: 3
}

// UserTask carries what zeebe: extensions say of a user task; empty texts mean absent.
type UserTask struct {
	Assignee          Expression
	CandidateGroups   Expression
	CandidateUsers    Expression
	DueDate           Expression
	FollowUpDate      Expression
	Priority          Expression
	FormID            string // linked form
	FormKey           string // custom or embedded form ("camunda-forms:bpmn:<id>")
	ExternalReference string
	FormBinding       Binding // which version of the linked form
	FormVersionTag    string  // with BindingVersionTag
}

// CalledDecision is what a business rule task evaluates.
type CalledDecision struct {
	DecisionID     Expression
	ResultVariable string
	Binding        Binding
	VersionTag     string
}

// Script is a script that the engine evaluates itself.
type Script struct {
	Expression     Expression
	ResultVariable string
}

// Binding says which version of another resource is meant.
type Binding string

// The bindings of zeebe:bindingType.
const (
	BindingLatest     Binding = "latest"
	BindingDeployment Binding = "deployment"
	BindingVersionTag Binding = "versionTag"
)

// EventKind is the kind of an event definition.
type EventKind uint8

// The event definitions that are read into the model.
const (
	EventTimer EventKind = iota + 1
	EventError
	EventEscalation
	EventCompensation
	EventTerminate
)

// EventDefinition is the trigger of an event. Kind says which fields count.
type EventDefinition struct {
	Kind       EventKind
	Timer      *Timer
	Error      *Error      // nil with EventError: catches every error
	Escalation *Escalation // nil with EventEscalation: catches every escalation
	Activity   *Node       // EventCompensation: activityRef, nil is a broadcast
	Position   Position
}

// TimerKind is the form of a timer.
type TimerKind uint8

// The three forms of a timer (BPMN 2.0.2, 10.5.5).
const (
	TimerDate TimerKind = iota + 1
	TimerDuration
	TimerCycle
)

// Timer is a timer event definition.
type Timer struct {
	Kind       TimerKind
	Expression Expression
}

// Message is a bpmn:message: root elements are what events refer to.
type Message struct {
	ID, Name       string
	CorrelationKey Expression
	Position       Position
}

// Error is a bpmn:error; Code is matched, literal or expression.
type Error struct {
	ID, Name string
	Code     string
	Position Position
}

// Escalation is a bpmn:escalation.
type Escalation struct {
	ID, Name string
	Code     string
	Position Position
}

// Signal is a bpmn:signal.
type Signal struct {
	ID, Name string
	Position Position
}
