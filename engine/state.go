package engine

import "time"

// Status is the state of an instance, by the names of the REST API.
type Status string

// The states of an instance. The zero State has none: it has not started.
const (
	Active     Status = "ACTIVE"
	Completed  Status = "COMPLETED"
	Terminated Status = "TERMINATED"
)

// State is one process instance between two commands: positions and data, nothing that could be
// derived from them. It is a value: Step returns a new one and leaves the old one as it was, so states
// may be kept, compared and read concurrently. The zero State is the instance before it starts.
type State struct {
	key        int64
	definition int64
	status     Status
	last       int64 // the local number drawn last (design, section 3)

	elements  table[ElementInstance]
	tokens    table[token]
	variables table[Variable]
	jobs      table[Job]
	tasks     table[UserTask]
	timers    table[Timer]
	incidents table[Incident]
	ledger    table[compensable]
	undoing   table[compensable] // entries whose compensation runs; ClaimedBy is the element instance that undoes them

	subscriptions table[Subscription]
	loops         table[loopState]
	loopValues    table[loopValue]
	calls         table[openCall]
	gateways      table[gatewayState]
	caller        int64      // the element instance that called this instance, 0 for none
	root          int64      // the instance at the top of the calls, 0 for this one
	depth         int        // the number of calls above
	returned      bool       // it has returned to its caller and waits to be compensated or released
	interrupted   bool       // as of an element instance
	suspended     bool       // until it is resumed nothing goes on
	terminating   string     // the reason of its termination, which listeners have still to hear of
	start         *StartHeld // where it starts as soon as it may

	// What follows from the tables and is needed too often to count it.
	held  int // tokens on flows
	bytes int // names and values of variables, values of loops
}

// ElementInstance is an active element. Scope is the element instance around it, the instance at the
// top. Compensates is the throwing element instance that waits for this compensation handler. LoopCounter
// numbers the instances of a loop from 1. Interrupted says of a scope that a handler or terminate end event
// ended it: it is left, but did not complete; Canceled that it is undone with its transaction; Terminating that it has
// ended but for what listeners have still to hear; Held that a modification opened it and that it has not begun: a
// scope around such elements begins its contents with it.
type ElementInstance struct {
	Key         int64  `json:"key"`
	Element     string `json:"element"`
	ElementType string `json:"elementType"`
	Scope       int64  `json:"scope"`
	Compensates int64  `json:"compensates,omitempty"`
	LoopCounter int    `json:"loopCounter,omitempty"`
	Interrupted bool   `json:"interrupted,omitempty"`
	Canceled    bool   `json:"canceled,omitempty"`
	Terminating bool   `json:"terminating,omitempty"`
	Held        bool   `json:"held,omitempty"`
}

// token counts the tokens that wait on one sequence flow of a scope. Since is the local number drawn last
// before the first of them came.
type token struct {
	Scope int64  `json:"scope"`
	Flow  string `json:"flow"`
	Count int    `json:"count"`
	Since int64  `json:"since,omitempty"`
}

// The kinds of jobs by the names of the REST API; records leave out that of the work of an element itself, and that
// such a job listens to nothing.
const (
	JobElement           = "BPMN_ELEMENT"
	ListensToNothing     = "UNSPECIFIED"
	JobExecutionListener = "EXECUTION_LISTENER"
	JobAdHoc             = "AD_HOC_SUB_PROCESS"
	JobTaskListener      = "TASK_LISTENER"
)

// Job is an open job; the fields are those of JobCreated.
type Job struct {
	Key             int64     `json:"key"`
	Element         string    `json:"element"`
	ElementInstance int64     `json:"elementInstance"`
	Type            string    `json:"type"`
	Retries         int       `json:"retries"`
	NotBefore       time.Time `json:"notBefore,omitzero"`
	JobKind         string    `json:"jobKind,omitempty"`
	ListenerEvent   string    `json:"listenerEvent,omitempty"`
	Listener        int       `json:"listener,omitempty"`
}

// Timer is an armed timer; the fields are those of TimerArmed.
type Timer struct {
	Key             int64     `json:"key"`
	Element         string    `json:"element"`
	ElementInstance int64     `json:"elementInstance"`
	Part            int       `json:"part,omitempty"`
	Due             time.Time `json:"due"`
	Remaining       int       `json:"remaining"`
	Interval        string    `json:"interval,omitempty"`
	Anchor          time.Time `json:"anchor,omitzero"`
}

// Incident is an open incident. Retry names the step of the element that is tried again.
type Incident struct {
	Key             int64  `json:"key"`
	Element         string `json:"element"`
	ElementInstance int64  `json:"elementInstance"`
	ErrorType       string `json:"errorType"`
	Message         string `json:"message"`
	Job             int64  `json:"job,omitempty"`
	Retry           string `json:"retry"`
}

// compensable is an entry of the compensation ledger: a completed activity instance that can be undone
// once (13.5.5). Its key is the order of completion. Without a handler its contents, whose entries keep
// the completed instance as their scope, are undone. Its variables stay as a snapshot under that key, until
// what undoes it has ended.
type compensable struct {
	Key             int64  `json:"key"`
	Element         string `json:"element"`
	ElementInstance int64  `json:"elementInstance"`
	Scope           int64  `json:"scope"`
	Handler         string `json:"handler,omitempty"`
	ClaimedBy       int64  `json:"claimedBy,omitempty"`
	LoopCounter     int    `json:"loopCounter,omitempty"` // of an instance of a loop
}

// Subscription is an open subscription; the fields are those of SubscriptionOpened.
type Subscription struct {
	Key             int64  `json:"key"`
	Element         string `json:"element"`
	ElementInstance int64  `json:"elementInstance"`
	Type            string `json:"type"`
	Part            int    `json:"part,omitempty"`
	Name            string `json:"name,omitempty"`
	CorrelationKey  string `json:"correlationKey,omitempty"`
	Interrupting    bool   `json:"interrupting,omitempty"`
	Holds           bool   `json:"holds,omitempty"`
}

func (s Subscription) id() rowID    { return rowID{key: s.Key} }
func (e ElementInstance) id() rowID { return rowID{key: e.Key} }
func (t token) id() rowID           { return named(t.Scope, t.Flow) }
func (v Variable) id() rowID        { return named(v.Scope, v.Name) }
func (j Job) id() rowID             { return rowID{key: j.Key} }
func (t UserTask) id() rowID        { return rowID{key: t.Key} }
func (t Timer) id() rowID           { return rowID{key: t.Key} }
func (i Incident) id() rowID        { return rowID{key: i.Key} }
func (c compensable) id() rowID     { return rowID{key: c.Key} }

func (e ElementInstance) owners() ([3]int64, string) {
	return [3]int64{e.Scope, e.Compensates}, e.Element
}

func (c compensable) owners() ([3]int64, string) {
	return [3]int64{c.Scope, c.ClaimedBy, c.ElementInstance}, ""
}

// conditionals is what subscriptions to conditions belong to beside their element instance.
const conditionals = -1

func (s Subscription) owners() ([3]int64, string) { return [3]int64{s.ElementInstance, s.family()}, "" }

func (s Subscription) family() int64 {
	if s.Type == SubscribesConditional {
		return conditionals
	}
	return 0
}

func (t token) owners() ([3]int64, string)    { return [3]int64{}, "" }
func (v Variable) owners() ([3]int64, string) { return [3]int64{}, "" }
func (j Job) owners() ([3]int64, string)      { return [3]int64{j.ElementInstance}, "" }
func (t UserTask) owners() ([3]int64, string) { return [3]int64{t.ElementInstance}, "" }
func (t Timer) owners() ([3]int64, string)    { return [3]int64{t.ElementInstance}, "" }
func (i Incident) owners() ([3]int64, string) { return [3]int64{i.ElementInstance}, "" }

// fork returns a state that may be changed while s stays as it is.
func (s State) fork() State {
	s.elements, s.tokens, s.variables = s.elements.share(), s.tokens.share(), s.variables.share()
	s.jobs, s.tasks, s.timers = s.jobs.share(), s.tasks.share(), s.timers.share()
	s.incidents, s.ledger, s.undoing = s.incidents.share(), s.ledger.share(), s.undoing.share()
	s.subscriptions = s.subscriptions.share()
	s.loops, s.loopValues, s.calls = s.loops.share(), s.loopValues.share(), s.calls.share()
	s.gateways = s.gateways.share()
	return s
}

// drawn notes that a key is taken.
func (s *State) drawn(key int64) {
	if local := key &^ InstanceOf(key); local > s.last {
		s.last = local
	}
}

// parent returns the scope around a scope; false at the instance and for a scope that is gone.
func (s *State) parent(scope int64) (int64, bool) {
	e, ok := s.elements.get(rowID{key: scope})
	return e.Scope, ok
}

// busy reports whether anything is left in a scope: an element instance or a token on a flow.
func (s *State) busy(scope int64) bool {
	found := s.tokens.hasOf(scope) || s.gateways.hasOf(scope)
	s.elements.each(scope, func(e *ElementInstance) bool {
		found = found || e.Scope == scope
		return !found
	})
	return found
}
