package engine

// apply changes the state as the record says. It names the kinds one by one: a call through the interface
// would put every machine, with its state, on the heap.
func apply(s *State, r Record) {
	switch r := r.(type) {
	case InstanceStarted:
		r.apply(s)
	case InstanceCompleted:
		r.apply(s)
	case InstanceTerminated:
		r.apply(s)
	case ElementActivated:
		r.apply(s)
	case ElementCompleted:
		r.apply(s)
	case ElementTerminated:
		r.apply(s)
	case FlowTaken:
		r.apply(s)
	case VariableSet:
		r.apply(s)
	case DecisionEvaluated:
		r.apply(s)
	case ModelScored:
		r.apply(s)
	case ErrorThrown:
		r.apply(s)
	case EscalationThrown:
		r.apply(s)
	case ScopeTerminated:
		r.apply(s)
	case ScopeInterrupted:
		r.apply(s)
	case CompensationSubscribed:
		r.apply(s)
	case CompensationThrown:
		r.apply(s)
	case CompensationTriggered:
		r.apply(s)
	default:
		applyWait(s, r)
	}
}

// applyWait applies what is about jobs, user tasks, timers and incidents.
func applyWait(s *State, r Record) {
	switch r := r.(type) {
	case JobCreated:
		r.apply(s)
	case JobCompleted:
		r.apply(s)
	case JobFailed:
		r.apply(s)
	case JobErrorThrown:
		r.apply(s)
	case JobCanceled:
		r.apply(s)
	case JobRetriesUpdated:
		r.apply(s)
	case JobPriorityChanged:
		r.apply(s)
	case JobLockMoved:
		r.apply(s)
	case TaskCreated:
		r.apply(s)
	case TaskAssigned:
		r.apply(s)
	case TaskUnassigned:
		r.apply(s)
	case TaskUpdated:
		r.apply(s)
	case TaskCompleted:
		r.apply(s)
	case TaskCanceled:
		r.apply(s)
	case TimerArmed:
		r.apply(s)
	case TimerFired:
		r.apply(s)
	case TimerCanceled:
		r.apply(s)
	case IncidentRaised:
		r.apply(s)
	case IncidentResolved:
		r.apply(s)
	default:
		applyEvent(s, r)
	}
}

// applyEvent applies what is about subscriptions and calls.
func applyEvent(s *State, r Record) {
	switch r := r.(type) {
	case SubscriptionOpened:
		r.apply(s)
	case SubscriptionTriggered:
		r.apply(s)
	case SubscriptionClosed:
		r.apply(s)
	case GatewayStarted:
		r.apply(s)
	case GatewayReset:
		r.apply(s)
	case MessageThrown, SignalThrown, CallErrorThrown, CallEscalationThrown, DataStoreWritten:
		// They speak to other instances.
	default:
		if applyLoop(s, r) || applyCall(s, r) || applyOperation(s, r) || applyTask(s, r) || applyMigration(s, r) ||
			applyModification(s, r) {
			return
		}
		panic("engine: no state knows a " + r.Kind())
	}
}
