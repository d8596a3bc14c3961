package engine

import (
	"fmt"

	"tallystick/fault"
)

// The refusals of modifications. Their texts name the instruction and its element.
var (
	// ErrModification refuses an instruction that no state of the instance would allow.
	ErrModification = fault.New(fault.Invalid, "modification.invalid", "the instance cannot be modified like this")
	// ErrModificationState refuses an instruction that does not fit what is active now.
	ErrModificationState = fault.New(fault.Conflict, "modification.state", "what is active does not allow this modification")
	// ErrModificationFull refuses more instructions, or more element instances, than there may be.
	ErrModificationFull = fault.New(fault.TooLarge, "modification.too_large",
		"a modification has at most %d instructions, and an instance %d element instances", InstructionsMax, InstanceMax)
)

// instruction is the place of one in a command.
type instruction struct {
	list    string
	index   int
	element string
}

func (i instruction) invalid(format string, args ...any) error {
	return i.refuse(ErrModification, format, args...)
}

func (i instruction) conflict(format string, args ...any) error {
	return i.refuse(ErrModificationState, format, args...)
}

func (i instruction) refuse(as *fault.Error, format string, args ...any) error {
	return as.With("%s[%d] %s: %s", i.list, i.index, i.element, fmt.Sprintf(format, args...))
}

// modification is a ModifyInstance at work. The plan stands apart so that the machine does not escape with it.
type modification struct {
	*modifying

	x *machine
}

// modifying is what a modification will do, worked out before anything is emitted.
type modifying struct {
	record InstanceModified
	roots  []ElementInstance // what the instructions end, in their order
	doomed map[int64]bool    // with all that is inside, and the handlers that run for it
	ends   []int64           // the same as a list
	opens  []*opening        // outer ones first
	opened map[spot]*opening // the scopes among them
	sets   []setting         // variables of scopes that are there
	bytes  int               // of all variables
	names  int
}

// setting is variables for a scope that is active.
type setting struct {
	scope int64
	vars  Variables
}

func (x *machine) modifyInstance(c ModifyInstance) error {
	count := len(c.Activate) + len(c.Move) + len(c.Terminate)
	switch {
	case count == 0:
		return ErrModification.With("there is no instruction")
	case count > InstructionsMax:
		return ErrModificationFull
	case x.st.terminating != "":
		return ErrInstanceTerminating
	case x.st.returned:
		return ErrModificationState.With("the instance has returned to its caller; only compensation is left of it")
	}
	m := modification{&modifying{doomed: map[int64]bool{}, opened: map[spot]*opening{}}, x}
	moved, err := m.end(c)
	if err != nil {
		return err
	}
	if err := m.open(c, moved); err != nil {
		return err
	}
	if x.st.elements.len()+x.st.held+x.st.ledger.len()+len(m.opens) > InstanceMax {
		return ErrModificationFull
	}
	if x.st.last+int64(m.names+len(m.opens)) >= localEnd {
		return ErrInstanceFull
	}
	m.carryOut()
	return nil
}

// end works out what ends: first what is terminated, then what is moved, for each move its sources.
func (m *modification) end(c ModifyInstance) ([][]ElementInstance, error) {
	for i, t := range c.Terminate {
		sources, err := m.sources(instruction{"terminate", i, t.Element}, t.Element, t.ElementInstance)
		if err != nil {
			return nil, err
		}
		m.record.Terminated = append(m.record.Terminated, TerminatedElement{sources[0].Element, t.ElementInstance})
	}
	moved := make([][]ElementInstance, len(c.Move))
	for i, t := range c.Move {
		sources, err := m.sources(instruction{"move", i, t.From}, t.From, t.FromInstance)
		if err != nil {
			return nil, err
		}
		moved[i] = sources
		m.record.Moved = append(m.record.Moved, MovedElement{sources[0].Element, t.FromInstance, t.To, t.Ancestor, t.Choice})
	}
	m.doom()
	return moved, nil
}

// open works out what is opened, and where.
func (m *modification) open(c ModifyInstance, moved [][]ElementInstance) error {
	for i, move := range c.Move {
		at := instruction{"move", i, move.To}
		for _, source := range moved[i] {
			a, err := m.destination(at, move, source)
			if err != nil {
				return err
			}
			if err := m.target(at, a); err != nil {
				return err
			}
		}
	}
	for i, a := range c.Activate {
		if err := m.target(instruction{"activate", i, a.Element}, a); err != nil {
			return err
		}
		m.record.Activated = append(m.record.Activated, ActivatedElement{a.Element, a.Ancestor})
	}
	return nil
}

// carryOut does what was worked out: everything is opened before anything begins, so that nothing that begins takes
// the place of what is still to be opened.
func (m *modification) carryOut() {
	x := m.x
	x.emit(m.record)
	for _, s := range m.sets {
		x.setAll(s.vars, func(string) int64 { return s.scope })
	}
	x.terminateThese(m.ends)
	for _, o := range m.opens {
		m.emitOpening(o)
	}
	for _, e := range m.roots {
		x.afterEnd(e)
	}
	if !x.st.lively(x.st.key) {
		x.endModified()
		return
	}
	for _, o := range m.opens {
		x.awaken(o.key)
	}
}

// endModified ends an instance that a modification left nothing in, as cancellation does.
func (x *machine) endModified() {
	x.clear()
	if x.st.caller != 0 {
		x.emit(CallErrorThrown{Caller: x.st.caller, Message: "a modification ended the called instance"})
	}
	x.terminateInstance("modified")
}
