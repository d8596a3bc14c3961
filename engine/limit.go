package engine

import (
	"fmt"

	"tallystick/fault"
	"tallystick/internal/canon"
)

// The limits of an instance. What the caller does beyond them is refused, what the model does beyond
// them parks with an incident.
const (
	// MovesMax is the number of activations that one command may cause. It stops endless loops; resolving
	// the incident lets the tokens go on for as many again.
	MovesMax = 10_000
	// InstanceMax is the number of element instances, tokens and compensation entries of an instance.
	InstanceMax = 10_000
	// MultiInstanceMax is the number of instances of a multi-instance activity.
	MultiInstanceMax = 10_000
	// CallDepthMax is the number of calls above an instance.
	CallDepthMax = 100
	// QuantityMax is the start and completion quantity of an activity.
	QuantityMax = 1_000
	// JoinPathsMax is the number of paths that the gateways of a definition know which look upstream: the incoming
	// flows of each, times the nodes of its scope.
	JoinPathsMax = 4_000_000
	// VariableBytesMax is the size of all variables of an instance, names included, and of what its loops keep.
	VariableBytesMax = 4 << 20
	// NameBytesMax is the length of the name of a variable.
	NameBytesMax = 1024

	// localMax stops tokens before the 24 bits of local numbers are used up, localEnd stops commands; the
	// rest is room for what one step draws without moving tokens.
	localMax = 1<<keyBits - 1<<19
	localEnd = 1<<keyBits - 1<<18
)

// ErrVariablesTooLarge refuses variables that would make the instance larger than VariableBytesMax.
var ErrVariablesTooLarge = fault.New(fault.TooLarge, "variable.too_large",
	"the variables of an instance may have %d bytes", VariableBytesMax)

// ErrVariableTooDeep refuses a variable that would be nested deeper than the readers of the API allow.
var ErrVariableTooDeep = fault.New(fault.Invalid, "variable.too_deep", "a variable may be nested %d deep", canon.MaxDepth)

// exceeded returns which limit forbids to go on, "" when none does.
func (x *machine) exceeded() string {
	s := &x.st
	switch {
	case x.moves >= MovesMax:
		return fmt.Sprintf("one command moved more than %d tokens; the model may loop without end", MovesMax)
	case s.elements.len()+s.held+s.ledger.len() > InstanceMax:
		return fmt.Sprintf("the instance holds more than %d element instances, tokens and compensation entries", InstanceMax)
	case s.last >= localMax:
		return fmt.Sprintf("the instance has used its %d keys", localMax)
	}
	return ""
}

func (v *Variable) size() int { return len(v.Name) + len(v.Value) }

// unfit says why variables cannot be set in addition, nil when they can. What they replace is not taken off: a
// bound, not an account. Of several that are too deep it names the first.
func (s *State) unfit(vars Variables) *fault.Error {
	total, deep, found := s.bytes, "", false
	for name, value := range vars {
		total += len(name) + len(value)
		if value.DeeperThan(canon.MaxDepth) && (!found || name < deep) {
			deep, found = name, true
		}
	}
	switch {
	case found:
		return ErrVariableTooDeep.With("variable %q is nested deeper than %d", deep, canon.MaxDepth)
	case total > VariableBytesMax:
		return ErrVariablesTooLarge
	}
	return nil
}

// holds reports whether a loop may keep values in addition to what the instance has.
func (s *State) holds(values []canon.JSON) bool {
	total := s.bytes
	for _, v := range values {
		total += len(v)
	}
	return total <= VariableBytesMax
}

// parkUnfit parks an element instance whose step made variables that cannot be set, and reports whether it was so.
func (x *machine) parkUnfit(e ElementInstance, retry string, vars Variables) bool {
	wrong := x.st.unfit(vars)
	if wrong == nil {
		return false
	}
	x.park(e, retry, errorSize, wrong.Message)
	return true
}
