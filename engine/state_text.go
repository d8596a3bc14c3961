package engine

// The fields of the rows of a state, as their tags say.

func (e ElementInstance) fields(t *text) {
	t.number("key", e.Key)
	t.string("element", e.Element)
	t.string("elementType", e.ElementType)
	t.number("scope", e.Scope)
	t.numberIf("compensates", e.Compensates)
}

func (k token) fields(t *text) {
	t.number("scope", k.Scope)
	t.string("flow", k.Flow)
	t.number("count", int64(k.Count))
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
}

func (u UserTask) fields(t *text) {
	t.number("key", u.Key)
	t.string("element", u.Element)
	t.number("elementInstance", u.ElementInstance)
	t.task(u.Task)
}

func (c compensable) fields(t *text) {
	t.number("key", c.Key)
	t.string("element", c.Element)
	t.number("elementInstance", c.ElementInstance)
	t.number("scope", c.Scope)
	t.stringIf("handler", c.Handler)
	t.numberIf("claimedBy", c.ClaimedBy)
}

func (u Timer) fields(t *text) { TimerArmed(u).fields(t) }

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
