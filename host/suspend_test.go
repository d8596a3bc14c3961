package host_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"tallystick/engine"
	"tallystick/host"
)

func TestSuspendedTasksRest(t *testing.T) {
	run(t, []host.Resource{chain("rest", review)}, nil, func(t *testing.T, x *house) {
		r := x.start("rest", nil)
		x.do(admin, host.Call{Instance: r.Instance, Command: engine.SuspendInstance{}})
		for _, c := range []engine.Command{
			engine.CompleteTask{Task: x.task(r.Instance)},
			engine.AssignTask{Task: x.task(r.Instance), Assignee: "ann"},
			engine.SuspendInstance{},
		} {
			if _, err := x.Do(t.Context(), admin, host.Call{Instance: r.Instance, Command: c}); !errors.Is(err, engine.ErrInstanceSuspended) {
				t.Errorf("%s: %v", c.Name(), err)
			}
		}
		x.do(admin, host.Call{Instance: r.Instance, Command: engine.SetVariables{Scope: r.Instance, Variables: amount(3)}})
		x.do(admin, host.Call{Instance: r.Instance, Command: engine.ResumeInstance{}})
		x.do(ann, host.Call{Command: engine.CompleteTask{Task: x.task(r.Instance)}})
		if x.status(r.Instance) != engine.Completed {
			t.Errorf("%s after its task", x.status(r.Instance))
		}
		if in := x.in(piOf(x, r.Instance)); count(in, "instance.suspend ok user:root") != 2 {
			t.Errorf("the audit log has %v", in)
		}
	})
}

func TestSuspensionNeedsItsRight(t *testing.T) {
	run(t, []host.Resource{chain("rest", review)}, nil, func(t *testing.T, x *house) {
		r := x.start("rest", nil)

		if _, err := x.Do(t.Context(), eve, host.Call{Instance: r.Instance, Command: engine.SuspendInstance{}}); !errors.Is(err, host.ErrDenied) {
			t.Error(err)
		}
	})
}

// TestTimerFiresOnResume lets a timer come due while its instance is suspended; Await goes on waiting.
func TestTimerFiresOnResume(t *testing.T) {
	run(t, []host.Resource{chain("wait", pause)}, slowly, func(t *testing.T, x *house) {
		r := x.start("wait", nil)
		x.do(admin, host.Call{Instance: r.Instance, Command: engine.SuspendInstance{}})
		<-time.After(72 * time.Hour)
		synctest.Wait()
		if x.status(r.Instance) != engine.Active {
			t.Fatal("the timer fired")
		}
		x.do(admin, host.Call{Instance: r.Instance, Command: engine.ResumeInstance{}})
		began := time.Now()
		status, err := x.Await(t.Context(), ann, r.Instance)
		if err != nil || status != "COMPLETED" || time.Since(began) > time.Second {
			t.Errorf("%s, %v, after %v", status, err, time.Since(began))
		}
	})
}

// TestCallReturnsOnResume suspends the caller alone: the called instance goes on, and its return waits.
func TestCallReturnsOnResume(t *testing.T) {
	run(t, []host.Resource{chain("outer", calling("inner")), chain("inner", review)}, nil, func(t *testing.T, x *house) {
		outer := x.start("outer", nil).Instance
		inner := x.one("inner")
		x.do(admin, host.Call{Instance: outer, Command: engine.SuspendInstance{}})
		x.do(ann, host.Call{Command: engine.CompleteTask{Task: x.task(inner)}})
		<-time.After(time.Minute)
		synctest.Wait()
		if x.status(inner) != engine.Completed || x.status(outer) != engine.Active {
			t.Fatalf("inner %s, outer %s", x.status(inner), x.status(outer))
		}
		x.do(admin, host.Call{Instance: outer, Command: engine.ResumeInstance{}})
		if status, err := x.Await(t.Context(), ann, outer); err != nil || status != "COMPLETED" {
			t.Errorf("%s, %v", status, err)
		}
		x.quiet()
	})
}

// TestMessagesWaitForResume publishes a message to a suspended instance: it is kept, and matched on resume.
func TestMessagesWaitForResume(t *testing.T) {
	run(t, []host.Resource{paying}, nil, func(t *testing.T, x *house) {
		r := x.start("paying", nil)
		synctest.Wait()
		x.do(admin, host.Call{Instance: r.Instance, Command: engine.SuspendInstance{}})
		_, err := x.Publish(t.Context(), admin, host.Publication{Name: "paid", CorrelationKey: "7", TimeToLive: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Minute)
		synctest.Wait()
		if x.status(r.Instance) != engine.Active {
			t.Fatal("the message was given to a suspended instance")
		}
		x.do(admin, host.Call{Instance: r.Instance, Command: engine.ResumeInstance{}})
		x.quiet()
		if x.status(r.Instance) != engine.Completed {
			t.Errorf("%s after it was resumed", x.status(r.Instance))
		}
	})
}

var paying = host.Resource{Name: "paying.bpmn", Data: []byte(`<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <bpmn:message id="m" name="paid"><bpmn:extensionElements><zeebe:subscription correlationKey="=&quot;7&quot;"/></bpmn:extensionElements></bpmn:message>
  <bpmn:process id="paying" isExecutable="true">
    <bpmn:startEvent id="start"/><bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="wait"/>
    <bpmn:receiveTask id="wait" messageRef="m"/><bpmn:sequenceFlow id="f2" sourceRef="wait" targetRef="end"/>
    <bpmn:endEvent id="end"/>
  </bpmn:process>
</bpmn:definitions>`)}
