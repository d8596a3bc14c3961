package engine

import (
	"slices"

	"tallystick/bpmn"
	"tallystick/fault"
)

// ErrStart refuses to start a process where it does not start.
var ErrStart = fault.New(fault.Invalid, "process.start_unknown", "the process has no such start")

// startInstance opens the instance at one of the starts of the process.
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
	start, err := x.def.entry(c.Start, c.Part)
	if err != nil {
		return err
	}
	x.emit(x.started(c, start))
	if start == nil || len(start.triggers) == 0 && !start.instantiate || len(start.triggers) > 0 && len(start.outputs) == 0 {
		x.setAll(c.Variables, func(string) int64 { return x.st.key })
		x.begin(start, c.Part, nil)
	} else {
		x.begin(start, c.Part, c.Variables)
	}
	return nil
}

func (x *machine) started(c StartInstance, start *node) InstanceStarted {
	r := InstanceStarted{
		Instance: c.Instance, Definition: x.def.identity.Key, ProcessID: x.def.processID,
		Version: x.def.identity.Version, VersionTag: x.def.versionTag, BusinessID: c.BusinessID, Tags: c.Tags,
	}
	if start != nil && (len(start.triggers) > 0 || start.instantiate || len(x.def.body.entries) > 1) {
		r.Start = start.id
	}
	if c.Message != nil {
		r.Message = *c.Message
	}
	if c.Caller != nil {
		r.Caller, r.Parent, r.Root, r.Depth = c.Caller.ElementInstance, c.Caller.Instance, c.Caller.Root, c.Caller.Depth
	}
	return r
}

// entry finds the start that a caller names; nil are the nodes of an implicit start. Start events are
// alternatives, so of several none start events one has to be named (10.5.2).
func (d *Definition) entry(id string, part int) (*node, error) {
	if id == "" {
		switch entries := d.body.entries; {
		case len(entries) == 0:
			return nil, ErrStart.With("the process has no none start event; it starts by %s", d.body.triggered[0].id)
		case entries[0].kind != bpmn.KindStartEvent:
			return nil, nil
		case len(entries) > 1:
			return nil, ErrStart.With("the process has %d none start events; name one", len(entries))
		default:
			return entries[0], nil
		}
	}
	for _, n := range slices.Concat(d.body.entries, d.body.triggered) {
		if n.id != id || n.kind != bpmn.KindStartEvent && !n.instantiate {
			continue
		}
		if part < 0 || part > 0 && part >= len(n.startTriggers()) {
			return nil, ErrStart.With("the start %s has no part %d", id, part)
		}
		return n, nil
	}
	return nil, ErrStart.With("the process does not start at %q", id)
}

// enterProcess arms the event sub-processes of the process and lets it start. Start is nil for an implicit start.
// What forbids to arm parks the instance before anything has started.
func (x *machine) enterProcess(start *node, part int, vars Variables) {
	var list []wait
	var problem string
	for _, event := range x.def.body.handlers {
		if list, problem = x.waits(event, x.st.key, list); problem != "" {
			r := IncidentRaised{ElementInstance: x.st.key, ErrorType: errorValue, Message: event.id + ": " + problem, Retry: retryEvents}
			if start != nil {
				r.Element = start.id
			}
			if x.st.start == nil {
				x.holdStart(start, part, vars)
			}
			x.raise(r)
			return
		}
	}
	if x.st.start != nil {
		x.emit(StartReleased{})
	}
	x.arm(list)
	switch {
	case x.interrupted(x.st.key):
	case start == nil:
		x.enter(x.st.key, x.def.body.entries)
	default:
		x.startAt(start, part, vars)
	}
}

// startAt activates a start event. One that needs all of its triggers waits for those that are still to come.
func (x *machine) startAt(n *node, part int, vars Variables) {
	if n.kind == bpmn.KindEventBasedGateway {
		x.startChoice(n, part, vars)
		return
	}
	e := x.open(n, ElementActivated{Scope: x.st.key})
	x.setAll(vars, func(string) int64 { return e.Key })
	if n.kind == bpmn.KindReceiveTask {
		x.proceed(n, e, retryOutputs)
		return
	}
	if !n.all || len(n.triggers) < 2 {
		x.proceed(n, e, retryInputs)
		return
	}
	list, problem := x.waits(n, e.Key, nil)
	if problem != "" {
		x.park(e, retryExecute, errorValue, problem)
		return
	}
	x.arm(slices.DeleteFunc(list, func(w wait) bool { return w.trigger.part == part }))
}
