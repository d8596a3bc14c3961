package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"tallystick/audit"
	"tallystick/host"
)

var concurrentCases = []testCase{
	{"one of several commits wins", oneWins},
	{"counters lose no step", countersHold},
	{"an instance is started once", startedOnce},
	{"a stream is opened once", streamOpenedOnce},
	{"a command is taken once", commandTakenOnce},
}

// race runs n commits at once and returns how many were written; the others must have moved.
func race(w *world, n int, make func(i int) *batch) int {
	w.Helper()
	batches := []*batch{}
	for i := range n {
		batches = append(batches, make(i))
	}
	var won atomic.Int64
	var wg sync.WaitGroup
	for _, b := range batches {
		wg.Go(func() {
			var m *host.Moved
			switch err := w.db.Commit(w.Context(), b.Batch); {
			case err == nil:
				won.Add(1)
			case !errors.As(err, &m):
				w.Error(err)
			}
		})
	}
	wg.Wait()
	return int(won.Load())
}

func oneWins(w *world) {
	keys := w.started(2)
	loaded := w.load(keys...).Instances
	won := race(w, 8, func(i int) *batch {
		b := w.batch()
		// Half of them in the other order: two nodes must not wait for each other for ever.
		for j := range keys {
			k := keys[(i+j)%2]
			b.again(k, loaded[k], fmt.Sprint("by ", i))
		}
		return b
	})
	after := w.load(keys...).Instances
	if won != 1 || after[keys[0]].Version != 2 || string(after[keys[0]].State) != string(after[keys[1]].State) {
		w.Errorf("%d won, %+v", won, after)
	}
}

// countersHold lets writers add one to shared counters, each in a loop until its step is in.
func countersHold(w *world) {
	const writers, steps = 5, 8
	keys := w.keys(3)
	b := w.batch()
	for _, k := range keys {
		b.start(k)
	}
	w.commit(b)
	var wg sync.WaitGroup
	for n := range writers {
		wg.Go(func() {
			for s := range steps {
				if err := addOne(w, keys[(n+s)%3], keys[(n+s+1)%3]); err != nil {
					w.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	total := int64(0)
	for _, s := range w.load(keys...).Instances {
		total += s.Version - 1
		if s.Head.Seq != s.Version {
			w.Errorf("%d entries at version %d", s.Head.Seq, s.Version)
		}
	}
	if total != 2*writers*steps {
		w.Errorf("%d steps are in, want %d", total, 2*writers*steps)
	}
}

// addOne changes two instances at once, as often as it takes.
func addOne(w *world, keys ...int64) error {
	for {
		loaded, err := w.db.Load(w.Context(), keys)
		if err != nil {
			return err
		}
		b := &batch{w: w, Batch: host.Batch{At: noon, Policy: loaded.Policy}}
		for _, k := range keys {
			b.again(k, loaded.Instances[k], "next")
		}
		var m *host.Moved
		if err := w.db.Commit(w.Context(), b.Batch); !errors.As(err, &m) {
			return err
		}
	}
}

func startedOnce(w *world) {
	key := w.keys(1)[0]
	won := race(w, 6, func(int) *batch { return w.batch().start(key) })
	if l := w.load(key).Instances; won != 1 || l[key].Version != 1 {
		w.Errorf("%d won, %+v", won, l)
	}
}

func streamOpenedOnce(w *world) {
	won := race(w, 6, func(i int) *batch {
		b := w.batch()
		b.stream(w.genesis("authn/default/n1"), audit.Entry{Reason: ptr(fmt.Sprint(i)), Category: "c", Action: "a", Outcome: "ok", Actor: "x"})
		return b
	})
	heads, err := w.db.Heads(w.Context(), []string{"authn/default/n1"})
	w.must(err)
	if won != 1 || heads["authn/default/n1"].Seq != 1 {
		w.Errorf("%d won, %+v", won, heads)
	}
}

func commandTakenOnce(w *world) {
	if won := race(w, 6, func(int) *batch { return w.batch().command("same") }); won != 1 {
		w.Errorf("%d won", won)
	}
}
