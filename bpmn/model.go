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
	MessageFlows    []*MessageFlow

	source []byte // what Write writes
}

// Position is a place in the source; lines and columns start at 1, zero means unknown.
type Position struct{ Line, Column int }

// Process is a process of the file, or a global task, which is called as a process of one task. Only executable
// ones can be deployed; the content of the others is not read, so their Body is empty.
type Process struct {
	ID         string
	Name       string
	VersionTag string
	Executable bool
	GlobalTask bool              // a global task: its Body is the one task, which starts implicitly
	Forms      map[string]string // zeebe:userTaskForm: id → JSON text
	Properties map[string]string
	// HistoryTimeToLive is how long ended instances are kept, as written (days or P30D); "" when absent.
	HistoryTimeToLive string
	// JobPriority is the priority of jobs whose element names none; Text is "" when absent: 0.
	JobPriority Expression
	Listeners   []Listener
	Inputs      []*DataItem // data inputs and outputs of its ioSpecification
	Outputs     []*DataItem
	Correlation []*CorrelationSubscription
	Body        *Scope
	Position    Position
}

// Scope is the inside of a process or sub-process: its nodes and flows in document order.
type Scope struct {
	Owner *Node // the sub-process, nil for the process itself
	Nodes []*Node
	Flows []*Flow
	Data  []*DataItem // data objects and properties
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

	Listeners   []Listener
	Data        []*DataItem        // properties, data inputs and outputs of the activity or event
	InputSets   [][]*DataItem      // the inputs that each input set requires; one set has to be there
	DataInputs  []*DataAssociation // into the activity or throwing event, in document order
	DataOutputs []*DataAssociation

	// Activities.
	Body               *Scope  // sub-processes of all kinds
	Boundary           []*Node // boundary events attached, in document order
	ForCompensation    bool    // isForCompensation
	Task               *TaskDefinition
	Headers            map[string]string // zeebe:taskHeaders
	Inputs             []Mapping
	Outputs            []Mapping
	UserTask           *UserTask
	CalledDecision     *CalledDecision
	Script             *Script
	StartQuantity      int // tokens that one activation consumes from a flow, at least 1 (13.3.2)
	CompletionQuantity int // tokens put on each flow that is taken, at least 1
	Loop               *Loop
	MultiInstance      *MultiInstance
	AdHoc              *AdHoc   // KindAdHocSubProcess
	Call               *Call    // KindCallActivity
	Message            *Message // send and receive tasks, nil when none is named
	Instantiate        bool     // receive task or event-based gateway that creates instances

	// Gateways.
	Activation *Expression // KindComplexGateway: activationCondition
	AllEvents  bool        // KindEventBasedGateway: eventGatewayType is Parallel

	// Events.
	Event        *EventDefinition // nil for a none event; several definitions are one EventMultiple
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
	KindReceiveTask
	KindBusinessRuleTask
	KindScriptTask
	KindCallActivity
	KindSubProcess
	KindEventSubProcess // a subProcess with triggeredByEvent
	KindTransaction
	KindAdHocSubProcess
	KindExclusiveGateway
	KindParallelGateway
	KindInclusiveGateway
	KindComplexGateway
	KindEventBasedGateway
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
	EventMessage
	EventSignal
	EventConditional
	EventLink
	EventCancel
	EventMultiple         // any of Parts, or all of them are thrown
	EventParallelMultiple // all of Parts, in any order
)

// EventDefinition is the trigger of an event. Kind says which fields count.
type EventDefinition struct {
	Kind       EventKind
	Timer      *Timer
	Error      *Error      // nil with EventError: catches every error
	Escalation *Escalation // nil with EventEscalation: catches every escalation
	Activity   *Node       // EventCompensation: activityRef, nil is a broadcast
	NoWait     bool        // EventCompensation: waitForCompletion is false
	Message    *Message
	Signal     *Signal
	Condition  *Condition
	Link       string             // EventLink: the name that joins throw and catch
	Parts      []*EventDefinition // EventMultiple and EventParallelMultiple
	Position   Position
}

// Condition is a conditional event definition. Names and Changes, when given, are the variables whose changes
// count, and which changes: create, update.
type Condition struct {
	Expression Expression
	Names      []string
	Changes    []string
	OnChange   bool // fires at each change while true (C7), not only when it becomes true
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

// Message is a bpmn:message: root elements are what events refer to. Its name may be an expression; a message or
// signal without a name has its id as name.
type Message struct {
	ID, Name       string
	CorrelationKey Expression     // zeebe:subscription; Text is "" when absent
	Properties     []MessageValue // standard correlation: what each correlation property reads from the message
	Position       Position
}

// MessageValue reads the value of a correlation property from the content of a message (10.5.5, 8.4.2).
type MessageValue struct {
	Property string
	Path     Expression
}

// CorrelationSubscription is the context-based correlation of a process: which value of its data each
// property of a correlation key must have.
type CorrelationSubscription struct {
	Key      string
	Bindings []MessageValue
	Position Position
}

// MessageFlow joins two elements of different pools. Only ends inside processes of the file are kept.
type MessageFlow struct {
	ID             string
	Source, Target *Node
	Message        *Message
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

// Signal is a bpmn:signal. Its name may be an expression.
type Signal struct {
	ID, Name string
	Position Position
}

// Loop is standardLoopCharacteristics: Condition true means once more.
type Loop struct {
	TestBefore bool
	Maximum    Expression // Text is "" when absent
	Condition  *Expression
	Position   Position
}

// MultiInstance is multiInstanceLoopCharacteristics. The instances are counted by Cardinality or by the items
// of Collection; the texts of absent expressions are "".
type MultiInstance struct {
	Sequential       bool
	Cardinality      Expression
	Collection       Expression
	InputElement     string // the variable of an item
	OutputCollection string // the variable of the results
	OutputElement    Expression
	Completion       *Expression
	Behavior         Behavior
	Event            *EventDefinition  // BehaviorNone and BehaviorOne: what is thrown, nil when nothing
	Complex          []ComplexBehavior // BehaviorComplex
	Position         Position
}

// Behavior says which events a multi-instance activity throws when instances complete (13.3.7).
type Behavior string

// The behaviours of the standard.
const (
	BehaviorAll     Behavior = "All"
	BehaviorNone    Behavior = "None"
	BehaviorOne     Behavior = "One"
	BehaviorComplex Behavior = "Complex"
)

// ComplexBehavior throws Event when an instance completes and Condition holds.
type ComplexBehavior struct {
	Condition Expression
	Event     *EventDefinition
}

// AdHoc is what an ad-hoc sub-process adds to its body.
type AdHoc struct {
	Sequential       bool        // ordering
	Completion       *Expression // completionCondition
	KeepRemaining    bool        // cancelRemainingInstances is false
	Active           Expression  // zeebe:adHoc activeElementsCollection
	OutputCollection string
	OutputElement    Expression
	Manual           bool // waits for commands although nothing says what to activate
}

// Call is what a call activity calls: a process or a global task. Beside AllIn and AllOut, what passes is what
// the mappings say.
type Call struct {
	ProcessID   Expression
	Binding     Binding
	VersionTag  string
	Version     Expression // camunda: a version number
	BusinessKey Expression
	AllIn       bool // all variables that the call sees are passed
	AllOut      bool // all variables of the called process come back
	// In and Out map between the scopes of caller and called (camunda:in, camunda:out, ioSpecification of the
	// called element): sources of In are seen by the caller, sources of Out by the called process.
	In, Out  []Mapping
	Position Position
}

// Listener is an execution or task listener: a job before the element goes on.
type Listener struct {
	Task     bool   // of a user task
	Event    string // start, end; creating, assigning, updating, completing, canceling
	Type     Expression
	Retries  Expression
	Headers  map[string]string
	Position Position
}
