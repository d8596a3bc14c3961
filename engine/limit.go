package engine

import (
	"fmt"

	"tallystick/fault"
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
	// VariableBytesMax is the size of all variables of an instance, names included.
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

// fits reports whether the variables would stay within the limit if vars were set in addition. What
// they replace is not taken off: a bound, not an account.
func (s *State) fits(vars Variables) bool {
	total := s.bytes
	for name, value := range vars {
		total += len(name) + len(value)
	}
	return total <= VariableBytesMax
}
