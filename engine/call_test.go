package engine

import (
	"errors"
	"testing"

	"tallystick/internal/canon"
)

// calls is a library with the processes that the tests call.
var calls = library{processes: map[string]ProcessRef{"child": {Key: 99, ProcessID: "child", Version: 3}}}

func newCallRun(t *testing.T, attributes string) (*run, ElementInstance) {
	t.Helper()
	r := newRun(t, `
		start s
		call c process=child `+attributes+`
		end e
		boundary b on=c error=BAD
		boundary u on=c escalation=UP keep
		end f
		end g
		s -> c -> e
		b -> f
		u -> g`)
	r.meta.Library = calls
	r.start("a=1")
	r.take()
	return r, r.st.Elements()[0]
}

func (r *run) take() { r.got.Reset() }

func called(r *run) ProcessCalled {
	for _, rec := range r.recs {
		if c, ok := rec.(ProcessCalled); ok {
			return c
		}
	}
	return ProcessCalled{}
}

func TestCallPasses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ attributes, passed, after string }{
		{``, `{}`, `{"a":1}`},
		{`all`, `{"a":1}`, `{"a":2,"b":3}`},
		{`callin="=a + 1" callout="=a + b"`, `{"passed":2}`, `{"a":1,"back":5}`},
	} {
		r, e := newCallRun(t, c.attributes)
		if got := called(r); string(got.Variables) != c.passed || got.Definition != 99 || got.Depth != 1 || got.Root != r.st.Key() {
			t.Errorf("%s: called %+v", c.attributes, got)
		}
		r.do(ReturnCall{ElementInstance: e.Key, Called: InstanceKey(9), Variables: variables([]string{"a=2", "b=3"})})
		if got := string(canon.Object(r.st.Variables(r.st.Key()))); r.st.Status() != Completed || got != c.after {
			t.Errorf("%s: %s, variables %s; want %s", c.attributes, r.st.Status(), got, c.after)
		}
	}
}

func TestCallError(t *testing.T) {
	t.Parallel()
	r, e := newCallRun(t, "")
	r.do(ThrowCallEscalation{ElementInstance: e.Key, Called: InstanceKey(9), Code: "UP"})
	r.do(ThrowCallError{ElementInstance: e.Key, Called: InstanceKey(9), Code: "BAD", Message: "no"})
	r.want(`
		escalation UP from c, caught by u
		activated u
		completed u
		activated g
		completed g
		answered c
		error BAD from c: no, caught by b
		terminated c
		activated b
		completed b
		activated f
		completed f
		instance completed`)
	r.refused(ErrInstanceEnded, ReturnCall{ElementInstance: e.Key, Called: InstanceKey(9)})
}

// What nothing catches, and what could not start, is an incident; to resolve it is to call again.
func TestCallIncident(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "OTHER"} {
		r, e := newCallRun(t, "")
		r.do(ThrowCallError{ElementInstance: e.Key, Called: InstanceKey(9), Code: code, Message: "broken"})
		r.refused(ErrCallNotFound, ReturnCall{ElementInstance: e.Key, Called: InstanceKey(9)})
		r.take()
		r.do(ResolveIncident{Incident: r.st.Incidents()[0].Key})
		r.want(`
			incident resolved at c
			called child v3 by c`)
	}
}

func TestCallCanceled(t *testing.T) {
	t.Parallel()
	r, _ := newCallRun(t, "")
	r.do(CancelInstance{})
	r.want(`
		terminated c
		call canceled c
		instance terminated: canceled`)
}

func TestCalledInstance(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		user a
		end e
		s -> a -> e`)
	r.do(StartInstance{Instance: InstanceKey(9), Caller: &Caller{Instance: InstanceKey(5), ElementInstance: InstanceKey(5) + 3, Root: InstanceKey(5), Depth: 1}})
	r.take()
	r.do(CompleteTask{Task: r.st.Tasks()[0].Key, Variables: variables([]string{"x=1"})})
	r.want(`
		task completed a by user:ann
		set x = 1
		completed a
		activated e
		completed e
		returned to the caller
		instance completed`)
}

func (r *run) refused(want error, cmd Command) {
	r.t.Helper()
	if _, _, err := Step(r.def, r.st, r.meta, cmd); !errors.Is(err, want) {
		r.t.Errorf("%s: %v, want %v", cmd.Name(), err, want)
	}
}

// A called instance whose variables do not fit is let go, though it waits for its compensation: nobody could ask for it.
func TestCallReturnsTooMuch(t *testing.T) {
	t.Parallel()
	r, e := newCallRun(t, "all")
	deep := variables([]string{"x=" + nested(canon.MaxDepth+1)})
	r.do(ReturnCall{ElementInstance: e.Key, Called: InstanceKey(9), Variables: deep, Compensable: true})
	r.want(`
		answered c
		call released c
		incident MESSAGE_SIZE_EXCEEDED at c: variable "x" is nested deeper than 64; the variables of the called instance do not fit`)
	r.do(ResolveIncident{Incident: r.incident("c")})
	r.want(`
		incident resolved at c
		called child v3 by c`)
}
