package enginetest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tallystick/engine"
	"tallystick/internal/canon"
	"tallystick/tasks"
)

// line prints a record at the chosen level of detail, "" to leave it out.
func (r *runner) line(rec engine.Record) string {
	switch {
	case r.level == "waits" && !outstanding(rec), r.level == "steps" && inner(rec):
		return ""
	}
	switch rec := rec.(type) {
	case engine.TimerArmed:
		return rec.String() + " due " + r.offset(rec.Due)
	case engine.TimerFired:
		return rec.String() + " at " + r.offset(r.now)
	}
	return rec.String()
}

// inner reports what the steps do not need: the flows already tell where tokens go.
func inner(rec engine.Record) bool {
	switch rec.(type) {
	case engine.ElementActivated, engine.ElementCompleted, engine.VariableSet, engine.CompensationSubscribed,
		engine.StartHeld, engine.StartReleased, engine.ElementTerminating, engine.ElementBegun:
		return true
	}
	return false
}

// outstanding reports what an instance waits for, and its beginning and end.
func outstanding(rec engine.Record) bool {
	switch rec.(type) {
	case engine.InstanceStarted, engine.InstanceCompleted, engine.InstanceTerminated,
		engine.TaskCreated, engine.JobCreated, engine.TimerArmed, engine.SubscriptionOpened, engine.IncidentRaised:
		return true
	}
	return false
}

// offset prints a time as its distance from the start of the scenario.
func (r *runner) offset(t time.Time) string {
	d := t.Sub(r.origin)
	if d < 0 {
		return "-" + duration(-d)
	}
	return "+" + duration(d)
}

func (r *runner) show(words []word) error {
	what := ""
	if len(words) > 0 {
		what = words[0].text
	}
	levels := []string{"steps", "full", "waits"}
	switch {
	case len(words) == 1 && words[0].name == "trace" && slices.Contains(levels, what):
		r.level = what
	case what == "vars" && words[0].name == "":
		r.each(func(i *instance) { r.showVariables(i, words[1:]) })
	case what == "waits" && len(words) == 1:
		r.each(r.showWaits)
	case what == "state" && len(words) == 1:
		r.showState()
	default:
		return errors.New("show takes vars, waits, state or trace=steps, trace=full, trace=waits")
	}
	return nil
}

// each goes through the instances in the order of their start.
func (r *runner) each(show func(*instance)) {
	for _, i := range r.instances {
		show(i)
	}
}

// showVariables prints the variables of the instance, then those of each active element; only those
// with the given names when there are any.
func (r *runner) showVariables(i *instance, only []word) {
	r.printVariables(i, i.st.Variables(i.st.Key()), only, "")
	for _, e := range i.st.Elements() {
		r.printVariables(i, i.st.Variables(e.Key), only, " in "+e.Element)
	}
}

func (r *runner) printVariables(i *instance, vars map[string]canon.JSON, only []word, where string) {
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		if len(only) == 0 || slices.ContainsFunc(only, func(w word) bool { return w.text == name }) {
			r.print(i.prefix + name + " = " + string(vars[name]) + where)
		}
	}
}

func (r *runner) showWaits(i *instance) {
	for _, t := range i.st.Tasks() {
		r.print(i.prefix + "task " + t.Element + r.describe(t.Task) + held(t.Task))
	}
	for _, j := range i.st.Jobs() {
		r.print(fmt.Sprintf("%sjob %s type %s retries %d", i.prefix, j.Element, j.Type, j.Retries))
	}
	for _, t := range i.st.Timers() {
		r.print(i.prefix + "timer " + t.Element + " due " + r.offset(t.Due))
	}
	for _, s := range i.st.Subscriptions() {
		r.print(i.prefix + engine.SubscriptionOpened(s).String())
	}
	for _, n := range i.st.Incidents() {
		r.print(i.prefix + "incident " + n.ErrorType + " at " + n.Element)
	}
}

// describe prints whom a task concerns and when it is due.
func (r *runner) describe(t tasks.Task) string {
	line := ""
	if t.Assignee != "" {
		line += " for " + t.Assignee
	}
	if len(t.CandidateGroups) > 0 {
		line += " groups [" + strings.Join(t.CandidateGroups, " ") + "]"
	}
	if len(t.CandidateUsers) > 0 {
		line += " users [" + strings.Join(t.CandidateUsers, " ") + "]"
	}
	if !t.DueDate.IsZero() {
		line += " due " + r.offset(t.DueDate)
	}
	return line
}

// showState prints where the tokens are.
func (r *runner) showState() {
	if len(r.instances) == 0 {
		r.print("not started at " + r.offset(r.now))
	}
	for _, i := range r.instances {
		r.print(i.prefix + string(i.st.Status()) + " at " + r.offset(r.now))
		for _, e := range i.st.Elements() {
			r.print(i.prefix + "element " + e.Element)
		}
	}
}
