package host_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/host/hosttest"
)

// calling is a call activity of a process; all variables pass both ways.
func calling(id string) string {
	return fmt.Sprintf(`<bpmn:callActivity id="call"><bpmn:extensionElements><zeebe:calledElement processId="%s"/>`+
		`</bpmn:extensionElements></bpmn:callActivity>`, id)
}

// called returns the instances of a process, oldest first.
func (x *house) instancesOf(process string) (keys []int64) {
	x.t.Helper()
	for _, key := range x.store.Instances() {
		if st, ok, err := x.store.Status(x.t.Context(), key); err == nil && ok && st.ProcessID == process {
			keys = append(keys, key)
		}
	}
	return keys
}

// one waits until nothing moves and returns the only instance of a process.
func (x *house) one(process string) int64 {
	x.t.Helper()
	synctest.Wait()
	keys := x.instancesOf(process)
	if len(keys) != 1 {
		x.t.Fatalf("%d instances of %s", len(keys), process)
	}
	return keys[0]
}

// quiet insists that nothing is left to be done.
func (x *house) quiet() {
	x.t.Helper()
	synctest.Wait()
	for _, e := range x.store.Pending() {
		x.t.Errorf("an errand is left: %s about %d", e.Kind, e.About)
	}
}

func TestCallReturns(t *testing.T) {
	run(t, []host.Resource{chain("outer", calling("inner")), chain("inner", review)}, nil, func(t *testing.T, x *house) {
		outer := x.start("outer", amount(7)).Instance
		inner := x.one("inner")
		st, _ := x.store.State(inner)
		if got := st.Variables(inner)["amount"]; got != "7" {
			t.Errorf("the called instance sees the amount %s", got)
		}
		x.do(ann, host.Call{Command: engine.CompleteTask{Task: x.task(inner), Variables: amount(8)}})
		x.quiet()
		if x.status(outer) != engine.Completed || x.status(inner) != engine.Completed {
			t.Errorf("outer %s, inner %s", x.status(outer), x.status(inner))
		}
	})
}

// TestCallIsCausedByItsCommand follows the audit log from the start of the outer instance to the inner one.
func TestCallIsCausedByItsCommand(t *testing.T) {
	run(t, []host.Resource{chain("outer", calling("inner")), chain("inner", review)}, nil, func(t *testing.T, x *house) {
		outer := x.start("outer", nil).Instance
		inner := x.one("inner")
		var first, second *string
		for _, row := range x.store.Entries() {
			e := row.Entry
			if e.Instance == nil || e.Action != host.ActionInstanceStart {
				continue
			}
			switch *e.Instance {
			case outer:
				id := e.EventID.String()
				first = &id
			case inner:
				if e.Actor != "system:call" {
					t.Errorf("the inner instance was started by %s", e.Actor)
				}
				if e.Cause != nil {
					id := e.Cause.String()
					second = &id
				}
			}
		}
		if first == nil || second == nil || *first != *second {
			t.Errorf("the start of the inner instance is not caused by that of the outer one")
		}
	})
}

func TestCanceledCallerCancelsTheCalled(t *testing.T) {
	run(t, []host.Resource{chain("outer", calling("inner")), chain("inner", review)}, nil, func(t *testing.T, x *house) {
		outer := x.start("outer", nil).Instance
		inner := x.one("inner")
		x.do(admin, host.Call{Instance: outer, Command: engine.CancelInstance{}})
		x.quiet()
		if x.status(inner) != engine.Terminated {
			t.Errorf("the called instance is %s", x.status(inner))
		}
	})
}

// TestCanceledCallDoesNotStart cancels the caller while the start of the called instance cannot be written.
func TestCanceledCallDoesNotStart(t *testing.T) {
	run(t, []host.Resource{chain("outer", calling("inner")), chain("inner", review)}, nil, func(t *testing.T, x *house) {
		x.store.Refuse(func(b host.Batch) error {
			if len(b.Done) > 0 && len(b.Instances) > 0 && b.Instances[0].Version == 0 {
				return hosttest.ErrUnavailable
			}
			return nil
		})
		outer := x.start("outer", nil).Instance
		synctest.Wait() // the start has failed and waits; in one batch with it the cancellation would fail too
		x.do(admin, host.Call{Instance: outer, Command: engine.CancelInstance{}})
		synctest.Wait()
		x.store.Refuse(nil)
		<-time.After(time.Minute)
		x.quiet()
		if n := len(x.instancesOf("inner")); n != 0 {
			t.Errorf("%d called instances began", n)
		}
	})
}

// TestCallThatCannotStart leaves an incident at the caller.
func TestCallThatCannotStart(t *testing.T) {
	run(t, []host.Resource{chain("outer", calling("inner")), chain("inner", review)}, nil, func(t *testing.T, x *house) {
		x.store.Refuse(func(b host.Batch) error {
			if len(b.Done) > 0 && len(b.Instances) > 0 && b.Instances[0].Version == 0 {
				return host.ErrCommandInvalid
			}
			return nil
		})
		outer := x.start("outer", nil).Instance
		x.quiet()
		st, _ := x.store.State(outer)
		if len(st.Incidents()) != 1 || st.Incidents()[0].ErrorType != "CALLED_ELEMENT_ERROR" {
			t.Errorf("incidents: %+v", st.Incidents())
		}
	})
}

// TestCallsOfADeadNode lets another node carry out what the first one left when it died.
func TestCallsOfADeadNode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := hosttest.New()
		first := open(t, options(store))
		first.deploy(chain("outer", calling("inner")), chain("inner", review), chain("plug"))
		store.Refuse(func(b host.Batch) error {
			if len(b.Done) > 0 {
				return hosttest.ErrUnavailable
			}
			return nil
		})
		first.start("outer", nil)
		first.stop()
		if len(store.Pending()) != 1 {
			t.Fatalf("%d errands are left", len(store.Pending()))
		}
		store.Refuse(nil)
		o := options(store)
		o.Node = "n2"
		second := open(t, o)
		defer second.close()
		<-time.After(time.Minute)
		inner := second.one("inner")
		second.do(ann, host.Call{Command: engine.CompleteTask{Task: second.task(inner)}})
		second.quiet()
		for _, key := range store.Instances() {
			if second.status(key) != engine.Completed {
				t.Errorf("instance %d is %s", key, second.status(key))
			}
		}
	})
}

// payment is a process that can be undone: its task has a compensation handler that somebody has to complete.
func payment(id string) host.Resource {
	return process(id, `<bpmn:startEvent id="start"/><bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="pay"/><bpmn:task id="pay"/>`+
		`<bpmn:boundaryEvent id="paid" attachedToRef="pay"><bpmn:compensateEventDefinition id="c"/></bpmn:boundaryEvent>`+
		`<bpmn:userTask id="refund" isForCompensation="true"><bpmn:extensionElements><zeebe:userTask/></bpmn:extensionElements></bpmn:userTask>`+
		`<bpmn:association id="by" associationDirection="One" sourceRef="paid" targetRef="refund"/>`+
		`<bpmn:sequenceFlow id="f2" sourceRef="pay" targetRef="end"/><bpmn:endEvent id="end"/>`)
}

const undo = `<bpmn:intermediateThrowEvent id="undo"><bpmn:compensateEventDefinition id="u"/></bpmn:intermediateThrowEvent>`

// TestCompensationOfACanceledCall cancels the called instance while its caller waits for it to be undone, and before.
func TestCompensationOfACanceledCall(t *testing.T) {
	for name, before := range map[string]bool{"before": true, "meanwhile": false} {
		t.Run(name, func(t *testing.T) {
			run(t, []host.Resource{chain("outer", calling("inner"), review, undo), payment("inner")}, nil, func(t *testing.T, x *house) {
				outer := x.start("outer", nil).Instance
				inner := x.one("inner")
				cancel := func() { x.do(admin, host.Call{Instance: inner, Command: engine.CancelInstance{}}); synctest.Wait() }
				if before {
					cancel()
				}
				x.do(ann, host.Call{Command: engine.CompleteTask{Task: x.task(outer)}})
				synctest.Wait()
				if !before {
					cancel()
				}
				x.quiet()
				st, _ := x.store.State(outer)
				if len(st.Incidents()) != 1 || st.Incidents()[0].ErrorType != "CALLED_ELEMENT_ERROR" {
					t.Fatalf("incidents of the caller: %+v", st.Incidents())
				}
				x.do(admin, host.Call{Command: engine.ResolveIncident{Incident: st.Incidents()[0].Key}})
				x.quiet()
				if n := len(x.instancesOf("inner")); x.status(outer) != engine.Completed || n != 1 {
					t.Errorf("the caller is %s, called %d times", x.status(outer), n)
				}
			})
		})
	}
}
