package host_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/internal/canon"
)

// A worker may have effects outside, so what it did is not done again because nobody takes its result.
func TestWorkerWhoseReportIsRefusedRaisesAnIncident(t *testing.T) {
	large := engine.Variables{}
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		large[name] = canon.String(strings.Repeat("x", 1<<20-8))
	}
	for name, report := range map[string]struct {
		result host.Result
		err    error
		says   string
	}{
		"variables too large":        {host.Result{Variables: large}, nil, "variables"},
		"variable without a name":    {host.Result{Variables: engine.Variables{"": "1"}}, nil, "variable"},
		"BPMN error without a code":  {host.Result{}, &host.JobError{Message: "no"}, "code"},
		"BPMN error with such a sum": {host.Result{}, &host.JobError{Code: "late", Variables: large}, "variables"},
	} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			work := func(context.Context, host.Job) (host.Result, error) {
				calls++
				return report.result, report.err
			}
			run(t, []host.Resource{chain("order", charge)}, withWorker(work), func(t *testing.T, x *house) {
				r := x.start("order", nil)
				<-time.After(time.Hour)
				synctest.Wait()
				st, _ := x.store.State(r.Instance)
				if calls != 1 || len(st.Incidents()) != 1 {
					t.Fatalf("%d calls, incidents %+v", calls, st.Incidents())
				}
				i := st.Incidents()[0]
				if i.ErrorType != "JOB_NO_RETRIES" || !strings.Contains(i.Message, "the result was refused") || !strings.Contains(i.Message, report.says) {
					t.Errorf("incident %+v", i)
				}
			})
		})
	}
}

// Where not even the incident can be raised, the job rests before its worker is asked again.
func TestWorkerWhoseReportCannotBeTakenRests(t *testing.T) {
	var calls []time.Time
	var x *house
	work := func(context.Context, host.Job) (host.Result, error) {
		if calls = append(calls, time.Now()); len(calls) == 1 {
			x.store.Refuse(func(host.Batch) error {
				return fault.New(fault.Internal, "store.failed", "the instance cannot be written")
			})
		} else {
			x.store.Refuse(nil)
		}
		return host.Result{}, nil
	}
	run(t, []host.Resource{chain("order", charge)}, withWorker(work), func(t *testing.T, here *house) {
		x = here
		r := x.start("order", nil)
		if _, err := x.Await(t.Context(), ann, r.Instance); err != nil && !errors.Is(err, host.ErrTimeout) {
			t.Fatal(err)
		}
		<-time.After(time.Hour)
		synctest.Wait()
		if len(calls) != 2 || calls[1].Sub(calls[0]) < 10*time.Minute || x.status(r.Instance) != engine.Completed {
			t.Errorf("calls at %v, instance %s", calls, x.status(r.Instance))
		}
	})
}

// The result of a job whose instance was suspended meanwhile is no incident: the job is done when it goes on.
func TestWorkerOfASuspendedInstance(t *testing.T) {
	calls := 0
	work := func(context.Context, host.Job) (host.Result, error) {
		calls++
		<-time.After(time.Second)
		return host.Result{}, nil
	}
	run(t, []host.Resource{chain("order", charge)}, withWorker(work), func(t *testing.T, x *house) {
		r := x.start("order", nil)
		x.do(admin, host.Call{Instance: r.Instance, Command: engine.SuspendInstance{}})
		<-time.After(time.Hour)
		synctest.Wait()
		st, _ := x.store.State(r.Instance)
		if calls != 1 || len(st.Incidents()) != 0 {
			t.Fatalf("%d calls, incidents %+v", calls, st.Incidents())
		}
		x.do(admin, host.Call{Instance: r.Instance, Command: engine.ResumeInstance{}})
		<-time.After(time.Minute)
		synctest.Wait()
		if calls != 2 || x.status(r.Instance) != engine.Completed {
			t.Errorf("%d calls, instance %s", calls, x.status(r.Instance))
		}
	})
}
