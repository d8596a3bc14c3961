package host_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/internal/canon"
)

func keyText(key int64) string { return strconv.FormatInt(key, 10) }

func (x *house) broadcast(s host.Signal) func() func() error {
	return func() func() error {
		done := make(chan error, 1)
		go func() {
			_, err := x.Broadcast(x.t.Context(), ann, s)
			done <- err
		}()
		return func() error { return <-done }
	}
}

// TestSignalIsBroadcastOnceForAKey: the repetition gets the first key and starts nothing; another request with the key is
// refused.
func TestSignalIsBroadcastOnceForAKey(t *testing.T) {
	run(t, []host.Resource{startedBy("p", `<bpmn:signalEventDefinition id="s" signalRef="alarm"/>`)}, nil, func(t *testing.T, x *house) {
		s := host.Signal{Key: "once", Name: "alarm", Variables: amount(3)}
		first, err := x.Broadcast(t.Context(), ann, s)
		if err != nil {
			t.Fatal(err)
		}
		again, err := x.Broadcast(t.Context(), ann, s)
		if err != nil || again != first || first == 0 {
			t.Errorf("repeated: %d after %d, %v", again, first, err)
		}
		s.Digest = [32]byte{1}
		if _, err := x.Broadcast(t.Context(), ann, s); !errors.Is(err, host.ErrReused) {
			t.Errorf("another request: %v", err)
		}
		x.one("p")
		x.quiet()
	})
}

// TestTwinSignals: of broadcasts with one key that wait together, one is carried out.
func TestTwinSignals(t *testing.T) {
	run(t, []host.Resource{startedBy("p", `<bpmn:signalEventDefinition id="s" signalRef="alarm"/>`)}, nil, func(t *testing.T, x *house) {
		s := host.Signal{Key: "twin", Name: "alarm"}
		other := s
		other.Digest = [32]byte{2}
		errs := x.crowd(x.broadcast(s), x.broadcast(s), x.broadcast(other))
		if errs[0] != nil || errs[1] != nil || !errors.Is(errs[2], host.ErrReused) {
			t.Error(errs)
		}
		x.one("p")
	})
}

// TestSignalThatTheStoreRefusesFailsAlone: what waits beside it in the same batch is carried out.
func TestSignalThatTheStoreRefusesFailsAlone(t *testing.T) {
	run(t, []host.Resource{hears("a")}, nil, func(t *testing.T, x *house) {
		waiting := x.start("a", nil).Instance
		tooLarge := fault.New(fault.TooLarge, "store.too_large", "a value is too large")
		x.store.Refuse(func(b host.Batch) error {
			for _, e := range b.Errands {
				if e.Kind == host.ErrandSignal {
					return tooLarge
				}
			}
			return nil
		})
		publish := func() func() error {
			done := make(chan error, 1)
			go func() {
				_, err := x.Publish(t.Context(), ann, paid(1, 0))
				done <- err
			}()
			return func() error { return <-done }
		}
		errs := x.crowd(publish, x.broadcast(host.Signal{Name: "alarm"}), publish)
		if errs[0] != nil || !errors.Is(errs[1], tooLarge) || errs[2] != nil {
			t.Error(errs)
		}
		x.quiet()
		if x.status(waiting) != "ACTIVE" {
			t.Error("the signal was heard")
		}
	})
}

// TestSignalThatIsTooMuchForAll: the variables are refused for as many catchers as they would be copied for.
func TestSignalThatIsTooMuchForAll(t *testing.T) {
	var resources []host.Resource
	for i := range 17 {
		resources = append(resources, startedBy("p"+strconv.Itoa(i), `<bpmn:signalEventDefinition id="s" signalRef="alarm"/>`))
	}
	run(t, resources, nil, func(t *testing.T, x *house) {
		large := engine.Variables{}
		for i := range 5 {
			large["text"+strconv.Itoa(i)] = canon.String(strings.Repeat("x", 800_000))
		}
		if _, err := x.Broadcast(t.Context(), ann, host.Signal{Name: "alarm", Variables: large}); !errors.Is(err, host.ErrSignalTooLarge) {
			t.Errorf("got %v", err)
		}
		x.quiet()
		if n := len(x.store.Instances()); n != 0 {
			t.Errorf("%d instances", n)
		}
	})
}
