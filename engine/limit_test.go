package engine

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"tallystick/internal/canon"
)

// An endless loop stops at the limit of moves with one incident; resolving it grants as many again.
func TestMovesLimit(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		task a
		xor g
		end e
		s -> a -> g
		g -> e if =stop = true
		g -> a default`)
	r.start("stop=false")
	in := r.st.Incidents()
	if len(in) != 1 || in[0].Retry != "tokens" || in[0].ElementInstance != r.st.Key() {
		t.Fatalf("incidents %v", in)
	}
	if n := count[ElementActivated](r.recs); n != MovesMax+1 {
		t.Errorf("%d activations, want %d and the start event", n, MovesMax)
	}
	if r.st.elements.len() != 0 || r.st.tokens.len() != 1 {
		t.Errorf("the token rests on its flow: %v %v", r.st.elements.rows(), r.st.tokens.rows())
	}
	before := len(r.recs)
	r.do(ResolveIncident{Incident: in[0].Key})
	if n := count[ElementActivated](r.recs[before:]); n != MovesMax {
		t.Errorf("%d activations after the incident, want %d", n, MovesMax)
	}
	r.do(SetVariables{Scope: r.st.Key(), Variables: Variables{"stop": "true"}})
	r.do(ResolveIncident{Incident: r.st.Incidents()[0].Key})
	if r.st.Status() != Completed {
		t.Errorf("the instance is %s", r.st.Status())
	}
}

func count[R Record](recs []Record) int {
	n := 0
	for _, r := range recs {
		if _, ok := r.(R); ok {
			n++
		}
	}
	return n
}

// A model that multiplies its tokens stops before it fills the memory, and can be canceled.
func TestInstanceLimit(t *testing.T) {
	t.Parallel()
	var split strings.Builder
	for i := range 200 {
		fmt.Fprintf(&split, "task t%d\ng -> t%d -> wait\n", i, i)
	}
	r := newRun(t, `
		start s
		xor again
		and g
		user wait
		s -> again -> g
		g -> again
		`+split.String())
	// The laws are checked once at the end: the trace is long.
	st, recs, err := Step(r.def, State{}, r.meta, StartInstance{Instance: InstanceKey(5)})
	if err != nil {
		t.Fatal(err)
	}
	checkLaws(t, st, recs)
	in := st.Incidents()
	if len(in) != 1 || !strings.Contains(in[0].Message, fmt.Sprint(InstanceMax)) {
		t.Fatalf("incidents %v", in)
	}
	if n := st.elements.len(); n > InstanceMax+1 {
		t.Errorf("%d element instances", n)
	}
	st, _, err = Step(r.def, st, r.meta, CancelInstance{})
	if err != nil || st.Status() != Terminated || len(st.Tasks()) != 0 {
		t.Errorf("cancel: %v %s", err, st.Status())
	}
}

// When the keys of an instance are used up it takes nothing but its cancellation.
func TestKeyLimit(t *testing.T) {
	t.Parallel()
	r := newRun(t, "start s\nuser a\nuser b\ns -> a -> b")
	r.start()
	r.st.last = localMax
	st, _, err := Step(r.def, r.st, r.meta, CompleteTask{Task: r.task("a")})
	if err != nil || len(st.Incidents()) != 1 {
		t.Fatalf("near the end of the keys: %v, incidents %v", err, st.Incidents())
	}
	r.st.last = localEnd
	if _, _, err = Step(r.def, r.st, r.meta, CompleteTask{Task: r.task("a")}); !errors.Is(err, ErrInstanceFull) {
		t.Errorf("at the end of the keys: %v", err)
	}
	if st, _, err = Step(r.def, r.st, r.meta, CancelInstance{}); err != nil || st.Status() != Terminated {
		t.Errorf("cancel: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	def := compileModel(t, "start s\nuser a\ns -> a")
	meta := Meta{At: testStart}
	running, _, err := Step(def, State{}, meta, StartInstance{Instance: InstanceKey(3)})
	if err != nil {
		t.Fatal(err)
	}
	ended, _, err := Step(def, running, meta, CancelInstance{})
	if err != nil {
		t.Fatal(err)
	}
	other := compileModel(t, "start s\nuser a\ns -> a")
	other.identity.Key++
	for _, c := range []struct {
		name string
		def  *Definition
		st   State
		cmd  Command
		want error
	}{
		{"no key", def, State{}, StartInstance{}, ErrInstanceKey},
		{"a key with a local number", def, State{}, StartInstance{Instance: InstanceKey(3) + 1}, ErrInstanceKey},
		{"a negative key", def, State{}, StartInstance{Instance: -InstanceKey(3)}, ErrInstanceKey},
		{"started twice", def, running, StartInstance{Instance: InstanceKey(3)}, ErrInstanceExists},
		{"not started", def, State{}, CancelInstance{}, ErrInstanceNotFound},
		{"ended", def, ended, SetVariables{Scope: InstanceKey(3)}, ErrInstanceEnded},
		{"no timer", def, running, FireTimer{Timer: 5}, ErrTimerNotFound},
		{"no incident", def, running, ResolveIncident{Incident: 5}, ErrIncidentNotFound},
		{"unknown command", def, running, strange{}, ErrCommand},
		{"another definition", other, running, CancelInstance{}, ErrMismatch},
	} {
		st, recs, err := Step(c.def, c.st, meta, c.cmd)
		if !errors.Is(err, c.want) || len(recs) > 0 || string(encode(t, st)) != string(encode(t, c.st)) {
			t.Errorf("%s: %v, %d records; want %v", c.name, err, len(recs), c.want)
		}
	}
}

type strange struct{}

func (strange) Name() string { return "Strange" }

// What a model computes beyond a limit parks where it is, and goes on when the data has been mended.
func TestLimitsOfData(t *testing.T) {
	t.Parallel()
	text := `"` + strings.Repeat("x", 1<<20-2) + `"`
	long := "[" + text + "," + text + "," + text + "]"
	t.Run("variables", func(t *testing.T) {
		t.Parallel()
		r := newRun(t, "start s\nscript a expr=\"=v[1]\" result=w\nend e\ns -> a -> e")
		r.start("v=" + long)
		r.parked("a", "4194304")
		r.set(`v=["y"]`)
		r.do(ResolveIncident{Incident: r.incident("a")})
		if r.st.Status() != Completed {
			t.Errorf("the instance is %s", r.st.Status())
		}
	})
	t.Run("outputs of a job", func(t *testing.T) {
		t.Parallel()
		r := newRun(t, "start s\nservice a type=a\nend e\ns -> a -> e")
		r.start("v=" + long)
		_, recs, err := Step(r.def, r.st, r.meta, CompleteJob{Job: r.job("a"), Variables: variables([]string{"w=" + text})})
		if !errors.Is(err, ErrVariablesTooLarge) || len(recs) > 0 {
			t.Errorf("%v with %d records", err, len(recs))
		}
	})
	t.Run("items and outputs of a loop", func(t *testing.T) {
		t.Parallel()
		r := newRun(t, "start s\nservice a type=a each=\"=l\" as=i into=o value=\"=w\"\nend e\ns -> a -> e")
		r.start("l=[1,2,3,4]")
		decoded, err := DecodeState(encode(t, r.st))
		if err != nil || decoded.bytes != r.st.bytes {
			t.Errorf("%d bytes, %d when read again, %v", r.st.bytes, decoded.bytes, err)
		}
		for range 3 {
			r.do(CompleteJob{Job: r.job("a"), Variables: variables([]string{"w=" + text})})
		}
		j := CompleteJob{Job: r.job("a"), Variables: variables([]string{"w=" + text})}
		if _, _, err := Step(r.def, r.st, r.meta, j); !errors.Is(err, ErrVariablesTooLarge) {
			t.Errorf("three outputs and a variable of 1 MiB leave room for one more: %v", err)
		}
	})
	t.Run("items of a loop", func(t *testing.T) {
		t.Parallel()
		r := newRun(t, "start s\ntask a each=\"=v\" as=i\nend e\ns -> a -> e")
		r.start("w="+long, "v=["+text[:900_000]+"\"]")
		r.parked("a", "4194304")
		r.set(`v=["y"]`)
		r.do(ResolveIncident{Incident: r.incident("a")})
		if r.st.Status() != Completed || r.st.bytes != len("wv")+len(long)+len(`["y"]`) {
			t.Errorf("the instance is %s with %d bytes", r.st.Status(), r.st.bytes)
		}
	})
	t.Run("depth that grows", func(t *testing.T) {
		t.Parallel()
		r := newRun(t, "start s\nscript a expr=\"={prev: hist}\" result=hist\nxor g\ns -> g -> a -> g")
		r.start("hist=null")
		r.parked("a", "nested deeper than 64")
		if n := count[VariableSet](r.recs); n != 1+64 {
			t.Errorf("hist was set %d times", n)
		}
	})
	t.Run("depth by mappings", func(t *testing.T) {
		t.Parallel()
		r := newRun(t, "start s\ntask a\nin a x.y.z \"=v\"\nend e\ns -> a -> e")
		r.start("v=" + nested(63))
		r.parked("a", `variable "x" is nested deeper than 64`)
		r.set("v=" + nested(62))
		r.do(ResolveIncident{Incident: r.incident("a")})
		if r.st.Status() != Completed {
			t.Errorf("the instance is %s", r.st.Status())
		}
	})
	t.Run("depth of a result", func(t *testing.T) {
		t.Parallel()
		r := newRun(t, "start s\nservice a type=a\nend e\ns -> a -> e")
		r.start()
		done := CompleteJob{Job: r.job("a"), Variables: Variables{"body": canon.JSON(nested(65)), "ok": "true"}}
		_, recs, err := Step(r.def, r.st, r.meta, done)
		if !errors.Is(err, ErrVariableTooDeep) || !strings.Contains(err.Error(), `"body"`) || len(recs) > 0 {
			t.Errorf("%v with %d records", err, len(recs))
		}
	})
	t.Run("instances of a multi-instance activity", func(t *testing.T) {
		t.Parallel()
		r := newRun(t, "start s\ntask a times=\"=n\"\nend e\ns -> a -> e")
		r.start(fmt.Sprintf("n=%d", MultiInstanceMax+1))
		r.parked("a", "at most 10000 instances, not 10001")
		r.set("n=2")
		r.do(ResolveIncident{Incident: r.incident("a")})
		if r.st.Status() != Completed {
			t.Errorf("the instance is %s", r.st.Status())
		}
	})
	t.Run("calls", func(t *testing.T) {
		t.Parallel()
		r := newRun(t, "start s\ncall c process=child\nend e\ns -> c -> e")
		r.meta.Library = calls
		r.do(StartInstance{Instance: InstanceKey(9), Caller: &Caller{
			Instance: InstanceKey(5), ElementInstance: InstanceKey(5) + 3, Root: InstanceKey(5), Depth: CallDepthMax,
		}})
		r.parked("c", "more than 100 deep")
	})
}

func nested(levels int) string { return strings.Repeat("[", levels) + strings.Repeat("]", levels) }

// parked wants an incident at an element, and no other.
func (r *run) parked(element, message string) {
	r.t.Helper()
	in := r.st.Incidents()
	if len(in) != 1 || in[0].Element != element || !strings.Contains(in[0].Message, message) {
		r.t.Errorf("incidents %+v, want one at %s: %s", in, element, message)
	}
}
