package engine

import "tallystick/fault"

// The refusals of ad-hoc sub-processes.
var (
	// ErrAdHocNotFound refuses commands to an ad-hoc sub-process that is not active or has completed.
	ErrAdHocNotFound = fault.New(fault.NotFound, "adhoc.not_found", "no such ad-hoc sub-process is active")
	// ErrAdHocElement refuses to activate what is no element of the ad-hoc sub-process.
	ErrAdHocElement = fault.New(fault.Invalid, "adhoc.element_unknown", "the ad-hoc sub-process has no such element")
	// ErrAdHocFull refuses more activations than an ad-hoc sub-process may have.
	ErrAdHocFull = fault.New(fault.Conflict, "adhoc.full", "an ad-hoc sub-process has at most %d activations", MultiInstanceMax)
	// ErrAdHocResult refuses a result of a job that is none of an ad-hoc sub-process.
	ErrAdHocResult = fault.New(fault.Invalid, "adhoc.result_unexpected", "the job is none of an ad-hoc sub-process")
)

func (x *machine) openAdHoc(key int64) (*node, error) {
	e, n, ok := x.element(key)
	if !ok || n.adHoc == nil {
		return n, ErrAdHocNotFound.With("no ad-hoc sub-process is active under the key %d", key)
	}
	if l, begun := x.st.loops.get(rowID{key: key}); !begun || l.Ended || e.Terminating {
		return n, ErrAdHocNotFound.With("the ad-hoc sub-process %s activates nothing now", n.id)
	}
	return n, nil
}

func (x *machine) activateAdHoc(c ActivateAdHoc) error {
	n, err := x.openAdHoc(c.ElementInstance)
	if err != nil {
		return err
	}
	if len(c.Elements) == 0 {
		return ErrAdHocElement.With("no element to activate is named")
	}
	if err := x.activatable(n, c.ElementInstance, c.Elements); err != nil {
		return err
	}
	if c.CancelRemaining {
		x.cancelInside(c.ElementInstance)
	}
	x.enqueue(n, c.ElementInstance, c.Elements)
	return nil
}

func (x *machine) completeAdHocBy(c CompleteAdHoc) error {
	n, err := x.openAdHoc(c.ElementInstance)
	if err != nil {
		return err
	}
	x.completeAdHoc(c.ElementInstance, c.CancelRemaining || !n.adHoc.keep)
	return nil
}

// adHocResult carries out what the worker of an ad-hoc sub-process decided.
func (x *machine) adHocResult(n *node, e ElementInstance, r *AdHocResult) {
	if r == nil {
		r = &AdHocResult{}
	}
	switch {
	case r.Completed:
		x.completeAdHoc(e.Key, r.CancelRemaining)
		return
	case r.CancelRemaining:
		x.cancelInside(e.Key)
	}
	if len(r.Elements) > 0 {
		x.enqueue(n, e.Key, r.Elements)
	}
}

// mayDecide refuses a result that does not fit the job.
func (x *machine) mayDecide(j Job, c CompleteJob) error {
	_, n, _ := x.element(j.ElementInstance)
	switch {
	case c.AdHoc == nil:
		return nil
	case j.JobKind != JobAdHoc:
		return ErrAdHocResult
	}
	return x.activatable(n, j.ElementInstance, c.AdHoc.Elements)
}
