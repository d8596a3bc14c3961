package host_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/host/hosttest"
	"tallystick/internal/canon"
)

// inFile wraps processes and what they refer to in one file.
func inFile(id, inside string) host.Resource {
	return host.Resource{Name: id + ".bpmn", Data: fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="test">
<bpmn:message id="paid" name="paid"><bpmn:extensionElements><zeebe:subscription correlationKey="=order"/></bpmn:extensionElements></bpmn:message>
<bpmn:signal id="alarm" name="alarm"/>
<bpmn:process id="%s" isExecutable="true">%s</bpmn:process></bpmn:definitions>`, id, inside)}
}

func flow(id, from, to string) string {
	return fmt.Sprintf(`<bpmn:sequenceFlow id="%s" sourceRef="%s" targetRef="%s"/>`, id, from, to)
}

// waitsFor is a process that waits for the message "paid" under the key in its variable "order".
func waitsFor(id string) host.Resource {
	return inFile(id, `<bpmn:startEvent id="start"/><bpmn:intermediateCatchEvent id="wait"><bpmn:messageEventDefinition id="m" messageRef="paid"/>`+
		`</bpmn:intermediateCatchEvent><bpmn:endEvent id="end"/>`+flow("f1", "start", "wait")+flow("f2", "wait", "end"))
}

// hears is a process that waits for the signal "alarm".
func hears(id string) host.Resource {
	return inFile(id, `<bpmn:startEvent id="start"/><bpmn:intermediateCatchEvent id="wait"><bpmn:signalEventDefinition id="s" signalRef="alarm"/>`+
		`</bpmn:intermediateCatchEvent><bpmn:endEvent id="end"/>`+flow("f1", "start", "wait")+flow("f2", "wait", "end"))
}

// raises is a process that throws the signal "alarm", then waits for it.
func raises(id string) host.Resource {
	return inFile(id, `<bpmn:startEvent id="start"/><bpmn:intermediateThrowEvent id="throw"><bpmn:signalEventDefinition id="t" signalRef="alarm"/>`+
		`</bpmn:intermediateThrowEvent><bpmn:intermediateCatchEvent id="wait"><bpmn:signalEventDefinition id="s" signalRef="alarm"/>`+
		`</bpmn:intermediateCatchEvent><bpmn:endEvent id="end"/>`+flow("f1", "start", "throw")+flow("f3", "throw", "wait")+flow("f2", "wait", "end"))
}

func order(n int) engine.Variables {
	return engine.Variables{"order": canon.String(fmt.Sprint(n))}
}

func paid(n int, ttl time.Duration) host.Publication {
	return host.Publication{Name: "paid", CorrelationKey: fmt.Sprint(n), TimeToLive: ttl, Variables: amount(int64(n))}
}

func (x *house) publish(p host.Publication) int64 {
	x.t.Helper()
	key, err := x.Publish(x.t.Context(), ann, p)
	if err != nil {
		x.t.Fatal(err)
	}
	return key
}

func (x *house) insist(instance int64, want engine.Status) {
	x.t.Helper()
	x.quiet()
	if got := x.status(instance); got != want {
		x.t.Errorf("the instance is %s instead of %s", got, want)
	}
}

func TestMessageFindsWhoWaits(t *testing.T) {
	run(t, []host.Resource{waitsFor("ship")}, nil, func(t *testing.T, x *house) {
		seven, eight := x.start("ship", order(7)).Instance, x.start("ship", order(8)).Instance
		x.publish(paid(7, 0))
		x.insist(seven, engine.Completed)
		x.insist(eight, engine.Active)
	})
}

func TestMessageWaitsForWhoComes(t *testing.T) {
	run(t, []host.Resource{waitsFor("ship")}, nil, func(t *testing.T, x *house) {
		x.publish(paid(7, time.Hour))
		x.insist(x.start("ship", order(7)).Instance, engine.Completed)
		// It has entered the process: a second instance waits for another.
		x.insist(x.start("ship", order(7)).Instance, engine.Active)
	})
}

func TestMessageIsOver(t *testing.T) {
	run(t, []host.Resource{waitsFor("ship")}, nil, func(t *testing.T, x *house) {
		x.publish(paid(7, time.Minute))
		x.publish(paid(8, 0)) // is not kept at all
		<-time.After(2 * time.Minute)
		x.insist(x.start("ship", order(7)).Instance, engine.Active)
		x.insist(x.start("ship", order(8)).Instance, engine.Active)
	})
}

// TestMessageEntersEachProcessOnce has two instances of one process and one of another wait for the same.
func TestMessageEntersEachProcessOnce(t *testing.T) {
	run(t, []host.Resource{waitsFor("ship"), waitsFor("bill")}, nil, func(t *testing.T, x *house) {
		first, second := x.start("ship", order(7)).Instance, x.start("ship", order(7)).Instance
		other := x.start("bill", order(7)).Instance
		synctest.Wait() // nobody looks for messages any more
		x.publish(paid(7, time.Hour))
		x.insist(first, engine.Completed)
		x.insist(second, engine.Active)
		x.insist(other, engine.Completed)
		x.publish(paid(7, time.Hour))
		x.insist(second, engine.Completed)
	})
}

// TestMessagesComeInOrder publishes three and lets three instances come, one after the other.
func TestMessagesComeInOrder(t *testing.T) {
	run(t, []host.Resource{waitsFor("ship")}, nil, func(t *testing.T, x *house) {
		for n := range 3 {
			p := paid(7, time.Hour)
			p.Variables = amount(int64(n))
			x.publish(p)
		}
		for n := range 3 {
			key := x.start("ship", order(7)).Instance
			x.insist(key, engine.Completed)
			got := ""
			for _, e := range x.store.Journal(key) {
				if v, ok := e.(engine.VariableSet); ok && v.Name == "amount" {
					got = string(v.Value)
				}
			}
			if got != fmt.Sprint(n) {
				t.Errorf("instance %d got message %s", n, got)
			}
		}
	})
}

func TestMessageIDIsUniqueWhileTheMessageIsKept(t *testing.T) {
	run(t, []host.Resource{waitsFor("ship")}, nil, func(t *testing.T, x *house) {
		p := paid(7, time.Hour)
		p.ID = "one"
		x.publish(p)
		if _, err := x.Publish(t.Context(), ann, p); !errors.Is(err, host.ErrMessageDuplicate) {
			t.Errorf("the second one: %v", err)
		}
		<-time.After(2 * time.Hour)
		x.publish(p)
	})
}

// TestPublicationIsRepeatedSafely repeats a request with its key: it gets the same message.
func TestPublicationIsRepeatedSafely(t *testing.T) {
	run(t, []host.Resource{waitsFor("ship")}, nil, func(t *testing.T, x *house) {
		p := paid(7, time.Hour)
		p.Key, p.Digest = "k1", [32]byte{1}
		if first, second := x.publish(p), x.publish(p); first != second {
			t.Errorf("two messages: %d and %d", first, second)
		}
		p.Digest = [32]byte{2}
		if _, err := x.Publish(t.Context(), ann, p); !errors.Is(err, host.ErrReused) {
			t.Errorf("another request under the key: %v", err)
		}
	})
}

func TestCorrelationAnswers(t *testing.T) {
	run(t, []host.Resource{waitsFor("ship")}, nil, func(t *testing.T, x *house) {
		if _, _, err := x.Correlate(t.Context(), ann, paid(7, 0)); !errors.Is(err, host.ErrMessageUnwanted) {
			t.Errorf("nobody waits: %v", err)
		}
		key := x.start("ship", order(7)).Instance
		_, instance, err := x.Correlate(t.Context(), ann, paid(7, 0))
		if err != nil || instance != key {
			t.Errorf("it went to %d: %v", instance, err)
		}
		x.insist(key, engine.Completed)
	})
}

// TestCorrelationIsRepeatedSafely repeats a request with its key: the message goes to nobody else.
func TestCorrelationIsRepeatedSafely(t *testing.T) {
	run(t, []host.Resource{waitsFor("ship"), waitsFor("bill")}, nil, func(t *testing.T, x *house) {
		first, other := x.start("ship", order(7)).Instance, x.start("bill", order(7)).Instance
		second := x.start("ship", order(7)).Instance
		p := paid(7, 0)
		p.Key, p.Digest = "k1", [32]byte{1}
		message, instance, err := x.Correlate(t.Context(), ann, p)
		if err != nil || instance != first {
			t.Errorf("it went to %d: %v", instance, err)
		}
		if again, same, err := x.Correlate(t.Context(), ann, p); err != nil || again != message || same != first {
			t.Errorf("the repetition: %d %d, %v; want %d %d", again, same, err, message, first)
		}
		p.Digest = [32]byte{2}
		if _, _, err := x.Correlate(t.Context(), ann, p); !errors.Is(err, host.ErrReused) {
			t.Errorf("another request under the key: %v", err)
		}
		x.insist(first, engine.Completed)
		x.insist(other, engine.Completed)
		x.insist(second, engine.Active)
	})
}

// TestCorrelationAtOnceWithOneKey sends the same request many times at once.
func TestCorrelationAtOnceWithOneKey(t *testing.T) {
	nodes(t, 2, []host.Resource{waitsFor("ship")}, nil, func(t *testing.T, x []*house) {
		var keys []int64
		for range 6 {
			keys = append(keys, x[0].start("ship", order(7)).Instance)
		}
		p := paid(7, 0)
		p.Key, p.Digest = "k1", [32]byte{1}
		got := make(chan int64, 6)
		for i := range 6 {
			go func() {
				_, instance, err := x[i%2].Correlate(t.Context(), ann, p)
				if err != nil {
					t.Error(err)
				}
				got <- instance
			}()
		}
		first := <-got
		for range 5 {
			if next := <-got; next != first {
				t.Errorf("it went to %d and %d", first, next)
			}
		}
		ended := 0
		x[0].quiet()
		for _, k := range keys {
			if x[0].status(k) == engine.Completed {
				ended++
			}
		}
		if ended != 1 {
			t.Errorf("%d instances got the message", ended)
		}
	})
}

func TestMessagesAreRefused(t *testing.T) {
	run(t, []host.Resource{waitsFor("ship")}, nil, func(t *testing.T, x *house) {
		key := x.start("ship", order(7)).Instance
		if _, err := x.Publish(t.Context(), eve, paid(7, 0)); !errors.Is(err, host.ErrDenied) {
			t.Errorf("eve publishes: %v", err)
		}
		if _, _, err := x.Correlate(t.Context(), eve, paid(7, 0)); !errors.Is(err, host.ErrDenied) {
			t.Errorf("eve correlates: %v", err)
		}
		if _, err := x.Broadcast(t.Context(), eve, host.Signal{Name: "alarm"}); !errors.Is(err, host.ErrDenied) {
			t.Errorf("eve broadcasts: %v", err)
		}
		long := paid(7, 0)
		long.Name = string(make([]byte, 2000))
		for _, p := range []host.Publication{{}, long, paid(7, 2*host.TimeToLiveMax), paid(7, -1)} {
			if _, err := x.Publish(t.Context(), ann, p); !errors.Is(err, host.ErrMessage) {
				t.Errorf("%+v: %v", p, err)
			}
		}
		x.insist(key, engine.Active)
	})
}

func TestSignalReachesEverybodyWhoWaits(t *testing.T) {
	run(t, []host.Resource{hears("a"), hears("b")}, nil, func(t *testing.T, x *house) {
		first, second, third := x.start("a", nil).Instance, x.start("a", nil).Instance, x.start("b", nil).Instance
		if _, err := x.Broadcast(t.Context(), ann, host.Signal{Name: "alarm", Variables: amount(3)}); err != nil {
			t.Fatal(err)
		}
		for _, key := range []int64{first, second, third} {
			x.insist(key, engine.Completed)
		}
		x.insist(x.start("a", nil).Instance, engine.Active) // signals are not kept
	})
}

// TestSignalIsHeardByThoseWhoWaitedWhenItWasThrown: the thrower waits afterwards and does not hear itself.
func TestSignalIsHeardByThoseWhoWaitedWhenItWasThrown(t *testing.T) {
	run(t, []host.Resource{hears("a"), raises("c")}, nil, func(t *testing.T, x *house) {
		waiting := x.start("a", nil).Instance
		thrower := x.start("c", nil).Instance
		x.insist(waiting, engine.Completed)
		x.insist(thrower, engine.Active)
	})
}

// TestSignalPassesProcessesOfOthers: dan may broadcast in one process only.
func TestSignalPassesProcessesOfOthers(t *testing.T) {
	rules := func(v int64, by host.Actor, action, scope string) bool {
		if by.Name == "dan" {
			return action == host.ActionSignalBroadcast && scope != "def:b"
		}
		return houseRules(v, by, action, scope)
	}
	change := func(o *host.Options) { o.Authorizer = hosttest.NewPolicy(rules) }
	run(t, []host.Resource{hears("a"), hears("b")}, change, func(t *testing.T, x *house) {
		first, second := x.start("a", nil).Instance, x.start("b", nil).Instance
		if _, err := x.Broadcast(t.Context(), host.Actor{Kind: "user", Name: "dan"}, host.Signal{Name: "alarm"}); err != nil {
			t.Fatal(err)
		}
		x.insist(first, engine.Completed)
		x.insist(second, engine.Active)
	})
}

// TestMessageAndSubscriptionMeet lets messages and those who wait for them come at the same time, on two nodes
// whose store is slow and fails. Whoever comes first, they meet.
func TestMessageAndSubscriptionMeet(t *testing.T) {
	for _, seed := range seeds() {
		t.Run(fmt.Sprintf("sim.seed=%d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { meet(t, seed) })
		})
	}
}

func meet(t *testing.T, seed uint64) {
	store := hosttest.New()
	var nodes []*house
	for i := range 2 {
		o := options(store)
		o.Node, o.Rand, o.SettleMax = fmt.Sprint("n", i), seeded(seed+uint64(i)), time.Second
		nodes = append(nodes, open(t, o))
	}
	nodes[0].deploy(waitsFor("ship"), chain("plug"))
	store.Disturb(hosttest.Random(seed, 1000000, 1000000, 5*time.Millisecond))
	const n = 20
	done := make(chan int64, n)
	for i := range n {
		go func() {
			r, err := nodes[i%2].Do(t.Context(), ann, startCall("ship", order(i)))
			if err != nil {
				t.Error(err)
			}
			done <- r.Instance
		}()
		go func() {
			if _, err := nodes[1-i%2].Publish(t.Context(), ann, paid(i, time.Hour)); err != nil {
				t.Error(err)
			}
		}()
	}
	<-time.After(time.Minute)
	store.Disturb(hosttest.Faults{})
	for range n {
		nodes[0].insist(<-done, engine.Completed)
	}
	nodes[0].close()
	nodes[1].close()
}

// TestManyMessagesAreSwept removes more messages that are over than go in one transaction, in one look.
func TestManyMessagesAreSwept(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		keys := []int64{}
		for i := range 2100 {
			keys = append(keys, x.publish(paid(i, time.Second)))
		}
		<-time.After(2500 * time.Millisecond)
		for _, key := range keys {
			if _, there, err := x.store.Message(t.Context(), key); there || err != nil {
				t.Fatalf("message %d is still there: %v", key, err)
			}
		}
	})
}
