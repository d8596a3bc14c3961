package host_test

import (
	"fmt"
	"testing"
	"time"

	"tallystick/engine"
	"tallystick/host"
)

// startedBy is a process with one start event and a user task.
func startedBy(id, definition string) host.Resource {
	return inFile(id, `<bpmn:startEvent id="start">`+definition+`</bpmn:startEvent>`+review+`<bpmn:endEvent id="end"/>`+
		flow("f1", "start", "review")+flow("f2", "review", "end"))
}

func byTimer(id, form, text string) host.Resource {
	return startedBy(id, fmt.Sprintf(`<bpmn:timerEventDefinition id="t"><bpmn:%s>%s</bpmn:%s></bpmn:timerEventDefinition>`, form, text, form))
}

func TestMessageStartsOneInstancePerKey(t *testing.T) {
	run(t, []host.Resource{startedBy("ship", `<bpmn:messageEventDefinition id="m" messageRef="paid"/>`)}, nil, func(t *testing.T, x *house) {
		x.publish(paid(7, time.Hour))
		first := x.one("ship")
		x.publish(paid(7, time.Hour))
		x.publish(paid(7, 0)) // is not kept, and nobody waits
		x.quiet()
		if n := len(x.instancesOf("ship")); n != 1 {
			t.Fatalf("%d instances", n)
		}
		x.do(ann, host.Call{Command: engine.CompleteTask{Task: x.task(first)}})
		x.insist(first, engine.Completed)
		if n := len(x.instancesOf("ship")); n != 2 {
			t.Errorf("%d instances after the first ended, the second message waits", n)
		}
		x.publish(paid(8, 0))
		x.quiet()
		if n := len(x.instancesOf("ship")); n != 3 {
			t.Errorf("%d instances after a message with another key", n)
		}
		for range 2 {
			p := paid(9, 0)
			p.CorrelationKey = ""
			x.publish(p)
		}
		x.quiet()
		if n := len(x.instancesOf("ship")); n != 5 {
			t.Errorf("%d instances after two messages without a key", n)
		}
	})
}

func TestSignalStartsTheLatestVersion(t *testing.T) {
	alarm := `<bpmn:signalEventDefinition id="s" signalRef="alarm"/>`
	run(t, []host.Resource{startedBy("a", alarm), startedBy("b", alarm)}, nil, func(t *testing.T, x *house) {
		x.deploy(startedBy("b", ""))
		if _, err := x.Broadcast(t.Context(), ann, host.Signal{Name: "alarm"}); err != nil {
			t.Fatal(err)
		}
		x.one("a")
		if n := len(x.instancesOf("b")); n != 0 {
			t.Errorf("%d instances of the version that was replaced", n)
		}
	})
}

func TestTimerStarts(t *testing.T) {
	run(t, []host.Resource{byTimer("hourly", "timeCycle", "R3/PT1H"), byTimer("once", "timeDuration", "PT80M")}, nil, func(t *testing.T, x *house) {
		for _, c := range []struct {
			after        time.Duration
			hourly, once int
		}{{30 * time.Minute, 0, 0}, {time.Hour, 1, 1}, {time.Hour, 2, 1}, {10 * time.Hour, 3, 1}} {
			<-time.After(c.after)
			x.quiet()
			if h, o := len(x.instancesOf("hourly")), len(x.instancesOf("once")); h != c.hourly || o != c.once {
				t.Errorf("after %s: %d and %d instances, want %d and %d", c.after, h, o, c.hourly, c.once)
			}
		}
	})
}

// TestTimerStartFollowsTheLatestVersion: the version that was replaced does not fire any more.
func TestTimerStartFollowsTheLatestVersion(t *testing.T) {
	run(t, []host.Resource{byTimer("p", "timeCycle", "R/PT1H")}, nil, func(t *testing.T, x *house) {
		<-time.After(90 * time.Minute)
		x.one("p")
		x.deploy(byTimer("p", "timeCycle", "R/PT4H"))
		<-time.After(3 * time.Hour)
		x.one("p")
		<-time.After(2 * time.Hour)
		if n := len(x.instancesOf("p")); n != 2 {
			t.Errorf("%d instances", n)
		}
	})
}

// TestTimerStartsOnceOnManyNodes also sleeps through several dates: of those that were missed one is made up for.
func TestTimerStartsOnceOnManyNodes(t *testing.T) {
	run(t, []host.Resource{byTimer("p", "timeCycle", "R/PT1H")}, nil, func(t *testing.T, x *house) {
		var nodes []*house
		for i := range 2 {
			o := options(x.store)
			o.Node = fmt.Sprint("other", i)
			nodes = append(nodes, open(t, o))
		}
		<-time.After(5*time.Hour + time.Minute)
		if n := len(x.instancesOf("p")); n != 5 {
			t.Errorf("%d instances in five hours", n)
		}
		for _, n := range append(nodes, x) {
			n.stop()
		}
		<-time.After(5 * time.Hour)
		o := options(x.store)
		o.Node = "late"
		late := open(t, o)
		<-time.After(time.Minute)
		if n := len(x.instancesOf("p")); n != 6 {
			t.Errorf("%d instances after five more hours without a node", n)
		}
		late.close()
	})
}

func TestStartsThatNobodyCanTellApart(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		twice := inFile("p", `<bpmn:startEvent id="s1"><bpmn:messageEventDefinition id="m1" messageRef="paid"/></bpmn:startEvent>`+
			`<bpmn:startEvent id="s2"><bpmn:messageEventDefinition id="m2" messageRef="paid"/></bpmn:startEvent><bpmn:endEvent id="end"/>`+
			flow("f1", "s1", "end")+flow("f2", "s2", "end"))
		if _, _, err := x.Deploy(t.Context(), admin, "", []host.Resource{twice}); err == nil {
			t.Error("two start events of one message are deployed")
		}
	})
}
