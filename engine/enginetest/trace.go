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
	case engine.ElementActivated, engine.ElementCompleted, engine.VariableSet, engine.CompensationSubscribed:
		return true
	}
	return false
}

// outstanding reports what an instance waits for, and its beginning and end.
func outstanding(rec engine.Record) bool {
	switch rec.(type) {
	case engine.InstanceStarted, engine.InstanceCompleted, engine.InstanceTerminated,
		engine.TaskCreated, engine.JobCreated, engine.TimerArmed, engine.IncidentRaised:
		return true
	}
	return false
}

// offset prints a time as its distance from the start of the scenario.
func (r *runner) offset(t time.Time) string {
	d := t.Sub(r.start)
	if d < 0 {
		return "-" + duration(-d)
	}
	return "+" + duration(d)
}

func (r *runner) trace(words []word) error {
	if len(words) != 1 || !slices.Contains([]string{"steps", "full", "waits"}, words[0].text) {
		return errors.New("trace takes steps, full or waits")
	}
	r.level = words[0].text
	return nil
}

func (r *runner) show(words []word) error {
	what := ""
	if len(words) > 0 {
		what = words[0].text
	}
	switch {
	case what == "vars":
		r.showVariables(words[1:])
	case what == "waits" && len(words) == 1:
		r.showWaits()
	case what == "state" && len(words) == 1:
		r.showState()
	default:
		return errors.New("show takes vars, waits or state")
	}
	return nil
}

// showVariables prints the variables of the instance, then those of each active element; only those
// with the given names when there are any.
func (r *runner) showVariables(only []word) {
	r.printVariables(r.st.Variables(r.st.Key()), only, "")
	for _, e := range r.st.Elements() {
		r.printVariables(r.st.Variables(e.Key), only, " in "+e.Element)
	}
}

func (r *runner) printVariables(vars map[string]canon.JSON, only []word, where string) {
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		if len(only) == 0 || slices.ContainsFunc(only, func(w word) bool { return w.text == name }) {
			r.print(name + " = " + string(vars[name]) + where)
		}
	}
}

func (r *runner) showWaits() {
	for _, t := range r.st.Tasks() {
		line := "task " + t.Element
		if t.Task.Assignee != "" {
			line += " for " + t.Task.Assignee
		}
		if len(t.Task.CandidateGroups) > 0 {
			line += " groups [" + strings.Join(t.Task.CandidateGroups, " ") + "]"
		}
		if len(t.Task.CandidateUsers) > 0 {
			line += " users [" + strings.Join(t.Task.CandidateUsers, " ") + "]"
		}
		if !t.Task.DueDate.IsZero() {
			line += " due " + r.offset(t.Task.DueDate)
		}
		r.print(line)
	}
	for _, j := range r.st.Jobs() {
		r.print(fmt.Sprintf("job %s type %s retries %d", j.Element, j.Type, j.Retries))
	}
	for _, t := range r.st.Timers() {
		r.print("timer " + t.Element + " due " + r.offset(t.Due))
	}
	for _, i := range r.st.Incidents() {
		r.print("incident " + i.ErrorType + " at " + i.Element)
	}
}

func (r *runner) showState() {
	status := string(r.st.Status())
	if status == "" {
		status = "not started"
	}
	r.print(status + " at " + r.offset(r.now))
	for _, e := range r.st.Elements() {
		r.print("element " + e.Element)
	}
}
