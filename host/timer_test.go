package host_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/host/hosttest"
)

// slowly polls once a minute, so that two days pass in a moment.
func slowly(o *host.Options) { o.PollMax = time.Minute }

func TestTimerFiresOnceAndNeverEarly(t *testing.T) {
	nodes(t, 3, []host.Resource{chain("wait", pause)}, slowly, func(t *testing.T, x []*house) {
		began := time.Now()
		r := x[0].start("wait", nil)
		<-time.After(48*time.Hour - time.Millisecond)
		synctest.Wait()
		if got := x[0].status(r.Instance); got != engine.Active {
			t.Fatalf("%s after %v", got, time.Since(began))
		}
		status, err := x[1].Await(t.Context(), ann, r.Instance)
		rows := x[0].store.Entries()
		fired := time.UnixMicro(rows[len(rows)-1].Entry.NodeTime)
		if late := fired.Sub(began) - 48*time.Hour; err != nil || status != "COMPLETED" || late < 0 || late > time.Second {
			t.Errorf("%s, %v, %v late", status, err, late)
		}
		if n := count(x[0].in(piOf(x[0], r.Instance)), "timer.fire ok system:timer"); n != 1 {
			t.Errorf("fired %d times", n)
		}
	})
}

func TestEarlierTimerWakesTheLoop(t *testing.T) {
	short := `<bpmn:intermediateCatchEvent id="pause"><bpmn:timerEventDefinition id="t"><bpmn:timeDuration>PT0.2S` +
		`</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>`
	run(t, []host.Resource{chain("wait", pause), chain("blink", short)}, func(o *host.Options) { o.PollMax = time.Hour }, func(t *testing.T, x *house) {
		x.start("wait", nil)
		synctest.Wait()
		began := time.Now()
		r := x.start("blink", nil)
		if _, err := x.Await(t.Context(), ann, r.Instance); err != nil || time.Since(began) > time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

func TestManyTimersAtOnce(t *testing.T) {
	soon := strings.Replace(pause, "PT48H", "PT10S", 1)
	run(t, []host.Resource{chain("wait", soon)}, nil, func(t *testing.T, x *house) {
		for range 600 {
			x.start("wait", nil)
		}
		<-time.After(13 * time.Second)
		for _, key := range x.store.Instances() {
			if x.status(key) != engine.Completed {
				t.Errorf("instance %d is %s", key, x.status(key))
			}
		}
	})
}

func TestTimersSurviveAnOutage(t *testing.T) {
	run(t, []host.Resource{chain("wait", pause)}, slowly, func(t *testing.T, x *house) {
		r := x.start("wait", nil)
		x.store.Disturb(hosttest.Faults{Before: func(hosttest.Op) error { return hosttest.ErrUnavailable }})
		<-time.After(72 * time.Hour)
		x.store.Disturb(hosttest.Faults{})
		<-time.After(2 * time.Minute)
		if got := x.status(r.Instance); got != engine.Completed {
			t.Errorf("%s", got)
		}
	})
}

func TestClockThatATestSets(t *testing.T) {
	run(t, []host.Resource{chain("wait", pause)}, func(o *host.Options) { o.TestClock = true }, func(t *testing.T, x *house) {
		at := x.Now()
		r := x.start("wait", nil)
		if err := x.SetClock(t.Context(), eve, at.Add(time.Hour)); !errors.Is(err, host.ErrDenied) {
			t.Errorf("by eve: %v", err)
		}
		for _, c := range []struct {
			after time.Duration
			want  engine.Status
		}{{48*time.Hour - time.Second, engine.Active}, {48 * time.Hour, engine.Completed}} {
			if err := x.SetClock(t.Context(), admin, at.Add(c.after)); err != nil {
				t.Fatal(err)
			}
			<-time.After(2 * time.Second)
			if got := x.status(r.Instance); got != c.want || !x.Now().Equal(at.Add(c.after)) {
				t.Errorf("after %v: %s at %v", c.after, got, x.Now())
			}
		}
		if err := x.ResetClock(t.Context(), admin); err != nil || x.Now().After(at.Add(time.Hour)) {
			t.Errorf("%v, now %v", err, x.Now())
		}
		if n := count(x.in("admin/default"), "clock.set ok user:root"); n != 3 {
			t.Errorf("%d entries", n)
		}
	})
}

func TestRealClockCannotBeSet(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		if err := x.SetClock(t.Context(), admin, time.Now()); !errors.Is(err, host.ErrClock) {
			t.Errorf("%v", err)
		}
	})
}

func TestClockThatGainsFiresNoTimerEarly(t *testing.T) {
	gains := func(o *host.Options) {
		o.PollMax = time.Hour
		began := time.Now()
		o.Now = func() time.Time { return time.Now().Add(time.Since(began) / 2000) } // 500 parts of a million
	}
	run(t, []host.Resource{chain("order", pause)}, gains, func(t *testing.T, x *house) {
		r := x.start("order", nil)
		<-time.After(50 * time.Hour)
		if got := x.status(r.Instance); got != engine.Completed {
			t.Errorf("the instance is %s", got)
		}
		if err := x.store.VerifyPunctual(); err != nil {
			t.Error(err)
		}
	})
}
