package engine

// Activation names an element of an ad-hoc sub-process that is to be activated, with variables of its own.
type Activation struct {
	Element   string
	Variables Variables
}

// ActivateAdHoc activates elements of an ad-hoc sub-process, in sequence or at once as its ordering says. With
// CancelRemaining what is active there ends first.
type ActivateAdHoc struct {
	ElementInstance int64
	Elements        []Activation
	CancelRemaining bool
}

// CompleteAdHoc completes an ad-hoc sub-process. What is active there ends or is waited for, as the model says;
// CancelRemaining ends it in any case.
type CompleteAdHoc struct {
	ElementInstance int64
	CancelRemaining bool
}

// AdHocResult is what the worker of an ad-hoc sub-process decided: elements to activate, or that it is complete.
type AdHocResult struct {
	Elements        []Activation
	Completed       bool
	CancelRemaining bool
}

// Name implements Command.
func (ActivateAdHoc) Name() string { return "ActivateAdHoc" }

// Name implements Command.
func (CompleteAdHoc) Name() string { return "CompleteAdHoc" }
