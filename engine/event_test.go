package engine

import (
	"strings"
	"testing"

	"tallystick/bpmn"
	"tallystick/internal/canon"
)

func (r *run) subscription(element string) int64 {
	return youngest(r, "subscription", element, r.st.Subscriptions(), func(s Subscription) (int64, string) { return s.Key, s.Element })
}

// A condition that cannot be evaluated any more is an incident that does not park: the activity goes on, and
// resolving looks at the condition again.
func TestConditionFails(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		user a
		boundary b on=a condition="=x" keep
		end e
		s -> a -> e
		b -> e`)
	r.start("x=false")
	r.do(SetVariables{Scope: r.st.Key(), Variables: Variables{"x": "7"}})
	r.do(SetVariables{Scope: r.st.Key(), Variables: Variables{"x": "8"}})
	r.want(`
		started p v1
		set x = false
		activated s
		completed s
		activated a
		waits b for a condition
		task created a
		set x = 7
		incident CONDITION_ERROR at b: the condition is 7, no boolean
		set x = 8`)
	incident := r.incident("b")
	r.do(ResolveIncident{Incident: incident})
	r.do(SetVariables{Scope: r.st.Key(), Variables: Variables{"x": "true"}})
	r.do(ResolveIncident{Incident: r.incident("b")})
	r.want(`
		incident resolved at b
		incident CONDITION_ERROR at b: the condition is 8, no boolean
		set x = true
		caught b
		waits b for a condition
		activated b
		completed b
		activated e
		completed e
		incident resolved at b`)
	r.do(SetVariables{Scope: r.st.Key(), Variables: Variables{"x": "9"}})
	r.do(CompleteTask{Task: r.task("a")})
	r.want(`
		set x = 9
		incident CONDITION_ERROR at b: the condition is 9, no boolean
		task completed a by user:ann
		incident resolved at b
		wait over b
		completed a
		activated e
		completed e
		instance completed`)
}

// A parallel multiple event that cannot be armed anew says so; resolving arms it.
func TestRearmFails(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		user a
		boundary b on=a message=m:=k signal=g every keep
		end e
		s -> a -> e
		b -> e`)
	r.start(`k="one"`)
	r.do(CatchSignal{Subscription: r.subscription("b")})
	r.do(SetVariables{Scope: r.st.Key(), Variables: Variables{"k": "null"}})
	r.do(CorrelateMessage{Subscription: r.subscription("b"), Message: MessageRef{Key: 1, Name: "m"}})
	r.want(`
		started p v1
		set k = "one"
		activated s
		completed s
		activated a
		waits b for message m key one
		waits b for signal g
		task created a
		caught b
		set k = null
		caught b
		incident CONDITION_ERROR at b: the correlation key is null, no text or number
		activated b
		completed b
		activated e
		completed e`)
	r.do(SetVariables{Scope: r.st.Key(), Variables: Variables{"k": "2"}})
	r.do(ResolveIncident{Incident: r.incident("b")})
	r.want(`
		set k = 2
		incident resolved at b
		waits b for message m key 2
		waits b for signal g`)
}

// Two handlers whose conditions make each other true come to rest at the limit, and go on when it is resolved.
func TestConditionsWithoutEnd(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		user a
		esub even (
			start c condition="=modulo(n, 2) = 0" keep
			script one expr="=n + 1" result=n
			c -> one
		)
		esub odd (
			start d condition="=modulo(n, 2) = 1" keep
			script two expr="=n + 1" result=n
			d -> two
		)
		s -> a`)
	r.start("n=null")
	r.do(SetVariables{Scope: r.st.Key(), Variables: Variables{"n": "0"}})
	if got := r.st.Incidents(); len(got) != 1 || got[0].Retry != retryTokens {
		t.Fatalf("incidents %v", got)
	}
	before := r.st.Variables(r.st.Key())["n"]
	r.do(ResolveIncident{Incident: r.st.Incidents()[0].Key})
	if after := r.st.Variables(r.st.Key())["n"]; after == before {
		t.Errorf("n stays %s", after)
	}
	r.do(CancelInstance{})
	if r.st.Status() != Terminated || len(r.st.Subscriptions()) != 0 {
		t.Errorf("%s, %v", r.st.Status(), r.st.Subscriptions())
	}
}

// An error that a called process does not catch ends it and goes to the caller; an escalation only goes.
func TestThrowToCaller(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		throw x escalation=NEWS
		and g
		user u
		service a type=a
		s -> x -> g
		g -> a
		g -> u`)
	r.do(StartInstance{Instance: InstanceKey(5), Caller: &Caller{Instance: InstanceKey(4), ElementInstance: InstanceKey(4) + 3, Depth: 1}})
	r.do(ThrowJobError{Job: r.job("a"), Code: "BROKEN", Message: "no more", Variables: Variables{"why": `"late"`}})
	r.want(`
		started p v1
		activated s
		completed s
		activated x
		escalation NEWS from x, not caught
		escalation NEWS to the caller
		completed x
		activated g
		completed g
		activated a
		job created a type a retries 3
		activated u
		task created u
		job threw a error BROKEN: no more
		error BROKEN from a: no more, not caught
		task canceled u
		terminated u
		terminated a
		error BROKEN to the caller: no more
		instance terminated: error BROKEN`)
	last := r.recs[len(r.recs)-2].(CallErrorThrown)
	if last.Caller != InstanceKey(4)+3 || last.Variables != `{"why":"late"}` {
		t.Errorf("%+v", last)
	}
}

// The standard's correlation: the sender reads its properties from the content, the receiver its data; the texts
// of the keys are equal whatever the order of the properties.
func TestCorrelationProperties(t *testing.T) {
	t.Parallel()
	p, err := parseModel("start s\nand g\nthrow x message=m\ncatch c message=m\nend e\nin x v \"=7\"\ns -> g\ng -> x\ng -> c\nc -> e")
	if err != nil {
		t.Fatal(err)
	}
	value := func(property, path string) bpmn.MessageValue {
		return bpmn.MessageValue{Property: property, Path: bpmn.Expression{Text: path}}
	}
	for _, n := range p.Body.Nodes {
		if n.Event != nil {
			n.Event.Message.Properties = []bpmn.MessageValue{value("b", "=v"), value("a", `="x"`)}
		}
	}
	p.Correlation = []*bpmn.CorrelationSubscription{
		{Key: "other", Bindings: []bpmn.MessageValue{value("c", "=1")}},
		{Key: "k", Bindings: []bpmn.MessageValue{value("a", "=first"), value("b", "=second")}},
	}
	def, found := Compile(p, Identity{Key: 77, Version: 1})
	if found.HasErrors() {
		t.Fatal(found)
	}
	r := &run{t: t, def: def, meta: Meta{At: testStart}}
	r.start(`first="x"`, "second=7")
	var thrown MessageThrown
	for _, rec := range r.recs {
		if m, ok := rec.(MessageThrown); ok {
			thrown = m
		}
	}
	s := r.st.Subscriptions()[0]
	if want := `["x",7]`; thrown.CorrelationKey != want || s.CorrelationKey != want || thrown.Variables != `{"v":7}` {
		t.Errorf("thrown %+v, subscribed %+v", thrown, s)
	}
}

// What is known of the starts before there is an instance.
func TestStarts(t *testing.T) {
	t.Parallel()
	def := compileModel(t, `
		start n
		start m message=order
		start t cycle=R/PT1H
		start x signal=g1 condition="=level > 3"
		end e
		n -> e
		m -> e
		t -> e
		x -> e`)
	var got []string
	for _, s := range def.Starts() {
		got = append(got, strings.TrimSpace(strings.Join([]string{s.Element, string('0' + rune(s.Part)), s.Type, s.Name + s.Timer + s.Condition}, " ")))
	}
	want := "n 0 NONE; m 0 MESSAGE order; t 0 TIMER R/PT1H; x 0 SIGNAL g1; x 1 CONDITIONAL level > 3"
	if all := strings.Join(got, "; "); all != want {
		t.Errorf("got %s", all)
	}
	condition := def.Starts()[4]
	for level, want := range map[canon.JSON]bool{"4": true, "3": false, "null": false} {
		if holds, err := condition.Holds(Variables{"level": level}, testStart); err != nil || holds != want {
			t.Errorf("level %s: %v %v", level, holds, err)
		}
	}
}

// What a start needs to know beforehand cannot come from variables.
func TestStartsRefuse(t *testing.T) {
	t.Parallel()
	for _, model := range []string{
		"start m \"message==name\"\nend e\nm -> e", "start t duration==wait\nend e\nt -> e", "start m signal==1\nend e\nm -> e",
	} {
		p, err := parseModel(model)
		if err != nil {
			t.Fatal(err)
		}
		if _, found := Compile(p, Identity{}); !found.HasErrors() {
			t.Errorf("%s\ncompiled", model)
		}
	}
}

// Commands for what is not open are refused, as are starts that are none.
func TestEventRefusals(t *testing.T) {
	t.Parallel()
	r := newRun(t, "start s\ncatch c message=m\nstart any message=a signal=b\nend e\ns -> c -> e\nany -> e")
	r.do(StartInstance{Instance: InstanceKey(5), Start: "c"})
	r.do(StartInstance{Instance: InstanceKey(5), Start: "any", Part: 2})
	r.start()
	r.do(CatchSignal{Subscription: r.subscription("c")})
	r.do(CorrelateMessage{Subscription: 1})
	r.do(CorrelateMessage{Subscription: r.subscription("c"), Variables: Variables{"": "1"}})
	r.want(`
		refused process.start_unknown
		refused process.start_unknown
		started p v1
		activated s
		completed s
		activated c
		waits c for message m
		refused subscription.not_found
		refused subscription.not_found
		refused variable.invalid`)
}
