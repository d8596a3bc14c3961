package engine

import (
	"time"

	"tallystick/fault"
)

// ErrMismatch says that a state does not belong to the definition it was stepped with.
var ErrMismatch = fault.New(fault.Internal, "definition.mismatch", "the state runs another definition")

// Step carries out one command on one instance and returns the new state with what happened. A refusal
// is a *fault.Error: the state is as it was and there are no records. Step is a pure function and may
// be called concurrently.
func Step(def *Definition, st State, m Meta, cmd Command) (State, []Record, error) {
	if st.key != 0 && st.definition != def.identity.Key {
		return st, nil, ErrMismatch.With("the state runs %d, the definition is %d", st.definition, def.identity.Key)
	}
	x := machine{def: def, st: st.fork(), meta: m, at: m.At.UTC().Round(0)}
	if err := x.decide(cmd); err != nil {
		return st, nil, err
	}
	x.comeToRest()
	return x.st, x.recs, nil
}

// comeToRest lets tokens move until all have come to rest, unless the instance rests as a whole.
func (x *machine) comeToRest() {
	if !x.st.suspended {
		x.run()
	}
	x.settleCalls(false)
}

// Replay applies records to the zero State. For the records of an instance it gives its State.
func Replay(recs []Record) State {
	var s State
	for _, r := range recs {
		apply(&s, r)
	}
	return s
}

// machine is one step at work: the state as it has become, the records so far, and what is left to do.
type machine struct {
	def    *Definition
	st     State
	meta   Meta
	at     time.Time
	recs   []Record
	agenda agenda
	moves  int

	touched   []int64  // scopes whose joins are to be looked at
	unsettled bool     // a variable changed that a complex gateway may read
	changed   []change // what conditions have not seen yet
}

// recordsUsual is the number of records that most steps stay below.
const recordsUsual = 8

// emit is the only way to change something: the record is kept and applied at once.
func (x *machine) emit(r Record) {
	if x.def.joins {
		x.touch(r)
	}
	apply(&x.st, r)
	if x.recs == nil {
		x.recs = make([]Record, 0, recordsUsual)
	}
	x.recs = append(x.recs, r)
}

// key draws the next local number. The record that carries it has to be emitted before the next draw.
func (x *machine) key() int64 { return x.st.key | (x.st.last + 1) }

// element returns an active element instance and its node.
func (x *machine) element(key int64) (ElementInstance, *node, bool) {
	e, ok := x.st.elements.get(rowID{key: key})
	if !ok {
		return e, nil, false
	}
	return e, x.nodeOf(e), true
}

func (x *machine) node(id string) *node {
	n := x.def.nodes[id]
	if n == nil {
		// The definition matches the state (Step checks), so every element of the state is in it.
		panic("engine: element " + id + " is not in the definition")
	}
	return n
}
