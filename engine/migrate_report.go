package engine

import (
	"fmt"

	"tallystick/bpmn"
)

// MigrationReport is what a migration would do: what gets another element, what keeps the id of its element, what
// is armed and withdrawn, and all that forbids it.
type MigrationReport struct {
	Moves     []MigrationLine
	Stays     []MigrationLine
	Armed     []MigrationLine
	Withdrawn []MigrationLine
	Reasons   []MigrationReason
}

// MigrationLine is about one thing of the instance. Key is its own; of tokens and gateways it is that of their
// scope, of calls, activations and what is armed that of the element instance. Source and Target are ids of
// elements, of tokens those of flows.
type MigrationLine struct {
	Kind   string
	Key    int64
	Source string
	Target string
}

// The kinds of the lines of a report.
const (
	MigratesElement      = "ELEMENT_INSTANCE"
	MigratesTokens       = "TOKENS"
	MigratesGateway      = "GATEWAY"
	MigratesJob          = "JOB"
	MigratesTask         = "USER_TASK"
	MigratesTimer        = "TIMER"
	MigratesSubscription = "SUBSCRIPTION"
	MigratesIncident     = "INCIDENT"
	MigratesCall         = "CALL"
	MigratesCompensation = "COMPENSATION"
	MigratesActivation   = "ACTIVATION"
	MigratesStart        = "START" // of an instance that may not start yet
)

// MigrationReason is one thing that forbids a migration. Element is the one of the running definition, or the new
// event that cannot be armed; Key is that of the element instance or scope, 0 when the mapping itself is wrong.
type MigrationReason struct {
	Code    string
	Element string
	Key     int64
	Message string
}

// The codes of reasons.
const (
	ReasonSourceUnknown = "SOURCE_UNKNOWN"     // the mapping names no element of the running definition
	ReasonTargetUnknown = "TARGET_UNKNOWN"     // the mapping names no element of the target
	ReasonMappedTwice   = "MAPPED_TWICE"       // two lines for one element, or two events that become one
	ReasonUnmapped      = "UNMAPPED"           // something is at the element, and it has no target
	ReasonType          = "TYPE_DIFFERS"       // the target is another kind of element
	ReasonWork          = "WORK_DIFFERS"       // it is done in another way: job, decision, script, …
	ReasonLoop          = "LOOP_DIFFERS"       // the one repeats and the other does not, or in another mode
	ReasonScope         = "SCOPE_DIFFERS"      // the scope around it does not become the scope around the target
	ReasonTriggers      = "TRIGGERS_DIFFER"    // the event has other triggers
	ReasonPlace         = "PLACE_DIFFERS"      // the target of an event stands on something else
	ReasonFlow          = "FLOW_MISSING"       // no flow of the target is the one that a token rests on, or several are
	ReasonMerged        = "TOKENS_MERGED"      // what comes to a join by two flows would come by one
	ReasonListener      = "LISTENER_MISSING"   // the target has no listener for the job that is open
	ReasonStart         = "START_MISSING"      // the target does not start where the instance waits to start
	ReasonExpression    = "EXPRESSION_INVALID" // what is to be armed or looked at has no value
)

// String is the reason as one line.
func (r MigrationReason) String() string {
	if r.Key == 0 {
		return fmt.Sprintf("%s %s: %s", r.Code, r.Element, r.Message)
	}
	return fmt.Sprintf("%s %s (%d): %s", r.Code, r.Element, r.Key, r.Message)
}

func (m *migration) refuse(code, element string, key int64, format string, args ...any) {
	r := MigrationReason{Code: code, Element: element, Key: key, Message: fmt.Sprintf(format, args...)}
	if !m.told[r] {
		m.told[r], m.reasons = true, append(m.reasons, r)
	}
}

func (m *migration) report() MigrationReport {
	report := MigrationReport{Reasons: m.reasons}
	for _, r := range m.closing {
		report.Withdrawn = append(report.Withdrawn, closingLine(r))
	}
	for _, r := range m.moving {
		for _, line := range m.movingLines(r) {
			if line.Source == line.Target {
				report.Stays = append(report.Stays, line)
			} else {
				report.Moves = append(report.Moves, line)
			}
		}
	}
	for _, w := range m.arming {
		line := MigrationLine{Kind: MigratesSubscription, Key: w.subscription.ElementInstance, Target: w.event.id}
		if w.trigger.kind == bpmn.EventTimer {
			line.Kind, line.Key = MigratesTimer, w.timer.ElementInstance
		}
		report.Armed = append(report.Armed, line)
	}
	return report
}

func closingLine(r Record) MigrationLine {
	switch r := r.(type) {
	case TimerCanceled:
		return MigrationLine{Kind: MigratesTimer, Key: r.Key, Source: r.Element}
	case SubscriptionClosed:
		return MigrationLine{Kind: MigratesSubscription, Key: r.Key, Source: r.Element}
	case IncidentResolved:
		return MigrationLine{Kind: MigratesIncident, Key: r.Key, Source: r.Element}
	case CompensationWithdrawn:
		return MigrationLine{Kind: MigratesCompensation, Key: r.Key, Source: r.Element}
	}
	panic("engine: a migration does not end things by " + r.Kind())
}

func (m *migration) movingLines(r Record) []MigrationLine {
	switch r := r.(type) {
	case ElementMigrated:
		return []MigrationLine{{MigratesElement, r.Key, r.From, r.Element}}
	case JobMigrated:
		return []MigrationLine{{MigratesJob, r.Key, r.From, r.Element}}
	case TaskMigrated:
		return []MigrationLine{{MigratesTask, r.Key, r.From, r.Element}}
	case TimerMigrated:
		return []MigrationLine{{MigratesTimer, r.Key, r.From, r.Element}}
	case SubscriptionMigrated:
		return []MigrationLine{{MigratesSubscription, r.Key, r.From, r.Element}}
	case IncidentMigrated:
		return []MigrationLine{{MigratesIncident, r.Key, r.From, r.Element}}
	case CallMigrated:
		return []MigrationLine{{MigratesCall, r.ElementInstance, r.From, r.Element}}
	case CompensationMigrated:
		return []MigrationLine{{MigratesCompensation, r.Key, r.From, r.Element}}
	case ActivationMigrated:
		return []MigrationLine{{MigratesActivation, r.Key, r.From, r.Element}}
	case TokensMigrated:
		return r.lines()
	case StartHeld:
		return []MigrationLine{{MigratesStart, m.st.key, m.st.start.Start, r.Start}}
	}
	panic("engine: a migration does not move things by " + r.Kind())
}

func (r TokensMigrated) lines() []MigrationLine {
	var lines []MigrationLine
	for _, f := range r.Flows {
		lines = append(lines, MigrationLine{MigratesTokens, r.Scope, f.From, f.Flow})
	}
	for _, g := range r.Gateways {
		lines = append(lines, MigrationLine{MigratesGateway, r.Scope, g.From, g.Element})
	}
	return lines
}
