package host_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/host/hosttest"
)

// startedByMuch is a process that starts when the amount is high.
func startedByMuch(id string) host.Resource {
	return startedBy(id, `<bpmn:conditionalEventDefinition id="c"><bpmn:condition>=amount &gt; 100</bpmn:condition></bpmn:conditionalEventDefinition>`)
}

func instancesOf(all []host.Receipt) (keys []int64) {
	for _, r := range all {
		keys = append(keys, r.Instance)
	}
	return keys
}

func TestConditionsStart(t *testing.T) {
	run(t, []host.Resource{startedByMuch("p"), startedByMuch("q")}, nil, func(t *testing.T, x *house) {
		low, err := x.EvaluateConditions(t.Context(), ann, host.Conditions{Variables: amount(100)})
		if err != nil || len(low) != 0 {
			t.Errorf("a condition that does not hold: %v, %v", low, err)
		}
		if _, err := x.EvaluateConditions(t.Context(), eve, host.Conditions{Variables: amount(101)}); !errors.Is(err, host.ErrDenied) {
			t.Errorf("eve evaluates conditions: %v", err)
		}
		begun, err := x.EvaluateConditions(t.Context(), ann, host.Conditions{Variables: amount(101)})
		if err != nil || len(begun) != 2 {
			t.Errorf("%v, %v", begun, err)
		}
		one, err := x.EvaluateConditions(t.Context(), ann, host.Conditions{Definition: begun[0].Definition, Variables: amount(101)})
		if err != nil || len(one) != 1 {
			t.Errorf("of one process: %v, %v", one, err)
		}
		if n := count(x.in("msg/default/n1"), "instance.start ok user:ann"); n != 3 {
			t.Errorf("%d entries of evaluations", n)
		}
	})
}

// TestConditionsAreEvaluatedOnceForAKey: the answer is the first one, also when more would start by now, and another
// request with the key is refused.
func TestConditionsAreEvaluatedOnceForAKey(t *testing.T) {
	run(t, []host.Resource{startedByMuch("p"), startedByMuch("q")}, nil, func(t *testing.T, x *house) {
		c := host.Conditions{Key: "once", Variables: amount(101)}
		first, err := x.EvaluateConditions(t.Context(), ann, c)
		if err != nil || len(first) != 2 {
			t.Fatal(first, err)
		}
		x.deploy(startedByMuch("r"))
		again, err := x.EvaluateConditions(t.Context(), ann, c)
		if err != nil || !slices.Equal(instancesOf(again), instancesOf(first)) {
			t.Errorf("repeated: %v, %v", again, err)
		}
		c.Digest = [32]byte{1}
		if _, err := x.EvaluateConditions(t.Context(), ann, c); !errors.Is(err, host.ErrReused) {
			t.Errorf("another request: %v", err)
		}
		if n := len(x.store.Instances()); n != 2 {
			t.Errorf("%d instances", n)
		}
	})
}

// TestRepeatedConditionsStartTheRest: the store fails after the first of three instances. The error names it, and the
// request that is repeated with its key starts the others; without one nothing may be repeated by itself.
func TestRepeatedConditionsStartTheRest(t *testing.T) {
	for _, key := range []string{"once", ""} {
		run(t, []host.Resource{startedByMuch("p"), startedByMuch("q"), startedByMuch("r")}, nil, func(t *testing.T, x *house) {
			c := host.Conditions{Key: key, Variables: amount(101)}
			starts := 0
			x.store.Refuse(func(b host.Batch) error {
				if starts += len(b.Instances); starts > 1 {
					return hosttest.ErrUnavailable
				}
				return nil
			})
			begun, err := x.EvaluateConditions(t.Context(), ann, c)
			if len(begun) != 1 || !errors.Is(err, host.ErrUnknown) || fault.KindOf(err) != fault.Timeout ||
				!strings.Contains(err.Error(), keyText(begun[0].Instance)) {
				t.Fatal(begun, err)
			}
			x.store.Refuse(nil)
			if key == "" {
				return
			}
			all, err := x.EvaluateConditions(t.Context(), ann, c)
			if err != nil || len(all) != 3 || all[0].Instance != begun[0].Instance || len(x.store.Instances()) != 3 {
				t.Errorf("repeated: %v, %v", all, err)
			}
		})
	}
}

// TestConditionsThatOneProcessCannotTake start the others.
func TestConditionsThatOneProcessCannotTake(t *testing.T) {
	run(t, []host.Resource{startedByMuch("p"), startedByMuch("q"), startedByMuch("r")}, nil, func(t *testing.T, x *house) {
		tooLarge := fault.New(fault.TooLarge, "store.too_large", "a value is too large")
		x.store.Refuse(func(b host.Batch) error {
			for _, e := range b.Events {
				if e.ProcessID == "p" {
					return tooLarge
				}
			}
			return nil
		})
		begun, err := x.EvaluateConditions(t.Context(), ann, host.Conditions{Variables: amount(101)})
		if len(begun) != 2 || !errors.Is(err, tooLarge) || !strings.Contains(err.Error(), keyText(begun[1].Instance)) {
			t.Errorf("%v, %v", begun, err)
		}
	})
}

// TestConditionsOfTwins: of requests with one key that come at the same time, on two nodes, one evaluates.
func TestConditionsOfTwins(t *testing.T) {
	nodes(t, 2, []host.Resource{startedByMuch("p"), startedByMuch("q")}, nil, func(t *testing.T, x []*house) {
		x[0].store.Disturb(hosttest.Faults{Delay: func(hosttest.Op) time.Duration { return 3 * time.Millisecond }})
		answers := make([][]host.Receipt, 6)
		errs := make([]error, len(answers))
		for i := range answers {
			go func() {
				answers[i], errs[i] = x[i%2].EvaluateConditions(t.Context(), ann, host.Conditions{Key: "twin", Variables: amount(101)})
			}()
		}
		<-time.After(time.Minute)
		synctest.Wait()
		for i := range answers {
			if errs[i] != nil || len(answers[i]) != 2 || !slices.Equal(instancesOf(answers[i]), instancesOf(answers[0])) {
				t.Errorf("%v, %v", answers[i], errs[i])
			}
		}
		if n := len(x[0].store.Instances()); n != 2 {
			t.Errorf("%d instances", n)
		}
	})
}

// TestConditionsOfAnotherNode: what another node has deployed just now is asked; a suspended process is not.
func TestConditionsOfAnotherNode(t *testing.T) {
	nodes(t, 2, nil, nil, func(t *testing.T, x []*house) {
		x[0].deploy(startedByMuch("p"), startedByMuch("q"))
		if err := x[0].Suspend(t.Context(), admin, host.Suspension{Kind: host.SuspendsDefinition, Name: "q"}, ""); err != nil {
			t.Fatal(err)
		}
		begun, err := x[1].EvaluateConditions(t.Context(), ann, host.Conditions{Variables: amount(101)})
		if err != nil || len(begun) != 1 || begun[0].ProcessID != "p" {
			t.Errorf("%v, %v", begun, err)
		}
		x[0].insist(begun[0].Instance, engine.Active)
	})
}
