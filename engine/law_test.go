package engine

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tallystick/bpmn"
	"tallystick/fault"
	"tallystick/internal/canon"
)

var (
	lawSeed   = flag.Uint64("seed", 1, "seed of the random models and walks")
	lawModels = flag.Int("models", 400, "number of random models")
)

// TestLaws walks random models at random. After each command: replay gives the state, the state
// survives encoding, a refusal leaves no trace, the state holds together, and what is left to do waits
// for somebody. In the end every instance comes to an end or rests at a join.
func TestLaws(t *testing.T) {
	t.Parallel()
	for i := range *lawModels {
		seed := *lawSeed + uint64(i)
		r := rand.New(rand.NewPCG(seed, 0))
		text := inventModel(r)
		w := &walk{run: newRun(t, text), Rand: r, text: text, seed: seed}
		w.start(fmt.Sprintf("x=%d", r.IntN(4)))
		w.check()
		for range 30 {
			w.random()
			w.check()
		}
		w.drive()
		if t.Failed() {
			t.Fatalf("seed %d (-seed=%d -models=1), model\n%s\ntrace\n%s", seed, seed, text, w.trace())
		}
	}
}

type walk struct {
	*run
	*rand.Rand
	text string
	seed uint64
}

func (w *walk) trace() string {
	var lines []string
	for _, r := range w.recs {
		lines = append(lines, r.String())
	}
	return strings.Join(lines, "\n")
}

// random sends a command that may be right, wrong or hostile.
func (w *walk) random() {
	if w.st.Status() != Active {
		return
	}
	key := w.st.Key() + w.Int64N(w.st.last+2)
	switch w.IntN(15) {
	case 0:
		w.do(FailJob{Job: key, Retries: w.IntN(2), Variables: Variables{"x": canon.Int(w.Int64N(5))}})
	case 1:
		w.do(SetVariables{Scope: key, Local: w.IntN(2) == 0, Variables: Variables{"x": w.value()}})
	case 2:
		w.do(SetVariables{Scope: w.st.Key(), Variables: Variables{"due": `"PT1H"`, "x": w.value()}})
	case 3:
		w.do(AssignTask{Task: key, Assignee: "ann"})
	case 4:
		w.do(CompleteTask{Task: key})
	case 5:
		w.do(FireTimer{Timer: key})
	case 6:
		w.do(ResolveIncident{Incident: key})
	case 7:
		if jobs := w.st.Jobs(); len(jobs) > 0 {
			w.do(ThrowJobError{Job: jobs[w.IntN(len(jobs))].Key, Code: fmt.Sprintf("E%d", w.IntN(4))})
		}
	case 8:
		w.meta.At = w.meta.At.Add(time.Duration(w.IntN(60)) * time.Minute)
	case 9:
		if w.IntN(40) == 0 {
			w.do(CancelInstance{})
		}
	case 10:
		w.modify()
	default:
		w.forward()
	}
}

func (w *walk) value() canon.JSON {
	return []canon.JSON{"0", "3", "9", `"text"`, "null", "true"}[w.IntN(6)]
}

// forward does one thing that brings the instance on, and reports whether there was any.
func (w *walk) forward() bool {
	var moves []Command
	for _, j := range w.st.Jobs() {
		moves = append(moves, CompleteJob{Job: j.Key, Variables: Variables{"x": canon.Int(w.Int64N(9))}})
	}
	for _, t := range w.st.Tasks() {
		moves = append(moves, CompleteTask{Task: t.Key, Variables: Variables{"y": canon.Int(w.Int64N(9))}})
	}
	for _, t := range w.st.Timers() {
		moves = append(moves, FireTimer{Timer: t.Key})
	}
	for _, i := range w.st.Incidents() {
		moves = append(moves, ResolveIncident{Incident: i.Key})
	}
	for _, s := range w.st.Subscriptions() {
		switch s.Type {
		case SubscribesMessage:
			moves = append(moves, CorrelateMessage{Subscription: s.Key, Variables: Variables{"x": canon.Int(w.Int64N(9))}})
		case SubscribesSignal:
			moves = append(moves, CatchSignal{Subscription: s.Key})
		default:
			moves = append(moves, SetVariables{Scope: s.ElementInstance, Variables: Variables{"x": canon.Int(w.Int64N(9))}})
		}
	}
	if len(moves) == 0 {
		return false
	}
	switch c := moves[w.IntN(len(moves))].(type) {
	case FireTimer:
		t, _ := w.st.timers.get(rowID{key: c.Timer})
		if t.Due.After(w.meta.At) {
			w.meta.At = t.Due
		}
		w.do(c)
	case ResolveIncident:
		i, _ := w.st.incidents.get(rowID{key: c.Incident})
		if i.Retry == retryJob {
			w.do(UpdateJob{Job: i.Job, Retries: new(1)})
		}
		w.do(SetVariables{Scope: i.ElementInstance, Local: w.IntN(2) == 0, Variables: Variables{"x": "9", "due": "null"}})
		w.do(c)
	default:
		w.do(c)
	}
	return true
}

// drive goes forward until nothing waits. Errors that nobody catches cannot be repaired from outside.
func (w *walk) drive() {
	for range 300 {
		if w.st.Status() != Active || w.hopeless() || !w.forward() {
			break
		}
		w.check()
		if w.t.Failed() {
			return
		}
	}
	w.got.Reset()
	checkLaws(w.t, w.st, w.recs)
	if w.st.Status() == Active && !w.hopeless() && !w.waiting() && w.st.tokens.len() == 0 {
		w.t.Errorf("the instance neither ends nor waits: %v", w.st.elements.rows())
	}
}

func (w *walk) waiting() bool {
	return w.st.jobs.len()+w.st.tasks.len()+w.st.timers.len()+w.st.incidents.len()+
		w.st.subscriptions.len() > 0
}

// hopeless reports whether only error end events that nobody catches are left.
func (w *walk) hopeless() bool {
	return w.st.jobs.len()+w.st.tasks.len()+w.st.timers.len()+w.st.subscriptions.len() == 0 &&
		w.st.incidents.len() > 0 && !slices.ContainsFunc(w.st.incidents.rows(), func(i Incident) bool {
		return i.ErrorType != errorUnhandled
	})
}

// check looks whether the state holds together.
func (w *walk) check() {
	w.t.Helper()
	if strings.Contains(w.got.String(), "refused "+fault.CodeOf(ErrMismatch)) {
		w.t.Error("a command met the wrong definition")
	}
	w.got.Reset()
	if w.st.Status() != Active {
		if n := w.st.elements.len() + w.st.jobs.len() + w.st.tasks.len() + w.st.timers.len() +
			w.st.incidents.len() + w.st.tokens.len() + w.st.ledger.len() + w.st.undoing.len() + w.st.subscriptions.len(); n > 0 {
			w.t.Errorf("%d things are left of an instance that has ended", n)
		}
		return
	}
	w.checkOwners()
	w.checkProgress()
}

// checkOwners finds rows whose element instance or scope is gone.
func (w *walk) checkOwners() {
	w.t.Helper()
	alive := map[int64]bool{w.st.key: true}
	for _, e := range w.st.elements.rows() {
		if !alive[e.Scope] {
			w.t.Errorf("%s stands in a scope that is gone", e.Element)
		}
		alive[e.Key] = true
	}
	kept := map[int64]bool{}
	for _, c := range w.st.ledger.rows() {
		kept[c.ElementInstance] = true
		if c.ClaimedBy != 0 && !alive[c.ClaimedBy] {
			w.t.Errorf("the entry of %s is claimed by nobody", c.Element)
		}
	}
	for _, c := range w.st.ledger.rows() {
		if !alive[c.Scope] && !kept[c.Scope] {
			w.t.Errorf("the entry of %s is in a scope that is gone", c.Element)
		}
	}
	for _, c := range w.st.undoing.rows() {
		kept[c.ElementInstance] = true
		if !alive[c.ClaimedBy] {
			w.t.Errorf("what undoes %s is gone", c.Element)
		}
	}
	owned := func(what, element string, key int64) {
		if !alive[key] {
			w.t.Errorf("a %s of %s has no element instance", what, element)
		}
	}
	for _, j := range w.st.jobs.rows() {
		owned("job", j.Element, j.ElementInstance)
	}
	for _, u := range w.st.tasks.rows() {
		owned("task", u.Element, u.ElementInstance)
	}
	for _, u := range w.st.timers.rows() {
		owned("timer", u.Element, u.ElementInstance)
	}
	for _, s := range w.st.subscriptions.rows() {
		owned("subscription", s.Element, s.ElementInstance)
	}
	for _, i := range w.st.incidents.rows() {
		owned("incident", i.Element, i.ElementInstance)
	}
	for _, v := range w.st.variables.rows() {
		if !alive[v.Scope] && !kept[v.Scope] {
			w.t.Errorf("the variable %s is in a scope that is gone", v.Name)
		}
	}
	for _, k := range w.st.tokens.rows() {
		owned("token", k.Flow, k.Scope)
	}
}

// checkProgress finds what nobody will ever move: a token that could be consumed, an element instance
// that waits for nothing.
func (w *walk) checkProgress() {
	w.t.Helper()
	waits := map[int64]bool{}
	for _, j := range w.st.jobs.rows() {
		waits[j.ElementInstance] = true
	}
	for _, u := range w.st.tasks.rows() {
		waits[u.ElementInstance] = true
	}
	for _, u := range w.st.timers.rows() {
		waits[u.ElementInstance] = waits[u.ElementInstance] || w.def.nodes[u.Element].kind == bpmn.KindIntermediateCatchEvent
	}
	for _, s := range w.st.subscriptions.rows() {
		waits[s.ElementInstance] = waits[s.ElementInstance] || w.def.nodes[s.Element].kind == bpmn.KindIntermediateCatchEvent
	}
	resting := false
	for _, i := range w.st.incidents.rows() {
		waits[i.ElementInstance] = true
		resting = resting || i.Retry == retryTokens
	}
	for _, k := range w.st.tokens.rows() {
		waits[k.Scope] = true
		_, target, _ := strings.Cut(k.Flow, ">")
		if n := w.def.nodes[target]; !resting && (n.kind != bpmn.KindParallelGateway || w.st.haveTokens(k.Scope, n.incoming)) {
			w.t.Errorf("a token rests on %s", k.Flow)
		}
	}
	for _, e := range slices.Backward(w.st.elements.rows()) {
		waits[e.Scope] = true
		if e.Compensates != 0 {
			waits[e.Compensates] = true
		}
		if !waits[e.Key] && !compensates(w.def.nodes[e.Element]) {
			w.t.Errorf("%s waits for nothing", e.Element)
		}
	}
	for _, e := range w.st.elements.rows() {
		if compensates(w.def.nodes[e.Element]) && !waits[e.Key] {
			w.t.Errorf("%s waits for no handler", e.Element)
		}
	}
}

func compensates(n *node) bool {
	return n.trigger(bpmn.EventCompensation) != nil || n.trigger(bpmn.EventCancel) != nil
}
