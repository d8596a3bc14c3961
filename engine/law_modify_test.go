package engine

// modify sends a modification that may be right, wrong or hostile, now and then to a suspended instance.
func (w *walk) modify() {
	suspended := w.IntN(4) == 0
	if suspended {
		w.do(SuspendInstance{})
	}
	for range 1 + w.IntN(2) {
		w.do(w.modification())
	}
	if suspended && w.st.Status() == Active {
		w.do(ResumeInstance{})
	}
}

func (w *walk) modification() ModifyInstance {
	var c ModifyInstance
	element := func() string { return w.def.order[w.IntN(len(w.def.order))].id }
	instance := func() int64 {
		if list := w.st.Elements(); len(list) > 0 && w.IntN(8) > 0 {
			return list[w.IntN(len(list))].Key
		}
		return w.st.Key() + w.Int64N(w.st.last+2)
	}
	for range 1 + w.IntN(3) {
		vars := []ScopedVariables{{Scope: []string{"", element()}[w.IntN(2)], Variables: Variables{"x": w.value()}}}[w.IntN(2):]
		ancestor := []int64{0, 0, w.st.Key(), instance()}[w.IntN(4)]
		switch w.IntN(4) {
		case 0:
			c.Activate = append(c.Activate, ActivateElement{Element: element(), Ancestor: ancestor, Variables: vars})
		case 1:
			c.Terminate = append(c.Terminate, TerminateElement{ElementInstance: instance()})
		case 2:
			choice := []AncestorChoice{"", AncestorInferred, AncestorSourceParent}[w.IntN(3)]
			c.Move = append(c.Move, MoveElement{FromInstance: instance(), To: element(), Choice: choice, Variables: vars})
		default:
			c.Move = append(c.Move, MoveElement{From: element(), To: element(), Ancestor: ancestor})
		}
	}
	return c
}

// renamed is the command for a definition in which every element has z behind its id.
func (c ModifyInstance) renamed() ModifyInstance {
	var r ModifyInstance
	id := func(s string) string {
		if s == "" {
			return s
		}
		return s + "z"
	}
	scopes := func(list []ScopedVariables) []ScopedVariables {
		renamed := make([]ScopedVariables, len(list))
		for i, s := range list {
			renamed[i] = ScopedVariables{id(s.Scope), s.Variables}
		}
		return renamed
	}
	for _, a := range c.Activate {
		r.Activate = append(r.Activate, ActivateElement{id(a.Element), a.Ancestor, scopes(a.Variables)})
	}
	for _, m := range c.Move {
		m.From, m.To, m.Variables = id(m.From), id(m.To), scopes(m.Variables)
		r.Move = append(r.Move, m)
	}
	for _, t := range c.Terminate {
		r.Terminate = append(r.Terminate, TerminateElement{id(t.Element), t.ElementInstance})
	}
	return r
}
