package engine

// armCatch arms the timer of an intermediate catch event. A cycle fires once here.
func (x *machine) armCatch(n *node, e ElementInstance) {
	armed, problem := x.schedule(n, e, true)
	if problem != "" {
		x.park(e, retryExecute, errorValue, problem)
		return
	}
	armed.Key = x.key()
	x.emit(armed)
}

// armBoundary arms the timers attached to an activity, all or none.
func (x *machine) armBoundary(n *node, e ElementInstance) bool {
	if len(n.timers) == 0 {
		return true
	}
	armed := make([]TimerArmed, 0, len(n.timers))
	for _, b := range n.timers {
		t, problem := x.schedule(b, e, b.interrupting)
		if problem != "" {
			x.park(e, retryEvents, errorValue, b.id+": "+problem)
			return false
		}
		armed = append(armed, t)
	}
	for _, t := range armed {
		t.Key = x.key()
		x.emit(t)
	}
	return true
}

// schedule evaluates a timer for the element instance that waits or that the event is attached to.
func (x *machine) schedule(n *node, e ElementInstance, once bool) (TimerArmed, string) {
	v := x.values(e.Key)
	text := v.name(n.timer.text, "the timer")
	if *v.problem != "" {
		return TimerArmed{}, *v.problem
	}
	s, err := readTimer(n.timer.kind, text, x.at)
	if err != nil {
		return TimerArmed{}, err.Error()
	}
	t := TimerArmed{Element: n.id, ElementInstance: e.Key, Due: s.due, Remaining: 1}
	if !once && s.text != "" && s.remaining != 1 {
		t.Remaining, t.Interval, t.Anchor = s.remaining, s.text, s.due
	}
	return t, ""
}

// rearm arms a cycle for its next firing. A cycle that would leave the calendar ends.
func (x *machine) rearm(t Timer) {
	if t.Interval == "" || t.Remaining == 1 {
		return
	}
	interval, err := readPeriod(t.Interval)
	if err != nil {
		return
	}
	next, err := interval.next(t.Anchor, t.Due, x.at)
	if err != nil {
		return
	}
	armed := TimerArmed(t)
	armed.Key, armed.Due = x.key(), next
	if t.Remaining > 0 {
		armed.Remaining--
	}
	x.emit(armed)
}
