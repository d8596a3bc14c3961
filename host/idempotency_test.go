package host_test

import (
	"errors"
	"testing"
	"time"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/host/hosttest"
)

func TestRepeatGetsTheFirstReceipt(t *testing.T) {
	run(t, []host.Resource{chain("order", review)}, nil, func(t *testing.T, x *house) {
		c := startCall("order", nil)
		c.Key, c.Digest = "k1", [32]byte{1}
		first := x.do(ann, c)
		again := x.do(ann, c)
		if again.Instance != first.Instance || again.CommandID != first.CommandID || !again.Repeated || !again.At.Equal(first.At) {
			t.Errorf("first %+v\nagain %+v", first, again)
		}
		// By then the task is gone; the repetition is answered all the same.
		done := host.Call{Key: "k2", Command: engine.CompleteTask{Task: x.task(first.Instance)}}
		x.do(ann, done)
		if r := x.do(ann, done); !r.Repeated || r.Status != "COMPLETED" {
			t.Errorf("again %+v", r)
		}
	})
}

func TestKeyOfAnotherRequestIsRefused(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		c := startCall("plug", nil)
		c.Key, c.Digest = "k1", [32]byte{1}
		first := x.do(ann, c)
		if r := x.do(bob, c); r.Instance == first.Instance || r.Repeated {
			t.Errorf("bob's key is ann's: %+v", r)
		}
		c.Digest = [32]byte{2}
		if _, err := x.Do(t.Context(), ann, c); !errors.Is(err, host.ErrReused) {
			t.Errorf("other digest: %v", err)
		}
	})
}

// TestTwinMessages: of publications with one key that wait together, one is carried out and answers all.
func TestTwinMessages(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		p := paid(1, time.Hour)
		p.Key = "twin"
		other := p
		other.Digest = [32]byte{2}
		keys := make([]int64, 3)
		publish := func(i int, p host.Publication) func() func() error {
			return func() func() error {
				done := make(chan error, 1)
				go func() {
					var err error
					keys[i], err = x.Publish(t.Context(), ann, p)
					done <- err
				}()
				return func() error { return <-done }
			}
		}
		before := x.store.Commits()
		errs := x.crowd(publish(0, p), publish(1, p), publish(2, other))
		if errs[0] != nil || errs[1] != nil || !errors.Is(errs[2], host.ErrReused) || keys[0] == 0 || keys[1] != keys[0] {
			t.Errorf("%v %v", keys, errs)
		}
		if n := x.store.Commits() - before; n != 2 { // the plug's and the message
			t.Errorf("%d transactions", n)
		}
	})
}

func TestTwinsInOneBatch(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		c := startCall("plug", nil)
		c.Key = "twin"
		other := c
		other.Digest = [32]byte{2}
		errs := x.together(c, c, other)
		if errs[0] != nil || errs[1] != nil || !errors.Is(errs[2], host.ErrReused) {
			t.Errorf("%v", errs)
		}
		if n := len(x.store.Instances()); n != 2 { // the plug's and one more
			t.Errorf("%d instances", n)
		}
	})
}

func TestRefusalIsNotRemembered(t *testing.T) {
	run(t, []host.Resource{chain("order", review)}, nil, func(t *testing.T, x *house) {
		c := startCall("later", nil)
		c.Key = "k"
		if _, err := x.Do(t.Context(), ann, c); !errors.Is(err, host.ErrProcessNotFound) {
			t.Fatalf("before the deployment: %v", err)
		}
		x.deploy(chain("later"))
		if r := x.do(ann, c); r.Repeated {
			t.Errorf("a refusal was kept: %+v", r)
		}
	})
}

// lose makes the next commits lose their answer: written or not.
func lose(written bool, times int) hosttest.Faults {
	return hosttest.Faults{
		Before: func(op hosttest.Op) error {
			if op != hosttest.OpCommit || written || times == 0 {
				return nil
			}
			times--
			return hosttest.ErrUnknown
		},
		Lost: func() bool {
			if !written || times == 0 {
				return false
			}
			times--
			return true
		},
	}
}

func TestLostAnswerIsFound(t *testing.T) {
	for _, written := range []bool{true, false} {
		run(t, []host.Resource{chain("order", review)}, nil, func(t *testing.T, x *house) {
			x.store.Disturb(lose(written, 1))
			r := x.start("order", nil)
			if r.Repeated || len(r.Records) == 0 {
				t.Errorf("written %v: %+v", written, r)
			}
			x.store.Disturb(lose(written, 1))
			x.do(ann, host.Call{Command: engine.CompleteTask{Task: x.task(r.Instance)}})
			if n := len(x.store.Instances()); n != 1 {
				t.Errorf("written %v: %d instances", written, n)
			}
		})
	}
}

func TestLostAnswerOfARefusal(t *testing.T) {
	for _, written := range []bool{true, false} {
		run(t, nil, nil, func(t *testing.T, x *house) {
			x.store.Disturb(lose(written, 1))
			if _, err := x.Do(t.Context(), eve, startCall("plug", nil)); !errors.Is(err, host.ErrDenied) {
				t.Errorf("%v", err)
			}
			if got := x.in("authz/default/n1"); len(got) != 1 {
				t.Errorf("written %v: entries %v", written, got)
			}
		})
	}
}

func TestSilentStoreMakesTheOutcomeUnknown(t *testing.T) {
	run(t, nil, func(o *host.Options) { o.SettleMax = time.Minute }, func(t *testing.T, x *house) {
		silent := false
		x.store.Disturb(hosttest.Faults{
			Before: func(hosttest.Op) error {
				if silent {
					return hosttest.ErrUnavailable
				}
				return nil
			},
			Lost: func() bool { silent = true; return true },
		})
		c := startCall("plug", nil)
		c.Key = "k"
		began := time.Now()
		if _, err := x.Do(t.Context(), ann, c); !errors.Is(err, host.ErrUnknown) {
			t.Errorf("%v", err)
		}
		if waited := time.Since(began); waited < 30*time.Second {
			t.Errorf("gave up after %v", waited)
		}
		x.store.Disturb(hosttest.Faults{})
		if r := x.do(ann, c); !r.Repeated || len(x.store.Instances()) != 1 {
			t.Errorf("after the store came back: %+v", r)
		}
	})
}

func TestUnavailableStore(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		x.start("plug", nil) // the block of numbers is drawn
		x.store.Disturb(hosttest.Faults{Before: func(op hosttest.Op) error { return hosttest.ErrUnavailable }})
		if _, err := x.Do(t.Context(), ann, startCall("plug", nil)); fault.KindOf(err) != fault.Overloaded {
			t.Errorf("%v", err)
		}
		x.store.Disturb(hosttest.Faults{})
		x.start("plug", nil)
	})
}
