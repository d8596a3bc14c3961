package pairs

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"tallystick/bpmn"
	"tallystick/engine"
	"tallystick/internal/oracle"
)

// What an action does, beside answering what waits.
const (
	answer       = "answer"
	throwError   = "error"
	setVariables = "set"
	cancel       = "cancel"
)

// action is one thing from outside. It names what it means by element, so that it fits smaller models too.
type action struct {
	kind   string
	choice oracle.Choice
	code   string
	vars   map[string]oracle.Value
	at     time.Time
}

func (a action) String() string {
	line := a.at.Format("15:04 ") + a.kind
	if a.kind == answer || a.kind == throwError {
		line += fmt.Sprintf(" %s %s #%d", a.choice.Kind, a.choice.Element, a.choice.Index)
	}
	for _, name := range slices.Sorted(maps.Keys(a.vars)) {
		line += fmt.Sprintf(" %s=%s", name, oracle.Text(a.vars[name]))
	}
	return strings.TrimSpace(line + " " + a.code)
}

// pair is the engine and the reference interpreter in the same process.
type pair struct {
	machine   *machine
	reference *oracle.Instance
	trace     []string
}

// deploy reads and compiles a model; an error says why it is refused.
func deploy(m *model) (*bpmn.Process, *engine.Definition, error) {
	d, found, err := bpmn.Parse(m.xml())
	if err != nil {
		return nil, nil, err
	}
	if found.HasErrors() {
		return nil, nil, fmt.Errorf("%v", found)
	}
	p := d.Processes[0]
	def, problems := engine.Compile(p, engine.Identity{Key: 77, Version: 1, Deployment: 7})
	if problems.HasErrors() {
		return nil, nil, fmt.Errorf("%v", problems)
	}
	return p, def, nil
}

// open starts both and says in what they differ.
func open(p *bpmn.Process, def *engine.Definition, vars map[string]oracle.Value) (*pair, string) {
	w := &pair{machine: &machine{def: def, at: begin}}
	w.reference = oracle.Start(p, "", begin, vars)
	if w.lost() {
		return w, ""
	}
	err := w.machine.do(engine.StartInstance{Instance: engine.InstanceKey(1), Variables: variables(vars)})
	if err != nil {
		return w, "the engine does not start: " + err.Error()
	}
	return w, w.compare("start")
}

// lost reports whether there is nothing to compare any more: the instance moves without end, or what it does next is
// open.
func (w *pair) lost() bool { return w.reference.Wild || w.reference.Open }

// perform does an action in both and says in what they differ.
func (w *pair) perform(a action) string {
	switch a.kind {
	case answer:
		if a.choice.Kind == "incident" {
			w.reference.Resolve(a.choice, a.at)
			break
		}
		w.reference.Answer(a.choice, a.at, a.vars)
	case throwError:
		w.reference.Fail(a.choice, a.code, a.at, a.vars)
	case setVariables:
		w.reference.Set(a.at, a.vars)
	case cancel:
		w.reference.Cancel()
	}
	if w.lost() {
		return ""
	}
	if err := w.machine.perform(a); err != nil {
		return a.String() + ": " + err.Error()
	}
	return w.compare(a.String())
}

// compare looks at both pictures.
func (w *pair) compare(what string) string {
	want, got := w.reference.Picture(), w.machine.picture()
	for _, t := range w.reference.Thrown {
		want = append(want, fmt.Sprintf("thrown %d %s", t.Kind, t.Name))
	}
	for _, t := range w.machine.thrown {
		got = append(got, fmt.Sprintf("thrown %d %s", t.Kind, t.Name))
	}
	w.trace = append(w.trace, what+"\n\t"+strings.Join(got, "\n\t"))
	if slices.Equal(want, got) {
		return ""
	}
	return "after " + what + "\n" + difference(want, got)
}

// difference lists what only one of two sorted lists has.
func difference(want, got []string) string {
	count := map[string]int{}
	for _, line := range want {
		count[line]++
	}
	for _, line := range got {
		count[line]--
	}
	var lines []string
	for _, line := range slices.Sorted(maps.Keys(count)) {
		for range count[line] {
			lines = append(lines, "  only the reference: "+line)
		}
		for range -count[line] {
			lines = append(lines, "  only the engine:    "+line)
		}
	}
	if lines == nil {
		return fmt.Sprintf("  the order: the reference has\n%s\nthe engine\n%s", strings.Join(want, "\n"), strings.Join(got, "\n"))
	}
	return strings.Join(lines, "\n")
}

// walker chooses actions at random from what waits.
type walker struct {
	*rand.Rand
	at time.Time
}

// next draws an action for what waits now; false when nothing does.
func (w *walker) next(choices []oracle.Choice) (action, bool) {
	choices = slices.DeleteFunc(choices, func(c oracle.Choice) bool { return c.Kind == "condition" })
	if len(choices) == 0 {
		return action{}, false
	}
	a := action{kind: answer, choice: choices[w.IntN(len(choices))]}
	switch draw := w.IntN(40); {
	case draw == 0 && w.IntN(4) == 0:
		a = action{kind: cancel}
	case draw < 4 || a.choice.Kind == "incident" && w.IntN(2) == 0:
		a = action{kind: setVariables, vars: w.values("x", "y", "z")}
	case a.choice.Kind == "job" && draw < 14:
		a.kind, a.code, a.vars = throwError, fmt.Sprintf("E%d", w.IntN(3)), w.values("y")
	case a.choice.Kind == "incident" || a.choice.Kind == "timer":
	default:
		a.vars = w.values("x", "y")
	}
	if a.kind == answer && a.choice.Due.After(w.at) {
		w.at = a.choice.Due
	}
	a.at = w.at
	return a, true
}

// values draws some of the named variables.
func (w *walker) values(names ...string) map[string]oracle.Value {
	vars := map[string]oracle.Value{}
	for _, n := range names {
		if w.IntN(2) == 0 {
			vars[n] = w.Int64N(8)
		}
	}
	return vars
}
