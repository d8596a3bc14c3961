package engine

// InstanceSuspended lets an instance rest.
type InstanceSuspended struct{}

// InstanceResumed lets a suspended instance go on.
type InstanceResumed struct{}

// Kind implements Record.
func (InstanceSuspended) Kind() string { return "InstanceSuspended" }

// Kind implements Record.
func (InstanceResumed) Kind() string { return "InstanceResumed" }

// String implements Record.
func (InstanceSuspended) String() string { return "suspended" }

// String implements Record.
func (InstanceResumed) String() string { return "resumed" }

func (InstanceSuspended) fields(*text) {}

func (InstanceResumed) fields(*text) {}

func (InstanceSuspended) apply(s *State) { s.suspended = true }

func (InstanceResumed) apply(s *State) { s.suspended = false }

// applyOperation applies what operators did to an instance.
func applyOperation(s *State, r Record) bool {
	switch r := r.(type) {
	case InstanceSuspended:
		r.apply(s)
	case InstanceResumed:
		r.apply(s)
	default:
		return false
	}
	return true
}
