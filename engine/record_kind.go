package engine

import "encoding/json"

// kinds names every record kind once, with its reader. A kind that was released stays for ever.
var kinds = map[string]func([]byte) (Record, error){
	"InstanceStarted":        read[InstanceStarted],
	"InstanceCompleted":      read[InstanceCompleted],
	"InstanceTerminated":     read[InstanceTerminated],
	"ElementActivated":       read[ElementActivated],
	"ElementCompleted":       read[ElementCompleted],
	"ElementTerminated":      read[ElementTerminated],
	"FlowTaken":              read[FlowTaken],
	"VariableSet":            read[VariableSet],
	"JobCreated":             read[JobCreated],
	"JobCompleted":           read[JobCompleted],
	"JobFailed":              read[JobFailed],
	"JobErrorThrown":         read[JobErrorThrown],
	"JobCanceled":            read[JobCanceled],
	"JobRetriesUpdated":      read[JobRetriesUpdated],
	"JobPriorityChanged":     read[JobPriorityChanged],
	"JobLockMoved":           read[JobLockMoved],
	"TaskCreated":            read[TaskCreated],
	"TaskAssigned":           read[TaskAssigned],
	"TaskUnassigned":         read[TaskUnassigned],
	"TaskUpdated":            read[TaskUpdated],
	"TaskCompleted":          read[TaskCompleted],
	"TaskCanceled":           read[TaskCanceled],
	"TimerArmed":             read[TimerArmed],
	"TimerFired":             read[TimerFired],
	"TimerCanceled":          read[TimerCanceled],
	"IncidentRaised":         read[IncidentRaised],
	"IncidentResolved":       read[IncidentResolved],
	"DecisionEvaluated":      read[DecisionEvaluated],
	"ModelScored":            read[ModelScored],
	"ErrorThrown":            read[ErrorThrown],
	"EscalationThrown":       read[EscalationThrown],
	"ScopeTerminated":        read[ScopeTerminated],
	"ScopeInterrupted":       read[ScopeInterrupted],
	"CompensationSubscribed": read[CompensationSubscribed],
	"CompensationThrown":     read[CompensationThrown],
	"CompensationTriggered":  read[CompensationTriggered],
	"SubscriptionOpened":     read[SubscriptionOpened],
	"SubscriptionTriggered":  read[SubscriptionTriggered],
	"SubscriptionClosed":     read[SubscriptionClosed],
	"MessageThrown":          read[MessageThrown],
	"SignalThrown":           read[SignalThrown],
	"ProcessCalled":          read[ProcessCalled],
	"CallCanceled":           read[CallCanceled],
	"CallReturned":           read[CallReturned],
	"CallErrorThrown":        read[CallErrorThrown],
	"CallEscalationThrown":   read[CallEscalationThrown],
	"CallCompensated":        read[CallCompensated],
	"GatewayStarted":         read[GatewayStarted],
	"GatewayReset":           read[GatewayReset],
	"CallReleased":           read[CallReleased],
	"DataStoreWritten":       read[DataStoreWritten],
	"CallAnswered":           read[CallAnswered],
	"LoopStarted":            read[LoopStarted],
	"LoopItemsAdded":         read[LoopItemsAdded],
	"LoopOutputSet":          read[LoopOutputSet],
	"LoopEnded":              read[LoopEnded],
	"InstanceSuspended":      read[InstanceSuspended],
	"InstanceResumed":        read[InstanceResumed],
	"TaskTransitionStarted":  read[TaskTransitionStarted],
	"TaskCorrected":          read[TaskCorrected],
	"TaskTransitionEnded":    read[TaskTransitionEnded],
	"ElementTerminating":     read[ElementTerminating],
	"InstanceTerminating":    read[InstanceTerminating],
	"StartHeld":              read[StartHeld],
	"StartReleased":          read[StartReleased],
	"InstanceMigrated":       read[InstanceMigrated],
	"ElementMigrated":        read[ElementMigrated],
	"TokensMigrated":         read[TokensMigrated],
	"JobMigrated":            read[JobMigrated],
	"TaskMigrated":           read[TaskMigrated],
	"TimerMigrated":          read[TimerMigrated],
	"SubscriptionMigrated":   read[SubscriptionMigrated],
	"IncidentMigrated":       read[IncidentMigrated],
	"CallMigrated":           read[CallMigrated],
	"CompensationMigrated":   read[CompensationMigrated],
	"CompensationWithdrawn":  read[CompensationWithdrawn],
	"ActivationMigrated":     read[ActivationMigrated],
	"InstanceModified":       read[InstanceModified],
	"ElementBegun":           read[ElementBegun],
	"LoopExtended":           read[LoopExtended],
}

func read[R Record](text []byte) (Record, error) {
	var r R
	err := json.Unmarshal(text, &r)
	return r, err
}

// Kind implements Record.
func (InstanceStarted) Kind() string { return "InstanceStarted" }

// Kind implements Record.
func (InstanceCompleted) Kind() string { return "InstanceCompleted" }

// Kind implements Record.
func (InstanceTerminated) Kind() string { return "InstanceTerminated" }

// Kind implements Record.
func (ElementActivated) Kind() string { return "ElementActivated" }

// Kind implements Record.
func (ElementCompleted) Kind() string { return "ElementCompleted" }

// Kind implements Record.
func (ElementTerminated) Kind() string { return "ElementTerminated" }

// Kind implements Record.
func (FlowTaken) Kind() string { return "FlowTaken" }

// Kind implements Record.
func (VariableSet) Kind() string { return "VariableSet" }

// Kind implements Record.
func (JobCreated) Kind() string { return "JobCreated" }

// Kind implements Record.
func (JobCompleted) Kind() string { return "JobCompleted" }

// Kind implements Record.
func (JobFailed) Kind() string { return "JobFailed" }

// Kind implements Record.
func (JobErrorThrown) Kind() string { return "JobErrorThrown" }

// Kind implements Record.
func (JobCanceled) Kind() string { return "JobCanceled" }

// Kind implements Record.
func (JobRetriesUpdated) Kind() string { return "JobRetriesUpdated" }

// Kind implements Record.
func (TaskCreated) Kind() string { return "TaskCreated" }

// Kind implements Record.
func (TaskAssigned) Kind() string { return "TaskAssigned" }

// Kind implements Record.
func (TaskUnassigned) Kind() string { return "TaskUnassigned" }

// Kind implements Record.
func (TaskUpdated) Kind() string { return "TaskUpdated" }

// Kind implements Record.
func (TaskCompleted) Kind() string { return "TaskCompleted" }

// Kind implements Record.
func (TaskCanceled) Kind() string { return "TaskCanceled" }

// Kind implements Record.
func (TimerArmed) Kind() string { return "TimerArmed" }

// Kind implements Record.
func (TimerFired) Kind() string { return "TimerFired" }

// Kind implements Record.
func (TimerCanceled) Kind() string { return "TimerCanceled" }

// Kind implements Record.
func (IncidentRaised) Kind() string { return "IncidentRaised" }

// Kind implements Record.
func (IncidentResolved) Kind() string { return "IncidentResolved" }

// Kind implements Record.
func (DecisionEvaluated) Kind() string { return "DecisionEvaluated" }

// Kind implements Record.
func (ModelScored) Kind() string { return "ModelScored" }

// Kind implements Record.
func (ErrorThrown) Kind() string { return "ErrorThrown" }

// Kind implements Record.
func (EscalationThrown) Kind() string { return "EscalationThrown" }

// Kind implements Record.
func (ScopeTerminated) Kind() string { return "ScopeTerminated" }

// Kind implements Record.
func (CompensationSubscribed) Kind() string { return "CompensationSubscribed" }

// Kind implements Record.
func (CompensationThrown) Kind() string { return "CompensationThrown" }

// Kind implements Record.
func (CompensationTriggered) Kind() string { return "CompensationTriggered" }
