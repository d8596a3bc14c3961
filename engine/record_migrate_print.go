package engine

import (
	"fmt"
	"strings"
)

// Kind implements Record.
func (InstanceMigrated) Kind() string { return "InstanceMigrated" }

// Kind implements Record.
func (ElementMigrated) Kind() string { return "ElementMigrated" }

// Kind implements Record.
func (TokensMigrated) Kind() string { return "TokensMigrated" }

// Kind implements Record.
func (JobMigrated) Kind() string { return "JobMigrated" }

// Kind implements Record.
func (TaskMigrated) Kind() string { return "TaskMigrated" }

// Kind implements Record.
func (TimerMigrated) Kind() string { return "TimerMigrated" }

// Kind implements Record.
func (SubscriptionMigrated) Kind() string { return "SubscriptionMigrated" }

// Kind implements Record.
func (IncidentMigrated) Kind() string { return "IncidentMigrated" }

// Kind implements Record.
func (CallMigrated) Kind() string { return "CallMigrated" }

// Kind implements Record.
func (CompensationMigrated) Kind() string { return "CompensationMigrated" }

// Kind implements Record.
func (CompensationWithdrawn) Kind() string { return "CompensationWithdrawn" }

// Kind implements Record.
func (ActivationMigrated) Kind() string { return "ActivationMigrated" }

// String implements Record.
func (r InstanceMigrated) String() string {
	return fmt.Sprintf("migrated to %s v%d", r.ProcessID, r.Version)
}

// String implements Record.
func (r ElementMigrated) String() string { return moved("migrated", r.From, r.Element) }

// String implements Record.
func (r TokensMigrated) String() string {
	var parts []string
	for _, f := range r.Flows {
		parts = append(parts, moved("flow", f.From, f.Flow))
	}
	for _, g := range r.Gateways {
		parts = append(parts, moved("gateway", g.From, g.Element))
	}
	return strings.TrimSpace("tokens migrated " + strings.Join(parts, ", "))
}

// String implements Record.
func (r JobMigrated) String() string { return moved("job migrated", r.From, r.Element) }

// String implements Record.
func (r TaskMigrated) String() string { return moved("task migrated", r.From, r.Element) }

// String implements Record.
func (r TimerMigrated) String() string { return moved("timer migrated", r.From, r.Element) }

// String implements Record.
func (r SubscriptionMigrated) String() string { return moved("wait migrated", r.From, r.Element) }

// String implements Record.
func (r IncidentMigrated) String() string { return moved("incident migrated", r.From, r.Element) }

// String implements Record.
func (r CallMigrated) String() string { return moved("call migrated", r.From, r.Element) }

// String implements Record.
func (r CompensationMigrated) String() string {
	return moved("compensable", r.From, r.Element) + by(r.Handler)
}

// String implements Record.
func (r CompensationWithdrawn) String() string { return "not compensable " + r.Element }

// String implements Record.
func (r ActivationMigrated) String() string { return moved("activation migrated", r.From, r.Element) }

// moved says what became what; an id that stays is named once.
func moved(what, from, to string) string {
	if from == to {
		return what + " " + to
	}
	return what + " " + from + " to " + to
}
