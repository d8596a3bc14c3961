package engine

import (
	"fmt"
	"strings"

	"tallystick/tasks"
)

// String implements Record.
func (r InstanceStarted) String() string {
	return fmt.Sprintf("started %s v%d", r.ProcessID, r.Version)
}

// String implements Record.
func (InstanceCompleted) String() string { return "instance completed" }

// String implements Record.
func (r InstanceTerminated) String() string { return "instance terminated: " + r.Reason }

// String implements Record.
func (r ElementActivated) String() string { return "activated " + r.Element }

// String implements Record.
func (r ElementCompleted) String() string { return "completed " + r.Element }

// String implements Record.
func (r ElementTerminated) String() string { return "terminated " + r.Element }

// String implements Record.
func (r FlowTaken) String() string { return "took " + r.Source + " -> " + r.Target }

// String implements Record.
func (r VariableSet) String() string {
	s := "set " + r.Name + " = " + brief(r.Value)
	if r.Element != "" {
		s += " in " + r.Element
	}
	return s
}

// String implements Record.
func (r JobCreated) String() string {
	s := fmt.Sprintf("job created %s type %s retries %d", r.Element, r.Type, r.Retries)
	if r.ListenerEvent != "" {
		s += " listens " + r.ListenerEvent
	}
	if r.Priority != 0 {
		s += fmt.Sprintf(" priority %d", r.Priority)
	}
	return s
}

// String implements Record.
func (r JobCompleted) String() string { return "job completed " + r.Element }

// String implements Record.
func (r JobFailed) String() string {
	s := fmt.Sprintf("job failed %s retries %d", r.Element, r.Retries)
	if !r.NotBefore.IsZero() {
		s += " later"
	}
	return s + reason(r.Message)
}

// String implements Record.
func (r JobErrorThrown) String() string {
	return "job threw " + r.Element + " error " + r.Code + reason(r.Message)
}

// String implements Record.
func (r JobCanceled) String() string { return "job canceled " + r.Element }

// String implements Record.
func (r JobRetriesUpdated) String() string {
	return fmt.Sprintf("job retries %s %d", r.Element, r.Retries)
}

// String implements Record.
func (r TaskCreated) String() string {
	t := r.Task
	s := "task created " + r.Element
	if t.Assignee != "" {
		s += " for " + t.Assignee
	}
	if len(t.CandidateUsers) > 0 {
		s += " users [" + strings.Join(t.CandidateUsers, " ") + "]"
	}
	if len(t.CandidateGroups) > 0 {
		s += " groups [" + strings.Join(t.CandidateGroups, " ") + "]"
	}
	if t.Priority != tasks.PriorityDefault {
		s += fmt.Sprintf(" priority %d", t.Priority)
	}
	return s
}

// String implements Record.
func (r TaskAssigned) String() string { return "task assigned " + r.Element + " to " + r.Assignee }

// String implements Record.
func (r TaskUnassigned) String() string { return "task unassigned " + r.Element }

// String implements Record.
func (r TaskUpdated) String() string {
	s := "task updated " + r.Element
	for _, part := range []struct {
		name    string
		changed bool
	}{
		{"due", r.Change.DueDate != nil},
		{"follow-up", r.Change.FollowUpDate != nil},
		{"groups", r.Change.CandidateGroups != nil},
		{"users", r.Change.CandidateUsers != nil},
		{"priority", r.Change.Priority != nil},
	} {
		if part.changed {
			s += " " + part.name
		}
	}
	return s
}

// String implements Record.
func (r TaskCompleted) String() string {
	s := "task completed " + r.Element
	if r.By != "" {
		s += " by " + r.By
	}
	return s
}

// String implements Record.
func (r TaskCanceled) String() string { return "task canceled " + r.Element }

// String implements Record.
func (r TimerArmed) String() string {
	s := "timer armed " + r.Element
	switch {
	case r.Interval == "":
	case r.Remaining < 0:
		s += " every " + r.Interval
	default:
		s += fmt.Sprintf(" every %s, %d left", r.Interval, r.Remaining)
	}
	return s
}

// String implements Record.
func (r TimerFired) String() string { return "timer fired " + r.Element }

// String implements Record.
func (r TimerCanceled) String() string { return "timer canceled " + r.Element }

// String implements Record.
func (r IncidentRaised) String() string {
	return "incident " + r.ErrorType + " at " + r.Element + reason(r.Message)
}

// String implements Record.
func (r IncidentResolved) String() string { return "incident resolved at " + r.Element }

// String implements Record.
func (r DecisionEvaluated) String() string {
	if r.Trace.Failed != "" || r.Trace.Failure != "" {
		return "decision failed " + r.Decision.ID + " at " + r.Element + reason(r.Trace.Failure)
	}
	return "decided " + r.Decision.ID + " at " + r.Element + " = " + brief(r.Trace.Output)
}

// String implements Record.
func (r ModelScored) String() string {
	return "scored " + r.Element + " by " + r.Prediction.Model + " = " + brief(r.Prediction.Output)
}

// String implements Record.
func (r ErrorThrown) String() string {
	return "error " + r.Code + " from " + r.Element + reason(r.Message) + catching(r.CaughtBy)
}

// String implements Record.
func (r EscalationThrown) String() string {
	return "escalation " + r.Code + " from " + r.Element + catching(r.CaughtBy)
}

// String implements Record.
func (r ScopeTerminated) String() string {
	if r.Element == "" {
		return "scope emptied"
	}
	return "scope emptied " + r.Element
}

// String implements Record.
func (r CompensationSubscribed) String() string { return "compensable " + r.Element + by(r.Handler) }

// String implements Record.
func (r CompensationThrown) String() string {
	if r.Element == "" {
		return fmt.Sprintf("compensation of %d", len(r.Entries))
	}
	return fmt.Sprintf("compensation from %s of %d", r.Element, len(r.Entries))
}

// String implements Record.
func (r CompensationTriggered) String() string { return "compensating " + r.Element + by(r.Handler) }

func by(handler string) string {
	if handler == "" {
		return " by its contents"
	}
	return " by " + handler
}

func reason(message string) string {
	if message == "" {
		return ""
	}
	// Messages of workers may hold whole stack traces; a record prints in one line.
	return ": " + strings.Join(strings.Fields(message), " ")
}

func catching(event string) string {
	if event == "" {
		return ", not caught"
	}
	return ", caught by " + event
}
