package enginetest

import (
	"fmt"
	"slices"

	"tallystick/engine"
)

// entry is a way to start the newest version of a process without being asked for: a start event.
type entry struct {
	def *engine.Definition
	engine.StartInfo
}

// entries lists the starts of a type, in the order in which the processes were first deployed. Name "" is all.
func (r *runner) entries(kind, name string) []entry {
	var all []entry
	for _, id := range r.library.order {
		for _, s := range r.library.processes[id].Starts() {
			if s.Type == kind && (name == "" || s.Name == name) {
				all = append(all, entry{r.library.processes[id], s})
			}
		}
	}
	return all
}

// alarm is a timer start event with its next date.
type alarm struct {
	entry
	engine.Alarm
}

// arm replaces the timer start events of a process by those of its new version, without firing.
func (r *runner) arm(def *engine.Definition) error {
	r.alarms = slices.DeleteFunc(r.alarms, func(a alarm) bool { return a.def.ProcessID() == def.ProcessID() })
	for _, s := range def.Starts() {
		if s.Type != engine.StartsTimer {
			continue
		}
		first, err := s.Alarm(r.now)
		if err != nil {
			return err
		}
		r.alarms = append(r.alarms, alarm{entry{def, s}, first})
	}
	return nil
}

// nextAlarm finds the timer start event that is due first, -1 when there is none.
func (r *runner) nextAlarm() int {
	next := -1
	for n, a := range r.alarms {
		if next < 0 || a.Due.Before(r.alarms[next].Due) {
			next = n
		}
	}
	return next
}

// ring starts a process by a timer start event, and sets the next date.
func (r *runner) ring(n int) error {
	a := r.alarms[n]
	if next, again := a.Next(r.now); again {
		r.alarms[n].Alarm = next
	} else {
		r.alarms = slices.Delete(r.alarms, n, n+1)
	}
	r.later(func() error { return r.startAt(a.entry, engine.StartInstance{}) })
	return r.errands()
}

// startAt starts an instance by a trigger of a start event.
func (r *runner) startAt(e entry, cmd engine.StartInstance) error {
	cmd.Start, cmd.Part = e.Element, e.Part
	return r.start(e.def, cmd)
}

// startBy gives a message to the start events of processes that it has not entered. With a correlation key one
// instance of a process runs at a time; those that follow start when it has ended.
func (r *runner) startBy(m *message) error {
	for _, e := range r.entries(engine.SubscribesMessage, m.name) {
		process := e.def.ProcessID()
		if slices.Contains(m.entered, process) || m.key != "" && r.locked(process, m.key) {
			continue
		}
		m.entered = append(m.entered, process)
		ref := m.reference()
		if err := r.startAt(e, engine.StartInstance{Message: &ref, Variables: m.variables}); err != nil {
			return err
		}
		if m.key != "" {
			r.locks = append(r.locks, lock{process, m.key, r.instances[len(r.instances)-1]})
		}
	}
	return nil
}

// lock says that a message with a correlation key started an instance of a process.
type lock struct {
	process, key string
	held         *instance
}

func (r *runner) locked(process, key string) bool {
	return slices.ContainsFunc(r.locks, func(l lock) bool { return l.process == process && l.key == key && l.held.active() })
}

// freed lets the oldest kept message start the instance that had to wait for the end of i.
func (r *runner) freed(i *instance) error {
	for _, l := range slices.Clone(r.locks) {
		if l.held != i {
			continue
		}
		r.locks = slices.DeleteFunc(r.locks, func(other lock) bool { return other == l })
		for _, m := range slices.Clone(r.kept()) {
			if m.key == l.key && !slices.Contains(m.entered, l.process) && !r.locked(l.process, l.key) {
				if err := r.startBy(m); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// condition evaluates the conditional start events on variables from outside.
func (r *runner) condition(words []word) error {
	if err := assigned(words); err != nil {
		return err
	}
	vars, held := variables(words), 0
	r.sent(Sent{What: "condition", Variables: vars})
	for _, e := range r.entries(engine.SubscribesConditional, "") {
		holds, err := e.Holds(vars, r.now)
		if err != nil {
			return fmt.Errorf("%s: %w", e.Element, err)
		}
		if holds {
			held++
			r.later(func() error { return r.startAt(e, engine.StartInstance{Variables: vars}) })
		}
	}
	if held == 0 {
		r.print("no condition holds")
	}
	return r.errands()
}
