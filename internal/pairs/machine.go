package pairs

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tallystick/bpmn"
	"tallystick/engine"
	"tallystick/internal/canon"
	"tallystick/internal/oracle"
)

var begin = time.Date(2030, 1, 7, 8, 0, 0, 0, time.UTC)

// machine is the engine, driven by what the reference interpreter offers.
type machine struct {
	def    *engine.Definition
	st     engine.State
	at     time.Time
	thrown []oracle.Thrown // by the last command
}

func (m *machine) do(cmd engine.Command) error {
	st, recs, err := engine.Step(m.def, m.st, engine.Meta{At: m.at, Actor: "user:pairs"}, cmd)
	if err != nil {
		return err
	}
	m.st = st
	m.thrown = nil
	for _, r := range recs {
		switch r := r.(type) {
		case engine.SignalThrown:
			m.thrown = append(m.thrown, oracle.Thrown{Kind: bpmn.EventSignal, Name: r.Name})
		case engine.MessageThrown:
			m.thrown = append(m.thrown, oracle.Thrown{Kind: bpmn.EventMessage, Name: r.Name})
		}
	}
	return nil
}

func variables(vars map[string]oracle.Value) engine.Variables {
	out := engine.Variables{}
	for name, v := range vars {
		out[name] = canon.JSON(oracle.Text(v))
	}
	return out
}

// perform sends the command that an action means.
func (m *machine) perform(a action) error {
	m.at = a.at
	vars := variables(a.vars)
	switch a.kind {
	case setVariables:
		return m.do(engine.SetVariables{Scope: m.st.Key(), Variables: vars})
	case cancel:
		return m.do(engine.CancelInstance{})
	}
	key, err := m.key(a.choice)
	if err != nil {
		return err
	}
	if a.kind == throwError {
		return m.do(engine.ThrowJobError{Job: key, Code: a.code, Variables: vars})
	}
	switch a.choice.Kind {
	case "job":
		return m.do(engine.CompleteJob{Job: key, Variables: vars})
	case "task":
		return m.do(engine.CompleteTask{Task: key, Variables: vars})
	case "timer":
		return m.do(engine.FireTimer{Timer: key})
	case "message":
		return m.do(engine.CorrelateMessage{
			Subscription: key, Message: engine.MessageRef{Key: 1, Name: a.choice.Name, CorrelationKey: "1"}, Variables: vars,
		})
	case "signal":
		return m.do(engine.CatchSignal{Subscription: key, Variables: vars})
	case "incident":
		return m.do(engine.ResolveIncident{Incident: key})
	}
	panic("pairs: no command for " + a.choice.Kind)
}

// key finds what the choice of the reference interpreter is in the engine.
func (m *machine) key(c oracle.Choice) (int64, error) {
	var keys []int64
	switch c.Kind {
	case "job":
		for _, j := range m.st.Jobs() {
			keys = keep(keys, j.Key, j.Element == c.Element)
		}
	case "task":
		for _, t := range m.st.Tasks() {
			keys = keep(keys, t.Key, t.Element == c.Element)
		}
	case "timer":
		for _, t := range m.st.Timers() {
			keys = keep(keys, t.Key, t.Element == c.Element) // at most one definition of an event is a timer
		}
	case "incident":
		for _, i := range m.incidents() {
			keys = keep(keys, i.Key, i.Element == c.Element)
		}
	default:
		for _, s := range m.st.Subscriptions() {
			keys = keep(keys, s.Key, s.Element == c.Element && s.Part == c.Part)
		}
	}
	if c.Index >= len(keys) {
		return 0, fmt.Errorf("the engine has no %s %d at %s", c.Kind, c.Index, c.Element)
	}
	return keys[c.Index], nil
}

// incidents are ordered by the age of the element instances, not by when they parked.
func (m *machine) incidents() []engine.Incident {
	list := m.st.Incidents()
	slices.SortFunc(list, func(a, b engine.Incident) int { return int(a.ElementInstance - b.ElementInstance) })
	return list
}

func keep(keys []int64, key int64, fits bool) []int64 {
	if fits {
		keys = append(keys, key)
	}
	return keys
}

// picture writes down what can be seen of the state, as oracle.Picture does.
func (m *machine) picture() []string {
	lines := []string{"status " + string(m.st.Status())}
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	for name, value := range m.st.Variables(m.st.Key()) {
		add("var %s = %s", name, value)
	}
	if m.st.Status() != engine.Active {
		slices.Sort(lines)
		return lines
	}
	for _, e := range m.st.Elements() {
		add("element %s", e.Element)
		for name, value := range m.st.Variables(e.Key) {
			add("var %s = %s in %s", name, value, e.Element)
		}
	}
	for _, j := range m.st.Jobs() {
		add("job %s", j.Element)
	}
	for _, t := range m.st.Tasks() {
		add("task %s", t.Element)
	}
	for _, t := range m.st.Timers() {
		add("timer %s due %s", t.Element, t.Due.Format("2006-01-02T15:04"))
	}
	for _, i := range m.st.Incidents() {
		add("incident %s at %s", i.ErrorType, i.Element)
	}
	for _, s := range m.st.Subscriptions() {
		add("%s %s", subscribes[s.Type], s.Element)
	}
	for _, t := range m.tokens() {
		add("token %s × %d", t.Flow, t.Count)
	}
	slices.Sort(lines)
	return lines
}

var subscribes = map[string]string{
	engine.SubscribesMessage: "message", engine.SubscribesSignal: "signal", engine.SubscribesConditional: "condition",
}

// token counts the tokens on a flow of a scope.
type token struct {
	Flow  string `json:"flow"`
	Count int    `json:"count"`
}

// tokens reads the tokens of all scopes. Only the stored form of a state shows them.
func (m *machine) tokens() []token {
	text, err := m.st.Encode()
	if err != nil {
		panic(err)
	}
	var form struct {
		Tokens []token `json:"tokens"`
	}
	if err := json.Unmarshal(text, &form); err != nil {
		panic(err)
	}
	return form.Tokens
}
