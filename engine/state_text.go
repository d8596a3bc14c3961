package engine

// The fields of the rows of a state, as their tags say.

func (e ElementInstance) fields(t *text) {
	t.number("key", e.Key)
	t.string("element", e.Element)
	t.string("elementType", e.ElementType)
	t.number("scope", e.Scope)
	t.numberIf("compensates", e.Compensates)
	t.numberIf("loopCounter", int64(e.LoopCounter))
	t.trueIf("interrupted", e.Interrupted)
	t.trueIf("canceled", e.Canceled)
	t.trueIf("terminating", e.Terminating)
	t.trueIf("held", e.Held)
}

func (t token) fields(w *text) {
	w.number("scope", t.Scope)
	w.string("flow", t.Flow)
	w.number("count", int64(t.Count))
	w.numberIf("since", t.Since)
}

func (v Variable) fields(t *text) {
	t.number("key", v.Key)
	t.number("scope", v.Scope)
	t.string("name", v.Name)
	t.value("value", v.Value)
}

func (j Job) fields(t *text) {
	t.number("key", j.Key)
	t.string("element", j.Element)
	t.number("elementInstance", j.ElementInstance)
	t.string("type", j.Type)
	t.number("retries", int64(j.Retries))
	t.timeIf("notBefore", j.NotBefore)
	t.stringIf("jobKind", j.JobKind)
	t.stringIf("listenerEvent", j.ListenerEvent)
	t.numberIf("listener", int64(j.Listener))
}

func (c compensable) fields(t *text) {
	t.number("key", c.Key)
	t.string("element", c.Element)
	t.number("elementInstance", c.ElementInstance)
	t.number("scope", c.Scope)
	t.stringIf("handler", c.Handler)
	t.numberIf("claimedBy", c.ClaimedBy)
	t.numberIf("loopCounter", int64(c.LoopCounter))
}

func (s Subscription) fields(t *text) { SubscriptionOpened(s).fields(t) }

func (t Timer) fields(w *text) { TimerArmed(t).fields(w) }

func (i Incident) fields(t *text) { IncidentRaised(i).fields(t) }

// writeRows writes a table as a list of objects; an empty one is left out.
func writeRows[R interface{ fields(t *text) }](t *text, name string, rows []R) {
	if len(rows) == 0 {
		return
	}
	t.key(name)
	sign := byte('[')
	for _, r := range rows {
		t.out = append(t.out, sign, '{')
		r.fields(t)
		t.close()
		sign = ','
	}
	t.out = append(t.out, ']')
}
