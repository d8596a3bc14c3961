package engine

import "slices"

// The types of incidents, by the names of the REST API.
const (
	errorCondition      = "CONDITION_ERROR"
	errorValue          = "EXTRACT_VALUE_ERROR"
	errorMapping        = "IO_MAPPING_ERROR"
	errorCalledDecision = "CALLED_DECISION_ERROR"
	errorCalledElement  = "CALLED_ELEMENT_ERROR"
	errorDecision       = "DECISION_EVALUATION_ERROR"
	errorForm           = "FORM_NOT_FOUND"
	errorRetries        = "JOB_NO_RETRIES"
	errorListener       = "EXECUTION_LISTENER_NO_RETRIES"
	errorTaskListener   = "TASK_LISTENER_NO_RETRIES"
	errorAdHoc          = "AD_HOC_SUB_PROCESS_NO_RETRIES"
	errorUnhandled      = "UNHANDLED_ERROR_EVENT"
	errorSize           = "MESSAGE_SIZE_EXCEEDED"
	errorLimit          = "UNSPECIFIED" // the API has no name for a limit; the message names it
)

// The steps of an element instance that an incident can stop, in their order, and those that are no steps of
// an element: the job is a worker's turn, the tokens are those that rest at a limit, and watch is about an
// event that is to be armed again or whose condition failed, while what it stands on goes on.
const (
	retryInputs   = "inputs"   // input mappings
	retryTake     = "take"     // data inputs
	retryStart    = "start"    // the listeners before it
	retryEvents   = "events"   // arming of boundary events
	retryExecute  = "execute"  // what the element is for
	retryOutputs  = "outputs"  // what a call returned
	retryGive     = "give"     // data outputs
	retryResults  = "results"  // output mappings
	retryLeave    = "leave"    // choice of the outgoing flows
	retryListener = "listener" // the job of a listener, with event and place
	retryJob      = "job"
	retryTokens   = "tokens"
	retryThrown   = "thrown" // what a throwing event throws last
	retryWatch    = "watch"
	retryGateway  = "gateway" // the activation condition of a complex gateway; it does not park the scope
)

// raise parks: the incident says what failed and which step to try again.
func (x *machine) raise(r IncidentRaised) {
	r.Key = x.key()
	x.emit(r)
}

// park raises an incident at an element instance.
func (x *machine) park(e ElementInstance, retry, errorType, message string) {
	x.raise(IncidentRaised{
		Element: e.Element, ElementInstance: e.Key, ErrorType: errorType, Message: message, Retry: retry,
	})
}

// closeIncidents resolves all incidents, because what they are about has ended.
func (x *machine) closeIncidents() {
	for _, i := range slices.Backward(x.st.incidents.rows()) {
		x.emit(IncidentResolved{Key: i.Key, Element: i.Element})
	}
}

// closeIncidentsOf resolves the incidents of a job that has ended.
func (x *machine) closeIncidentsOf(j Job) {
	if !x.st.incidents.has(j.ElementInstance) {
		return
	}
	key := j.Key
	for _, i := range slices.Backward(x.st.incidents.choose(j.ElementInstance, func(i *Incident) bool { return i.Job == key })) {
		x.emit(IncidentResolved{Key: i.Key, Element: i.Element})
	}
}
