package engine

// schedule evaluates a timer event of an element instance or scope.
func (x *machine) schedule(event *node, t *trigger, owner int64, once bool) (TimerArmed, string) {
	v := x.values(owner)
	text := v.name(t.timer.text, "the timer")
	if *v.problem != "" {
		return TimerArmed{}, *v.problem
	}
	s, err := readTimer(t.timer.kind, text, x.at)
	if err != nil {
		return TimerArmed{}, err.Error()
	}
	armed := TimerArmed{Element: event.id, ElementInstance: owner, Part: t.part, Due: s.due, Remaining: 1}
	if !once && s.text != "" && s.remaining != 1 {
		armed.Remaining, armed.Interval, armed.Anchor = s.remaining, s.text, s.due
	}
	return armed, ""
}

// repeat arms a cycle for its next firing. A cycle that would leave the calendar ends.
func (x *machine) repeat(t Timer) {
	if t.Interval == "" || t.Remaining == 1 {
		return
	}
	next, err := nextDate(t.Interval, t.Anchor, t.Due, x.at)
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
