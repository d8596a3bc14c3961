package engine

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tallystick/bpmn"
	"tallystick/internal/canon"
)

// newAdHocRun starts a process with an ad-hoc sub-process of two tasks, b behind a flow to c.
func newAdHocRun(t *testing.T, change func(*bpmn.Node)) (*run, int64) {
	t.Helper()
	p, err := parseModel(`
		start s
		sub box (
			service a type=a
			service b type=b
			service c type=c
			b -> c
		)
		end e
		s -> box -> e`)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range p.Body.Nodes {
		if n.ID == "box" {
			n.Kind, n.AdHoc = bpmn.KindAdHocSubProcess, &bpmn.AdHoc{OutputCollection: "out", OutputElement: bpmn.Expression{Text: "=x"}}
			if change != nil {
				change(n)
			}
		}
	}
	def, found := Compile(p, Identity{Key: 77, Version: 1, Deployment: 7})
	if found.HasErrors() {
		t.Fatal(found)
	}
	r := &run{t: t, def: def, meta: Meta{At: testStart, Actor: "user:ann"}}
	r.start()
	r.take()
	return r, r.element("box")
}

func TestAdHocByCommand(t *testing.T) {
	t.Parallel()
	r, box := newAdHocRun(t, nil)
	r.refused(ErrAdHocElement, ActivateAdHoc{ElementInstance: box, Elements: []Activation{{Element: "s"}}})
	r.refused(ErrAdHocElement, ActivateAdHoc{ElementInstance: box})
	r.refused(ErrAdHocNotFound, ActivateAdHoc{ElementInstance: 5, Elements: []Activation{{Element: "a"}}})
	r.do(ActivateAdHoc{ElementInstance: box, Elements: []Activation{{Element: "a", Variables: variables([]string{"x=1"})}, {Element: "b"}}})
	r.finish("a")
	r.do(ActivateAdHoc{ElementInstance: box, Elements: []Activation{{Element: "a", Variables: variables([]string{"x=2"})}}, CancelRemaining: true})
	r.finish("a")
	r.do(CompleteAdHoc{ElementInstance: box})
	r.want(`
		loop box gets 2
		activated a
		set x = 1 in a
		job created a type a retries 3
		activated b
		job created b type b retries 3
		job completed a
		completed a
		output 1 of box = 1
		job canceled b
		terminated b
		loop box gets 1
		activated a
		set x = 2 in a
		job created a type a retries 3
		job completed a
		completed a
		output 2 of box = 2
		loop over box
		set out = [1,2]
		completed box
		activated e
		completed e
		instance completed`)
	r.refused(ErrInstanceEnded, CompleteAdHoc{ElementInstance: box})
}

// In sequence the second activation waits until nothing is active; completing cancels it with the rest.
func TestAdHocSequence(t *testing.T) {
	t.Parallel()
	r, box := newAdHocRun(t, func(n *bpmn.Node) { n.AdHoc.Sequential = true })
	r.do(ActivateAdHoc{ElementInstance: box, Elements: []Activation{{Element: "b"}, {Element: "a"}}})
	r.finish("b")
	if jobs := r.st.Jobs(); len(jobs) != 1 || jobs[0].Element != "c" {
		t.Errorf("jobs %+v", jobs)
	}
	r.do(CompleteAdHoc{ElementInstance: box})
	if r.st.Status() != Completed {
		t.Error(r.st.Status())
	}
}

func TestAdHocByWorker(t *testing.T) {
	t.Parallel()
	r, box := newAdHocRun(t, func(n *bpmn.Node) {
		n.Task = &bpmn.TaskDefinition{Type: bpmn.Expression{Text: "decide"}}
	})
	decide := func() int64 { return r.job("box") }
	if j, _ := r.st.Job(decide()); j.JobKind != JobAdHoc {
		t.Errorf("the job is of kind %q", j.JobKind)
	}
	r.refused(ErrAdHocElement, CompleteJob{Job: decide(), AdHoc: &AdHocResult{Elements: []Activation{{Element: "x"}}}})
	r.do(CompleteJob{Job: decide(), AdHoc: &AdHocResult{Elements: []Activation{{Element: "a"}, {Element: "b"}}}})
	r.refused(ErrAdHocResult, CompleteJob{Job: r.job("a"), AdHoc: &AdHocResult{}})
	r.finish("a")
	r.do(CompleteJob{Job: decide(), AdHoc: &AdHocResult{Completed: true}})
	if r.st.Status() != Active {
		t.Errorf("%s while b is waited for", r.st.Status())
	}
	r.refused(ErrAdHocNotFound, ActivateAdHoc{ElementInstance: box, Elements: []Activation{{Element: "a"}}})
	r.finish("b")
	r.finish("c")
	if r.st.Status() != Completed {
		t.Error(r.st.Status())
	}
}

// What waits to be activated counts towards the size of the instance, all of one command together.
func TestAdHocVariablesTooLarge(t *testing.T) {
	t.Parallel()
	r, box := newAdHocRun(t, nil)
	half := Variables{"x": canon.JSON(`"` + strings.Repeat("x", VariableBytesMax/2) + `"`)}
	for count, want := range map[int]error{1: nil, 2: ErrVariablesTooLarge} {
		list := slices.Repeat([]Activation{{Element: "a", Variables: half}}, count)
		if _, _, err := Step(r.def, r.st, r.meta, ActivateAdHoc{ElementInstance: box, Elements: list}); !errors.Is(err, want) {
			t.Errorf("%d activations: %v, want %v", count, err, want)
		}
	}
}
