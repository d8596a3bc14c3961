package host_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/internal/canon"
)

// workerFunc is a host.Worker of one function.
type workerFunc func(context.Context, host.Job) (host.Result, error)

func (f workerFunc) Work(ctx context.Context, j host.Job) (host.Result, error) { return f(ctx, j) }

func withWorker(f workerFunc) func(*host.Options) {
	return func(o *host.Options) { o.Workers = map[string]host.Worker{"charge": f} }
}

func TestWorkerInsideTheServer(t *testing.T) {
	work := func(_ context.Context, j host.Job) (host.Result, error) {
		return host.Result{Variables: engine.Variables{"charged": j.Variables["amount"]}}, nil
	}
	run(t, []host.Resource{chain("order", charge)}, withWorker(work), func(t *testing.T, x *house) {
		r := x.start("order", amount(7))
		status, err := x.Await(t.Context(), ann, r.Instance)
		if err != nil || status != "COMPLETED" {
			t.Fatalf("%s, %v", status, err)
		}
		if st, _ := x.store.State(r.Instance); st.Variables(r.Instance)["charged"] != "7" {
			t.Errorf("variables %v", st.Variables(r.Instance))
		}
		if n := count(x.in(piOf(x, r.Instance)), "job.complete ok system:worker:charge"); n != 1 {
			t.Errorf("completed %d times", n)
		}
	})
}

func TestWorkerThatFailsIsTriedAgain(t *testing.T) {
	var tries []time.Time
	work := func(_ context.Context, j host.Job) (host.Result, error) {
		tries = append(tries, time.Now())
		switch len(tries) {
		case 1:
			return host.Result{}, errors.New("the bank does not answer")
		case 2:
			panic("a mistake of the worker")
		}
		return host.Result{}, nil
	}
	run(t, []host.Resource{chain("order", charge)}, withWorker(work), func(t *testing.T, x *house) {
		r := x.start("order", nil)
		if _, err := x.Await(t.Context(), ann, r.Instance); err != nil {
			t.Fatal(err)
		}
		if len(tries) != 3 || tries[1].Sub(tries[0]) < time.Second || tries[2].Sub(tries[1]) < time.Second {
			t.Errorf("tries at %v", tries)
		}
	})
}

func TestWorkerWithoutRetriesRaisesAnIncident(t *testing.T) {
	work := func(context.Context, host.Job) (host.Result, error) {
		return host.Result{}, errors.New("never \xff\x00")
	}
	run(t, []host.Resource{chain("order", charge)}, withWorker(work), func(t *testing.T, x *house) {
		r := x.start("order", nil)
		<-time.After(time.Minute)
		synctest.Wait()
		st, _ := x.store.State(r.Instance)
		if len(st.Incidents()) != 1 || st.Incidents()[0].ErrorType != "JOB_NO_RETRIES" || st.Incidents()[0].Message != "never \uFFFD\uFFFD" {
			t.Fatalf("incidents %+v", st.Incidents())
		}
	})
}

// A job that is wrong in itself is not tried again.
func TestWorkerGivesUpOnAHopelessJob(t *testing.T) {
	tries := 0
	work := func(context.Context, host.Job) (host.Result, error) {
		tries++
		return host.Result{}, fault.New(fault.Invalid, "score.contract", "amount is missing")
	}
	run(t, []host.Resource{chain("order", charge)}, withWorker(work), func(t *testing.T, x *house) {
		r := x.start("order", nil)
		<-time.After(time.Minute)
		synctest.Wait()
		st, _ := x.store.State(r.Instance)
		if tries != 1 || len(st.Incidents()) != 1 || st.Incidents()[0].ErrorType != "JOB_NO_RETRIES" {
			t.Fatalf("%d tries, incidents %+v", tries, st.Incidents())
		}
	})
}

func TestWorkerThrowsABPMNError(t *testing.T) {
	work := func(context.Context, host.Job) (host.Result, error) {
		return host.Result{}, &host.JobError{Code: "card", Message: "stolen", Variables: engine.Variables{"why": canon.String("stolen")}}
	}
	run(t, []host.Resource{chain("order", charge)}, withWorker(work), func(t *testing.T, x *house) {
		r := x.start("order", nil)
		<-time.After(time.Second)
		synctest.Wait()
		st, _ := x.store.State(r.Instance)
		if len(st.Incidents()) != 1 || st.Incidents()[0].ErrorType != "UNHANDLED_ERROR_EVENT" {
			t.Errorf("incidents %+v", st.Incidents())
		}
	})
}

func TestWorkersAreBounded(t *testing.T) {
	var running, most atomic.Int32
	work := func(ctx context.Context, _ host.Job) (host.Result, error) {
		n := running.Add(1)
		defer running.Add(-1)
		for have := most.Load(); n > have && !most.CompareAndSwap(have, n); have = most.Load() {
		}
		<-time.After(time.Second)
		return host.Result{}, nil
	}
	change := func(o *host.Options) { withWorker(work)(o); o.WorkerMax = 3 }
	run(t, []host.Resource{chain("order", charge)}, change, func(t *testing.T, x *house) {
		for range 10 {
			x.start("order", nil)
		}
		<-time.After(time.Minute)
		if most.Load() != 3 {
			t.Errorf("%d at once", most.Load())
		}
		for _, key := range x.store.Instances() {
			if x.status(key) != engine.Completed {
				t.Errorf("instance %d is %s", key, x.status(key))
			}
		}
	})
}

func TestStopLetsWorkersFinish(t *testing.T) {
	work := func(ctx context.Context, _ host.Job) (host.Result, error) {
		<-time.After(5 * time.Second)
		return host.Result{}, ctx.Err()
	}
	run(t, []host.Resource{chain("order", charge)}, withWorker(work), func(t *testing.T, x *house) {
		r := x.start("order", nil)
		synctest.Wait()
		x.stop()
		if got := x.status(r.Instance); got != engine.Completed {
			t.Errorf("%s", got)
		}
	})
}

func TestWorkerCutOffByTheStopLosesNoRetry(t *testing.T) {
	work := func(ctx context.Context, _ host.Job) (host.Result, error) {
		<-ctx.Done()
		return host.Result{}, ctx.Err()
	}
	run(t, []host.Resource{chain("order", charge)}, withWorker(work), func(t *testing.T, x *house) {
		r := x.start("order", nil)
		synctest.Wait()
		x.stop()
		st, _ := x.store.State(r.Instance)
		if len(st.Jobs()) != 1 || st.Jobs()[0].Retries != 3 {
			t.Errorf("jobs %+v", st.Jobs())
		}
	})
}

// calculation is a worker whose work has no effect outside.
type calculation struct{ workerFunc }

func (calculation) Calculates() {}

func TestCalculationIsPartOfTheBatch(t *testing.T) {
	work := calculation{func(_ context.Context, j host.Job) (host.Result, error) {
		return host.Result{Variables: engine.Variables{"charged": j.Variables["amount"]}}, nil
	}}
	change := func(o *host.Options) { o.Workers = map[string]host.Worker{"charge": work} }
	run(t, []host.Resource{chain("order", charge)}, change, func(t *testing.T, x *house) {
		before := x.store.Commits()
		r := x.start("order", amount(7))
		if n := x.store.Commits() - before; n != 1 || x.status(r.Instance) != engine.Completed {
			t.Errorf("%d commits, status %s", n, x.status(r.Instance))
		}
		if n := count(x.in(piOf(x, r.Instance)), "job.complete ok system:worker:charge"); n != 1 {
			t.Errorf("%d entries of the calculation", n)
		}
	})
}
