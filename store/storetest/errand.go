package storetest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/query"
)

var errandCases = []testCase{
	{"are claimed in the order of their chain", errandsInOrder},
	{"are claimed by one", errandsClaimedOnce},
	{"are carried out once", errandsDoneOnce},
	{"are dismissed all or none", errandsDismissed},
	{"calls are found by the caller", callsFound},
}

// errand is one of the given instance, number n of what it is about.
func errand(key, source, about, n int64) host.Errand {
	return host.Errand{Key: key, Kind: host.ErrandCall, Source: source, About: about, Number: n, Payload: []byte("[]"), Cause: "c", Created: noon, Next: noon}
}

// left commits errands and returns their keys.
func (w *world) left(all ...host.Errand) []int64 {
	w.Helper()
	b := w.batch()
	var keys []int64
	for i := range all {
		keys = append(keys, all[i].Key)
	}
	b.Errands = all
	w.commit(b)
	return keys
}

func (w *world) claim(now time.Time) (keys []int64) {
	w.Helper()
	all, err := w.db.ClaimErrands(w.Context(), now, now.Add(time.Minute), 100)
	w.must(err)
	for _, e := range all {
		keys = append(keys, e.Key)
	}
	slices.Sort(keys)
	return keys
}

func (w *world) same(what string, want, got any) {
	w.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		w.Errorf("%s: %s", what, diff)
	}
}

func errandsInOrder(w *world) {
	k := w.keys(4)
	w.left(errand(k[0], 5, 1, 2), errand(k[1], 5, 1, 1), errand(k[2], 5, 2, 7))
	full, err := w.db.ClaimErrands(w.Context(), noon, noon.Add(time.Minute), 100)
	w.must(err)
	if len(full) == 0 {
		w.Fatal("nothing is there to be done")
	}
	want := errand(full[0].Key, 5, full[0].About, full[0].Number)
	want.Next = noon.Add(time.Minute)
	w.same("what comes back", want, full[0])
	w.same("claimed, behind nobody", 2, len(full))
	w.same("while they are claimed", []int64(nil), w.claim(noon.Add(time.Second)))
	w.same("after the claim has run out", []int64{k[1], k[2]}, w.claim(noon.Add(time.Minute)))
	b := w.batch()
	b.Done = []int64{k[0]}
	w.same("one behind another", []int64{k[0]}, w.moved(w.db.Commit(w.Context(), b.Batch)).Errands)
	b = w.batch()
	b.Done = []int64{k[1]}
	w.commit(b)
	w.same("the next of the chain", []int64{k[0]}, w.claim(noon))
}

func errandsClaimedOnce(w *world) {
	const n = 40
	var all []host.Errand
	for i, key := range w.keys(n) {
		all = append(all, errand(key, int64(i), key, 0))
	}
	want := w.left(all...)
	var mu sync.Mutex
	var got []int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range n {
				some, err := w.db.ClaimErrands(w.Context(), noon, noon.Add(time.Minute), 3)
				if err != nil {
					w.Error(err)
					return
				}
				mu.Lock()
				for _, e := range some {
					got = append(got, e.Key)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.Sort(got)
	w.same("claimed by four", want, got)
}

func errandsDoneOnce(w *world) {
	key := w.left(errand(w.keys(1)[0], 5, 1, 1))[0]
	fresh := w.keys(6)
	won := race(w, 6, func(i int) *batch {
		b := w.batch().start(fresh[i])
		b.Done = []int64{key}
		return b
	})
	if n := len(w.load(fresh...).Instances); won != 1 || n != 1 {
		w.Errorf("%d won, %d instances", won, n)
	}
	w.same("left", []int64(nil), w.claim(noon.Add(time.Hour)))
}

func errandsDismissed(w *world) {
	k := w.keys(4)
	w.left(errand(k[0], 5, 1, 1), errand(k[1], 5, 2, 1))
	b := w.batch()
	b.Messages = []host.Message{message(k[2], "paid", "7", 0)}
	w.commit(b)
	over := host.Dismissal{Errands: []int64{k[0], k[3]}, Message: k[2]}
	ok, err := w.db.Dismiss(w.Context(), over)
	w.must(err)
	_, there, err := w.db.Message(w.Context(), k[2])
	w.must(err)
	if ok || !there {
		w.Errorf("one that is not there was dismissed: %v %v", ok, there)
	}
	over.Errands = k[:2]
	ok, err = w.db.Dismiss(w.Context(), over)
	w.must(err)
	_, there, err = w.db.Message(w.Context(), k[2])
	w.must(err)
	if !ok || there {
		w.Errorf("both are there: %v %v", ok, there)
	}
	w.same("left", []int64(nil), w.claim(noon.Add(time.Hour)))
}

func callsFound(w *world) {
	k := w.keys(3)
	caller := k[0] + 4
	w.left(errand(k[1], k[0], caller, 1))
	pending, err := w.db.PendingCall(w.Context(), caller)
	w.must(err)
	w.same("pending", k[1], pending)
	b := w.batch()
	b.change(k[1], 0, w.genesis(fmt.Sprintf("pi/%d", k[1])), "state-1")
	b.record(k[1], engine.InstanceStarted{Instance: k[1], Definition: 7, ProcessID: "order", Version: 3, Parent: k[0], Caller: caller, Root: k[0]})
	b.Done = []int64{k[1]}
	w.commit(b)
	pending, err = w.db.PendingCall(w.Context(), caller)
	w.must(err)
	called, err := w.db.Called(w.Context(), caller)
	w.must(err)
	w.same("pending and called", []int64{0, k[1]}, []int64{pending, called})
	w.within(k)
}

// within finds the incidents of an instance under it and under those that called it: the second instance was called by
// the first, which has no history, and calls the third.
func (w *world) within(k []int64) {
	w.Helper()
	b := w.batch()
	b.change(k[2], 0, w.genesis(fmt.Sprintf("pi/%d", k[2])), "state-1")
	b.record(k[2], engine.InstanceStarted{Instance: k[2], Definition: 7, ProcessID: "order", Version: 3, Parent: k[1], Caller: k[1] + 4, Root: k[0]})
	b.record(k[2], engine.IncidentRaised{Key: k[2] + 5})
	w.commit(b)
	for instance, want := range map[int64]int{k[1]: 1, k[2]: 1, k[2] + 1: 0} {
		found, err := w.db.SearchIncidents(w.Context(), query.Request{
			Access: all, Conds: []query.Cond{{Field: query.WithinInstance, Op: query.Eq, Value: instance}},
		})
		w.must(err)
		w.same("incidents", want, len(found.Items))
	}
}

var dataStoreCases = []testCase{
	{"keep what was written last", dataStoresKeep},
	{"lose no row to a race", dataStoresRace},
}

func dataStoresKeep(w *world) {
	key := w.started(1)[0]
	long := strings.Repeat("long", 1000)
	write := func(values ...string) {
		b := w.batch().again(key, w.load(key).Instances[key], "next")
		for _, v := range values {
			b.record(key, engine.DataStoreWritten{Store: long, Value: canonText(v)})
		}
		w.commit(b.record(key, engine.DataStoreWritten{Store: long + "!", Value: "0"}))
	}
	if _, ok, err := w.db.DataStore(w.Context(), long); ok || err != nil {
		w.Errorf("a store that nobody wrote: %v %v", ok, err)
	}
	for _, step := range []struct {
		write []string
		want  string
	}{{[]string{"1"}, "1"}, {[]string{"2", `{"a":[1,null]}`}, `{"a":[1,null]}`}, {[]string{"null"}, "null"}} {
		write(step.write...)
		got, ok, err := w.db.DataStore(w.Context(), long)
		w.must(err)
		if !ok || string(got) != step.want {
			w.Errorf("after %v: %v %s", step.write, ok, got)
		}
	}
}

func dataStoresRace(w *world) {
	keys := w.keys(8)
	won := race(w, len(keys), func(i int) *batch {
		b := w.batch().start(keys[i])
		for j := range 4 {
			b.record(keys[i], engine.DataStoreWritten{Store: fmt.Sprint("s", (i+j)%4), Value: canonText(fmt.Sprint(i))})
		}
		return b
	})
	if won != len(keys) {
		w.Errorf("%d of %d were written", won, len(keys))
	}
	for j := range 4 {
		if _, ok, err := w.db.DataStore(w.Context(), fmt.Sprint("s", j)); !ok || err != nil {
			w.Errorf("store %d: %v %v", j, ok, err)
		}
	}
}
