package engine

import (
	"slices"
	"time"

	"tallystick/bpmn"
)

// The types of starts beside those of subscriptions.
const (
	StartsNone  = "NONE"
	StartsTimer = "TIMER"
)

// StartInfo is a way to start a process: a none start event, one trigger of a start event, or one of an
// instantiating receive task or event-based gateway. Type is NONE, TIMER or a type of subscriptions; each way is
// used by a StartInstance with Element and Part. An implicit start has no Element. All says that the instance
// which the first part starts waits for the others itself: whoever delivers messages looks for waiting instances
// before it starts new ones.
type StartInfo struct {
	Element   string
	Part      int
	Type      string
	Name      string         // of the message or signal
	All       bool           // the parts of the element belong together
	TimerKind bpmn.TimerKind // TIMER
	Timer     string         // the text of the timer, in the form of its kind
	Condition string         // CONDITIONAL: the text of the condition

	condition *expression
}

// Starts returns the ways to start the process, in document order. What starts by a trigger is known before any
// instance is, so names and times are values here, not expressions.
func (d *Definition) Starts() []StartInfo { return slices.Clone(d.starts) }

// Holds evaluates the condition of a CONDITIONAL start on the given variables. A value that is no boolean does not
// hold.
func (i StartInfo) Holds(vars Variables, at time.Time) (bool, error) {
	if i.condition == nil {
		return false, nil
	}
	r, err := i.condition.within(vars, at)
	return err == nil && r.Value == "true", err
}
