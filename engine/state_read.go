package engine

import (
	"slices"

	"tallystick/internal/canon"
	"tallystick/tasks"
)

// Key returns the key of the instance, 0 before it starts.
func (s State) Key() int64 { return s.key }

// Definition returns the key of the definition that the instance runs.
func (s State) Definition() int64 { return s.definition }

// Status returns the state of the instance, "" before it starts.
func (s State) Status() Status { return s.status }

// Suspended reports whether the instance rests until it is resumed.
func (s State) Suspended() bool { return s.suspended }

// HasIncident reports whether an incident is open.
func (s State) HasIncident() bool { return s.incidents.len() > 0 }

// Task returns the open user task with the key.
func (s State) Task(key int64) (tasks.Task, bool) {
	t, ok := s.tasks.get(rowID{key: key})
	return t.Task, ok
}

// Tasks returns the open user tasks in key order.
func (s State) Tasks() []UserTask { return slices.Clone(s.tasks.rows()) }

// Job returns the open job with the key.
func (s State) Job(key int64) (Job, bool) { return s.jobs.get(rowID{key: key}) }

// Jobs returns the open jobs in key order.
func (s State) Jobs() []Job { return slices.Clone(s.jobs.rows()) }

// Timers returns the armed timers in key order.
func (s State) Timers() []Timer { return slices.Clone(s.timers.rows()) }

// Tokens returns how many tokens stand on sequence flows.
func (s State) Tokens() int {
	n := 0
	for t := range s.tokens.all() {
		n += t.Count
	}
	return n
}

// Subscriptions returns the open subscriptions in key order.
func (s State) Subscriptions() []Subscription { return slices.Clone(s.subscriptions.rows()) }

// Caller returns the element instance that called this instance, 0 when it was started otherwise.
func (s State) Caller() int64 { return s.caller }

// Root returns the instance at the top of the calls, which is this one when nobody called it.
func (s State) Root() int64 { return s.top() }

// Incidents returns the open incidents in key order.
func (s State) Incidents() []Incident { return slices.Clone(s.incidents.rows()) }

// Element returns the active element instance with the key.
func (s State) Element(key int64) (ElementInstance, bool) { return s.elements.get(rowID{key: key}) }

// Elements returns the active element instances in key order.
func (s State) Elements() []ElementInstance { return slices.Clone(s.elements.rows()) }

// Variables returns the variables of one scope: an element instance, or the instance.
func (s State) Variables(scope int64) Variables {
	vars := Variables{}
	for v := range s.variables.of(scope) {
		vars[v.Name] = v.Value
	}
	return vars
}

// VisibleVariables returns what an element instance sees: its own variables and those of the scopes
// around it, the nearest winning. The key of the instance gives the variables of the instance.
func (s State) VisibleVariables(elementInstance int64) Variables {
	vars := Variables{}
	for scope, more := elementInstance, true; more; scope, more = s.parent(scope) {
		for v := range s.variables.of(scope) {
			if _, nearer := vars[v.Name]; !nearer {
				vars[v.Name] = v.Value
			}
		}
	}
	return vars
}

// lookup finds the value of a variable as seen from a scope.
func (s *State) lookup(scope int64, name string) (canon.JSON, bool) {
	return lookup(s.elements, s.variables, s.loops, scope, name)
}

func lookup(
	elements table[ElementInstance], variables table[Variable], loops table[loopState], scope int64, name string,
) (canon.JSON, bool) {
	for more := true; more; {
		if v, ok := variables.get(named(scope, name)); ok {
			return v.Value, true
		}
		if loops.len() > 0 {
			if l, ok := loops.get(rowID{key: scope}); ok {
				if value, ok := loopAttribute(l, name); ok {
					return value, true
				}
			}
		}
		var e ElementInstance
		e, more = elements.get(rowID{key: scope})
		scope = e.Scope
	}
	return "", false
}

// home returns the scope that a variable set from inside scope belongs to: the nearest one that has the
// name, else the instance (4.22 of the semantics: results go where the name lives).
func (s *State) home(scope int64, name string) int64 {
	for more := true; more; scope, more = s.parent(scope) {
		if _, ok := s.variables.get(named(scope, name)); ok {
			return scope
		}
	}
	return s.key
}
