package engine

// startInstance opens the instance at the none start event of the process.
func (x *machine) startInstance(c StartInstance) error {
	switch {
	case x.st.key != 0:
		return ErrInstanceExists
	case c.Instance <= 0 || InstanceOf(c.Instance) != c.Instance:
		return ErrInstanceKey.With("%d is no key of an instance", c.Instance)
	}
	if err := x.mayStore(c.Variables); err != nil {
		return err
	}
	if c.Caller == nil {
		c.Caller = &Caller{}
	}
	x.emit(InstanceStarted{
		Instance: c.Instance, Definition: x.def.identity.Key, ProcessID: x.def.processID,
		Version: x.def.identity.Version, VersionTag: x.def.versionTag, BusinessID: c.BusinessID, Tags: c.Tags,
		Caller: c.Caller.ElementInstance, Parent: c.Caller.Instance, Root: c.Caller.Root, Depth: c.Caller.Depth,
	})
	x.setAll(c.Variables, func(string) int64 { return x.st.key })
	x.activate(x.def.start, ElementActivated{Scope: x.st.key})
	return nil
}

// cancelInstance terminates everything.
func (x *machine) cancelInstance(c CancelInstance) error {
	x.terminateInside(x.st.key, 0)
	x.closeIncidents()
	x.settleCalls(true)
	if x.st.caller != 0 && !x.st.returned && !c.ByCaller {
		x.emit(CallErrorThrown{Caller: x.st.caller, Message: "the called instance was canceled"})
	}
	x.emit(InstanceTerminated{Reason: "canceled"})
	return nil
}
