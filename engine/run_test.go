package engine

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tallystick/bpmn"
	"tallystick/fault"
	"tallystick/internal/canon"
)

// testStart is when the tests happen: a leap year, the end of a month.
var testStart = time.Date(2028, 1, 31, 8, 0, 0, 0, time.UTC)

// run is one instance under test: every command is checked against the laws, and what it did is
// collected as text until want compares it.
type run struct {
	t    testing.TB
	def  *Definition
	st   State
	meta Meta
	recs []Record
	got  strings.Builder

	replay State // what the records alone give

	beside func(Command) // is told of every command
}

// library is a test's view of what else is deployed.
type library struct {
	decisions map[string]Decision
	forms     map[string]int64
	processes map[string]ProcessRef
}

func (l library) Decision(id string, _ bpmn.Binding, _ string, _ int64) (Decision, bool) {
	d, ok := l.decisions[id]
	return d, ok
}

func (l library) Form(id string, _ int64) (int64, bool) {
	key, ok := l.forms[id]
	return key, ok
}

func (l library) Process(want CalledProcess) (ProcessRef, bool) {
	ref, ok := l.processes[want.ID]
	return ref, ok
}

func newRun(t testing.TB, text string) *run {
	t.Helper()
	return &run{t: t, def: compileModel(t, text), meta: Meta{At: testStart, Actor: "user:ann"}}
}

// start starts the instance with variables written as name=json.
func (r *run) start(vars ...string) {
	r.t.Helper()
	r.do(StartInstance{Instance: InstanceKey(5), Variables: variables(vars)})
}

func variables(vars []string) Variables {
	out := Variables{}
	for _, v := range vars {
		name, value, _ := strings.Cut(v, "=")
		out[name] = canon.JSON(value)
	}
	return out
}

// do steps and checks the laws: a refusal leaves no trace, replay gives the state, encoding loses nothing.
func (r *run) do(cmd Command) {
	r.t.Helper()
	if r.beside != nil {
		defer r.beside(cmd)
	}
	r.step(cmd, func() (State, []Record, error) { return Step(r.def, r.st, r.meta, cmd) })
}

func (r *run) step(cmd Command, carryOut func() (State, []Record, error)) {
	r.t.Helper()
	before := encode(r.t, r.st)
	st, recs, err := carryOut()
	if !bytes.Equal(before, encode(r.t, r.st)) {
		r.t.Fatalf("%s changed the state it was given", cmd.Name())
	}
	if err != nil {
		if len(recs) > 0 || !bytes.Equal(before, encode(r.t, st)) {
			r.t.Fatalf("the refusal of %s left a trace", cmd.Name())
		}
		fmt.Fprintf(&r.got, "refused %s\n", fault.CodeOf(err))
		return
	}
	r.st, r.recs = st, append(r.recs, recs...)
	for _, rec := range recs {
		fmt.Fprintln(&r.got, line(rec))
	}
	for _, rec := range recs {
		rec.apply(&r.replay)
	}
	checkState(r.t, st, r.replay)
	checkRecords(r.t, recs)
}

// line prints a record without what other packages say about an expression.
func line(r Record) string {
	text := r.String()
	if _, ok := r.(IncidentRaised); ok {
		text, _, _ = strings.Cut(text, " (")
		text, _, _ = strings.Cut(text, " failed:")
	}
	return text
}

// checkLaws checks the whole history of an instance.
func checkLaws(t testing.TB, st State, recs []Record) {
	t.Helper()
	checkState(t, st, Replay(recs))
	checkRecords(t, recs)
}

func checkState(t testing.TB, st, replay State) {
	t.Helper()
	text := encode(t, st)
	if again := encode(t, replay); !bytes.Equal(text, again) {
		t.Fatalf("replay differs from the state:\n%s", cmp.Diff(string(text), string(again)))
	}
	again, err := DecodeState(text)
	if err != nil || !bytes.Equal(text, encode(t, again)) {
		t.Fatalf("the state does not survive encoding: %v", err)
	}
}

func checkRecords(t testing.TB, recs []Record) {
	t.Helper()
	out, err := EncodeRecords(recs)
	if err != nil {
		t.Fatal(err)
	}
	read, err := DecodeRecords(out)
	if err != nil || !reflect.DeepEqual(normal(read), normal(recs)) {
		t.Fatalf("the records do not survive encoding: %v\n%s", err, cmp.Diff(fmt.Sprint(recs), fmt.Sprint(read)))
	}
}

// normal prints records with all their fields, so that empty and absent lists are equal.
func normal(recs []Record) []string {
	out := make([]string, len(recs))
	for i, r := range recs {
		text, _ := EncodeRecords([]Record{r})
		out[i] = string(text)
	}
	return out
}

func encode(t testing.TB, st State) []byte {
	t.Helper()
	text, err := st.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// want compares what happened since the last want, line by line. The lines of flows are left out where
// the activations tell the same.
func (r *run) want(text string) {
	r.t.Helper()
	var want, got []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			want = append(want, line)
		}
	}
	for line := range strings.Lines(r.got.String()) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "took ") {
			got = append(got, line)
		}
	}
	r.got.Reset()
	if diff := cmp.Diff(want, got); diff != "" {
		r.t.Errorf("(-want +got)\n%s\ngot:\n%s", diff, strings.Join(got, "\n"))
	}
}

// The following find the youngest waiting thing of an element.

func (r *run) job(element string) int64 {
	return youngest(r, "job", element, r.st.Jobs(), func(j Job) (int64, string) { return j.Key, j.Element })
}

func (r *run) task(element string) int64 {
	return youngest(r, "task", element, r.st.Tasks(), func(u UserTask) (int64, string) { return u.Key, u.Element })
}

func (r *run) timer(element string) int64 {
	return youngest(r, "timer", element, r.st.Timers(), func(u Timer) (int64, string) { return u.Key, u.Element })
}

func (r *run) incident(element string) int64 {
	return youngest(r, "incident", element, r.st.Incidents(), func(i Incident) (int64, string) { return i.Key, i.Element })
}

func (r *run) element(element string) int64 {
	return youngest(r, "element", element, r.st.Elements(), func(e ElementInstance) (int64, string) { return e.Key, e.Element })
}

func youngest[T any](r *run, what, element string, list []T, of func(T) (int64, string)) int64 {
	r.t.Helper()
	for _, item := range slices.Backward(list) {
		if key, id := of(item); id == element {
			return key
		}
	}
	r.t.Fatalf("no %s of %s is open", what, element)
	return 0
}

// finish completes the youngest job or user task of an element.
func (r *run) finish(element string, vars ...string) {
	r.t.Helper()
	for _, j := range slices.Backward(r.st.Jobs()) {
		if j.Element == element {
			r.do(CompleteJob{Job: j.Key, Variables: variables(vars)})
			return
		}
	}
	r.do(CompleteTask{Task: r.task(element), Variables: variables(vars)})
}

// fail lets the job of an element throw a BPMN error.
func (r *run) fail(element, code string, vars ...string) {
	r.t.Helper()
	r.do(ThrowJobError{Job: r.job(element), Code: code, Variables: variables(vars)})
}

// fire moves the clock to the due time of the youngest timer of an element and fires it.
func (r *run) fire(element string) {
	r.t.Helper()
	key := r.timer(element)
	for _, t := range r.st.Timers() {
		if t.Key == key && t.Due.After(r.meta.At) {
			r.meta.At = t.Due
		}
	}
	r.do(FireTimer{Timer: key})
}

func (r *run) resolve(element string) {
	r.t.Helper()
	r.do(ResolveIncident{Incident: r.incident(element)})
}

// vars compares the variables of a scope, written as name=json and sorted.
func (r *run) vars(scope int64, want ...string) {
	r.t.Helper()
	var got []string
	vars := r.st.Variables(scope)
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		got = append(got, name+"="+string(vars[name]))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		r.t.Errorf("variables (-want +got)\n%s", diff)
	}
}

// ends returns the activations of end events so far.
func (r *run) ends() string {
	var lines []string
	for _, rec := range r.recs {
		if a, ok := rec.(ElementActivated); ok && a.ElementType == "END_EVENT" {
			lines = append(lines, a.String())
		}
	}
	return strings.Join(lines, "\n")
}
