package engine

// cancelInstance terminates everything. A caller learns of it unless it asked for it: it may wait for the return, or
// for the compensation of what has returned.
func (x *machine) cancelInstance(c CancelInstance) error {
	if x.st.terminating != "" {
		return ErrInstanceTerminating
	}
	x.clear()
	if x.st.caller != 0 && !c.ByCaller {
		x.emit(CallErrorThrown{Caller: x.st.caller, Message: "the called instance was canceled"})
	}
	x.terminateInstance("canceled")
	return nil
}

// clear ends everything in the instance.
func (x *machine) clear() {
	x.terminateInside(x.st.key, 0)
	x.withdraw([]int64{x.st.key})
	x.settleCalls(true)
}
