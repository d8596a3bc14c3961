package sim

import (
	"tallystick/engine"
	"tallystick/host"
)

// feature is something of the product that a fault can meet.
type feature int

// The rows of the coverage matrix.
const (
	fStart feature = iota
	fUserTask
	fExternalJob
	fJobFailed
	fJobError
	fCrewJob
	fCalculation
	fTimer
	fBoundary
	fParallel
	fCompensation
	fDecision
	fIncident
	fVariables
	fCancel
	fEnd
	fCall
	fMessage
	fSignal
	fStartEvent
	fRefusal
	fKeyed
	fLease
	fShared
	fDeployment
	fLoad
	fRecall
	fActivation
	fLock
	fTimerClaim
	fSettle
	fNumbers
	fLibrary
	fErrandClaim
	fDismissal
	featureCount
)

var featureNames = [featureCount]string{
	"start", "user task", "external job", "job failed", "job error", "in-process job", "calculation", "timer",
	"boundary event", "parallel gateway", "compensation", "decision", "incident", "variables", "cancel",
	"end of instance", "call", "message", "signal", "start event", "refusal", "idempotency key", "lease", "shared batch", "deployment", "load", "recall",
	"activation", "lock", "timer claim", "settlement", "number block", "library",
	"errand claim", "dismissal",
}

func (f feature) String() string { return featureNames[f] }

// features is a set.
type features uint64

func featureOf(f feature, there bool) features {
	if there {
		return 1 << f
	}
	return 0
}

// featuresOf is what a batch is about.
func featuresOf(b host.Batch) features {
	f := featureOf(fKeyed, len(b.Commands) > 0) | featureOf(fLease, len(b.Leases)+len(b.Handed) > 0) |
		featureOf(fShared, len(b.Instances) > 1) | featureOf(fDeployment, b.Deployment != nil) |
		featureOf(fMessage, len(b.Messages) > 0)
	for _, e := range b.Events {
		f |= featureOfRecord(e.Record)
	}
	for _, e := range b.Audit.Entries {
		f |= featureOf(fRefusal, e.Entry.Outcome == "denied")
	}
	return f
}

func featureOfRecord(r engine.Record) features {
	switch r := r.(type) {
	case engine.InstanceStarted:
		return 1<<fStart | featureOf(fStartEvent, r.Start != "") | featureOf(fCall, r.Caller != 0) | featureOf(fMessage, r.Message.Key != 0)
	case engine.ProcessCalled, engine.CallAnswered, engine.CallCanceled, engine.CallReturned, engine.CallCompensated, engine.CallReleased:
		return 1 << fCall
	case engine.MessageThrown:
		return 1 << fMessage
	case engine.SignalThrown:
		return 1 << fSignal
	case engine.SubscriptionTriggered:
		return featureOf(fMessage, r.Message.Key != 0) | featureOf(fSignal, r.Message.Key == 0)
	case engine.InstanceCompleted:
		return 1 << fEnd
	case engine.InstanceTerminated:
		return 1 << fCancel
	case engine.TaskCreated, engine.TaskAssigned, engine.TaskCompleted, engine.TaskCanceled:
		return 1 << fUserTask
	case engine.JobCreated:
		return featureOfJob(r.Element)
	case engine.JobCompleted:
		return featureOfJob(r.Element)
	case engine.JobFailed:
		return 1 << fJobFailed
	case engine.JobErrorThrown:
		return 1 << fJobError
	case engine.TimerArmed, engine.TimerFired, engine.TimerCanceled:
		return 1 << fTimer
	case engine.ElementActivated:
		switch r.ElementType {
		case "BOUNDARY_EVENT":
			return 1 << fBoundary
		case "PARALLEL_GATEWAY":
			return 1 << fParallel
		}
	case engine.CompensationSubscribed, engine.CompensationThrown, engine.CompensationTriggered:
		return 1 << fCompensation
	case engine.DecisionEvaluated:
		return 1 << fDecision
	case engine.IncidentRaised, engine.IncidentResolved:
		return 1 << fIncident
	case engine.VariableSet:
		return 1 << fVariables
	}
	return 0
}

func featureOfJob(element string) features {
	switch element {
	case "crewed":
		return 1 << fCrewJob
	case "reckon":
		return 1 << fCalculation
	}
	return 1 << fExternalJob
}

// common are the features of every case, processFeatures those that a process adds.
const common features = 1<<fStart | 1<<fVariables | 1<<fCancel | 1<<fEnd

var processFeatures = map[string]features{
	"order":  1<<fUserTask | 1<<fExternalJob | 1<<fJobFailed,
	"split":  1<<fUserTask | 1<<fExternalJob | 1<<fParallel,
	"wait":   1<<fTimer | 1<<fExternalJob,
	"remind": 1<<fTimer | 1<<fBoundary | 1<<fUserTask | 1<<fExternalJob,
	"nudge":  1<<fTimer | 1<<fBoundary | 1<<fUserTask | 1<<fExternalJob,
	"trip":   1<<fCompensation | 1<<fExternalJob | 1<<fJobError,
	"decide": 1<<fDecision | 1<<fUserTask | 1<<fExternalJob,
	"crew":   1<<fCrewJob | 1<<fUserTask,
	"limit":  1<<fIncident | 1<<fExternalJob,
	"sum":    1<<fCalculation | 1<<fUserTask,
	"visit":  1<<fCall | 1<<fTimer | 1<<fBoundary | 1<<fUserTask | 1<<fExternalJob | 1<<fJobError,
	"tour":   1<<fCall | 1<<fCompensation | 1<<fExternalJob | 1<<fJobError,
	"guest":  1<<fMessage | 1<<fStartEvent | 1<<fExternalJob,
	"choir":  1<<fSignal | 1<<fStartEvent | 1<<fParallel | 1<<fExternalJob,
}
