package engine

import (
	"errors"
	"fmt"
	"strings"
	"testing"
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
