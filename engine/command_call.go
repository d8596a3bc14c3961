package engine

// Caller is the element instance that called an instance into being. Root is the instance at the top of the
// hierarchy, Depth the number of calls above.
type Caller struct {
	Instance        int64
	ElementInstance int64
	Root            int64
	Depth           int
}

// ReturnCall completes a call activity: the called instance has completed. Variables are all variables of the
// called instance; Compensable says that it waits to be compensated or released.
type ReturnCall struct {
	ElementInstance int64
	Called          int64
	Variables       Variables
	Compensable     bool
}

// ThrowCallError throws an error from a call activity: nothing in the called instance, which has ended, caught it.
// Without a Code the instance could not start or was canceled, which is an incident at the call activity.
type ThrowCallError struct {
	ElementInstance int64
	Called          int64
	Code            string
	Message         string
	Variables       Variables
}

// ThrowCallEscalation throws an escalation from a call activity; the called instance goes on.
type ThrowCallEscalation struct {
	ElementInstance int64
	Called          int64
	Code            string
	Variables       Variables
}

// CompensateCalled undoes what a called instance completed. It returns once more when that is done.
type CompensateCalled struct{}

// ReleaseCalled ends a called instance that waited to be compensated: it never will be.
type ReleaseCalled struct{}

// Name implements Command.
func (ReturnCall) Name() string { return "ReturnCall" }

// Name implements Command.
func (ThrowCallError) Name() string { return "ThrowCallError" }

// Name implements Command.
func (ThrowCallEscalation) Name() string { return "ThrowCallEscalation" }

// Name implements Command.
func (CompensateCalled) Name() string { return "CompensateCalled" }

// Name implements Command.
func (ReleaseCalled) Name() string { return "ReleaseCalled" }
