package engine

import (
	"tallystick/internal/canon"
)

// itself is the process where its listeners wait: as if it were an element with the key of the instance.
func (x *machine) itself() ElementInstance {
	return ElementInstance{Key: x.st.key, Element: x.def.processID, ElementType: processType}
}

// holder is what a job or incident belongs to: an element instance, or the instance itself.
func (x *machine) holder(key int64) (ElementInstance, *node) {
	if key == x.st.key {
		return x.itself(), x.def.process
	}
	e, n, _ := x.element(key)
	return e, n
}

// begin lets the listeners to the start of the process hear of it, and then lets the process start.
func (x *machine) begin(start *node, part int, vars Variables) {
	if len(x.def.process.listeners[listensStart]) == 0 {
		x.enterProcess(start, part, vars)
		return
	}
	x.holdStart(start, part, vars)
	x.listenOn(x.def.process, x.itself(), listensStart, 0)
}

// holdStart keeps what the start needs until it may be.
func (x *machine) holdStart(start *node, part int, vars Variables) {
	r := StartHeld{Part: part}
	if start != nil {
		r.Start = start.id
	}
	if len(vars) > 0 {
		r.Variables = canon.Object(vars)
	}
	x.emit(r)
}

// beginHeld starts where the start was held.
func (x *machine) beginHeld() {
	if s := x.st.start; s != nil {
		x.enterProcess(x.def.nodes[s.Start], s.Part, s.Variables.Fields())
	}
}

// listenedTo goes on behind the last listener of the process to an event.
func (x *machine) listenedTo(event string) {
	switch {
	case event == listensStart:
		x.beginHeld()
	case !x.st.busy(x.st.key):
		x.endInstance()
	}
}
