package storetest

import (
	"slices"
	"strings"
	"time"

	"tallystick/engine"
	"tallystick/host"
)

var messageCases = []testCase{
	{"wait in the order of their publication", messagesWait},
	{"enter a process once", messagesEnterOnce},
	{"have an id that is unique while they are kept", messageIDUnique},
	{"that are over are swept", messagesSwept},
	{"find who waits", messagesFindWaiting},
	{"start one instance of a key", startsLocked},
	{"timer starts fire once", startTimers},
}

func message(key int64, name, correlation string, ttl time.Duration) host.Message {
	return host.Message{Key: key, Name: name, CorrelationKey: correlation, Published: noon, Expires: noon.Add(ttl), Variables: `{"a":1}`}
}

func (w *world) publish(all ...host.Message) {
	w.Helper()
	b := w.batch()
	b.Messages = all
	w.commit(b)
}

// oldest is the key of the message with the correlation key 7 that waits longest, 0 for none.
func (w *world) oldest(name, process string, now time.Time) int64 {
	w.Helper()
	m, _, err := w.db.Waiting(w.Context(), name, "7", process, now)
	w.must(err)
	return m.Key
}

func (w *world) mark(m host.Message, process string, instance int64) *batch {
	b := w.batch().start(instance)
	b.Correlations = []host.Correlation{{
		Message: engine.MessageRef{Key: m.Key, Name: m.Name, CorrelationKey: m.CorrelationKey}, Instance: instance, Definition: 7,
		ProcessID: process, Element: "begun", At: noon,
	}}
	return b
}

func messagesWait(w *world) {
	k := w.keys(4)
	long := strings.Repeat("n", 500)
	later := message(k[0], long, "7", time.Hour)
	later.Published, later.Expires = noon.Add(time.Second), noon.Add(time.Hour+time.Second)
	now := message(k[3], long+"!", "7", 0)
	w.publish(later, message(k[1], long, "7", time.Hour), message(k[2], long, "8", time.Hour), now)
	w.same("first", k[1], w.oldest(long, "order", noon))
	w.same("of another name, which is not kept", k[3], w.oldest(long+"!", "order", noon))
	w.same("when one is over", k[0], w.oldest(long, "order", noon.Add(time.Hour)))
	w.same("when both are over", int64(0), w.oldest(long, "order", noon.Add(2*time.Hour)))
	got, ok, err := w.db.Message(w.Context(), k[1])
	w.must(err)
	if !ok {
		w.Fatal("the message is not there")
	}
	w.same("what comes back", message(k[1], long, "7", time.Hour), got)
}

func messagesEnterOnce(w *world) {
	k := w.keys(2)
	m := message(k[0], "begun", "7", time.Hour)
	w.publish(m)
	fresh := w.keys(5)
	won := race(w, len(fresh), func(i int) *batch { return w.mark(m, "order", fresh[i]) })
	if won != 1 || len(w.load(fresh...).Instances) != 1 {
		w.Errorf("it entered the process %d times", won)
	}
	w.same("for the process", int64(0), w.oldest("begun", "order", noon))
	w.same("for another process", k[0], w.oldest("begun", "refund", noon))
	late := w.mark(m, "order", k[1])
	w.same("the late one", []int64{k[1]}, w.moved(w.db.Commit(w.Context(), late.Batch)).Correlations)
}

func messageIDUnique(w *world) {
	k := w.keys(8)
	named := func(key int64) host.Message {
		m := message(key, "begun", "7", time.Minute)
		m.ID = "one"
		return m
	}
	won := race(w, 4, func(i int) *batch {
		b := w.batch()
		b.Messages = []host.Message{named(k[i])}
		return b
	})
	w.same("published at once", 1, won)
	b := w.batch()
	b.Messages = []host.Message{named(k[5])}
	w.same("published later", []int64{k[5]}, w.moved(w.db.Commit(w.Context(), b.Batch)).Messages)
	n, err := w.db.SweepMessages(w.Context(), noon.Add(time.Minute), 10)
	w.must(err)
	w.same("swept", 1, n)
	w.publish(named(k[6]), message(k[7], "begun", "7", time.Minute))
}

func messagesSwept(w *world) {
	k := w.keys(3)
	w.publish(message(k[0], "a", "", time.Minute), message(k[1], "b", "", time.Hour), message(k[2], "c", "", 0))
	n, err := w.db.SweepMessages(w.Context(), noon.Add(time.Minute), 10)
	w.must(err)
	w.same("swept", 1, n)
	for i, want := range []bool{false, true, true} { // one that is not kept goes when it was matched
		if _, ok, err := w.db.Message(w.Context(), k[i]); ok != want || err != nil {
			w.Errorf("message %d: %v %v", i, ok, err)
		}
	}
}

// waits lists the subscriptions that wait for a message, start events as their negative keys.
func (w *world) waits(name, correlation string) (keys []int64) {
	w.Helper()
	all, err := w.db.MessageCatchers(w.Context(), name, correlation)
	w.must(err)
	for _, c := range all {
		if c.Instance == 0 {
			c.Subscription = -c.Subscription
		}
		keys = append(keys, c.Subscription)
	}
	return keys
}

func messagesFindWaiting(w *world) {
	long := strings.Repeat("k", 500)
	keys := w.started(2)
	opened := func(key int64, kind, correlation string) engine.SubscriptionOpened {
		return engine.SubscriptionOpened{Key: key, Element: "wait", ElementInstance: key - 1, Type: kind, Name: "begun", CorrelationKey: correlation}
	}
	b := w.batch().again(keys[0], w.load(keys[0]).Instances[keys[0]], "next")
	b.record(keys[0], opened(keys[0]+2, engine.SubscribesMessage, long))
	b.record(keys[0], opened(keys[0]+4, engine.SubscribesMessage, long+"!"))
	b.record(keys[0], opened(keys[0]+6, engine.SubscribesSignal, ""))
	b.record(keys[0], opened(keys[0]+8, engine.SubscribesConditional, ""))
	b.record(keys[0], opened(keys[0]+10, engine.SubscribesMessage, long))
	b.record(keys[0], engine.SubscriptionClosed{Key: keys[0] + 10}) // in the batch in which it was opened
	w.commit(b.record(keys[0], opened(keys[0]+12, engine.SubscribesMessage, long)))
	deploy := w.batch()
	deploy.Deployment = deployment(w, w.load().Library)
	w.commit(deploy)
	start := -deploy.Deployment.Starts[0].Key
	w.same("of the key", []int64{keys[0] + 2, keys[0] + 12, start}, w.waits("begun", long))
	w.same("of another key", []int64{start}, w.waits("begun", "7"))
	w.same("of another name", []int64(nil), w.waits("paid", long))
	signals, err := w.db.SignalCatchers(w.Context(), []string{"begun"})
	w.must(err)
	if len(signals) != 1 || signals[0].Subscription != keys[0]+6 || signals[0].Instance != keys[0] {
		w.Errorf("signals: %+v", signals)
	}
	b = w.batch().again(keys[0], w.load(keys[0]).Instances[keys[0]], "next")
	b.record(keys[0], engine.SubscriptionTriggered{Key: keys[0] + 2})
	w.commit(b.record(keys[0], engine.SubscriptionClosed{Key: keys[0] + 6}))
	w.same("after one was triggered", []int64{keys[0] + 12, start}, w.waits("begun", long))
	if signals, err = w.db.SignalCatchers(w.Context(), []string{"begun"}); err != nil || len(signals) != 0 {
		w.Errorf("signals after the end: %+v %v", signals, err)
	}
}

func startsLocked(w *world) {
	keys := w.keys(6)
	lock := func(instance int64) *batch {
		b := w.batch().start(instance)
		b.StartLocks = []host.StartLock{{ProcessID: "order", CorrelationKey: strings.Repeat("k", 4000), Instance: instance}}
		return b
	}
	w.same("started at once", 1, race(w, 4, func(i int) *batch { return lock(keys[i]) }))
	w.same("started later", []int64{keys[4]}, w.moved(w.db.Commit(w.Context(), lock(keys[4]).Batch)).StartLocks)
	first := keys[slices.IndexFunc(keys, func(k int64) bool { return len(w.load(k).Instances) == 1 })]
	for range 2 { // a node may die after it
		locks, err := w.db.FreeStart(w.Context(), first)
		w.must(err)
		if len(locks) != 1 || locks[0].Instance != first || locks[0].ProcessID != "order" {
			w.Errorf("free: %+v", locks)
		}
	}
	w.commit(lock(keys[5]))
	if locks, err := w.db.FreeStart(w.Context(), first); err != nil || len(locks) != 0 {
		w.Errorf("the lock is another's: %+v %v", locks, err)
	}
}

func startTimers(w *world) {
	deploy := func(due time.Time) int64 {
		b := w.batch()
		b.Deployment = deployment(w, w.load().Library)
		s := &b.Deployment.Starts[0]
		s.Type, s.Name, s.Alarm = engine.StartsTimer, "", engine.Alarm{Due: due, Remaining: 2, Interval: "PT1H"}
		w.commit(b)
		return s.Key
	}
	key := deploy(noon)
	next, ok, err := w.db.NextDue(w.Context())
	w.must(err)
	if !ok || !next.Equal(noon) {
		w.Errorf("next %v %v", next, ok)
	}
	due, err := w.db.DueStarts(w.Context(), noon, noon.Add(time.Minute), 10)
	w.must(err)
	if len(due) != 1 || due[0].Key != key || due[0].Alarm.Remaining != 2 || due[0].Alarm.Interval != "PT1H" || !due[0].Alarm.Due.Equal(noon) {
		w.Fatalf("due: %+v", due)
	}
	if again, err := w.db.DueStarts(w.Context(), noon, noon.Add(time.Minute), 10); err != nil || len(again) != 0 {
		w.Errorf("claimed twice: %+v %v", again, err)
	}
	fresh := w.keys(5)
	fire := func(i int, a host.StartAlarm) *batch {
		b := w.batch().start(fresh[i])
		b.StartAlarms = []host.StartAlarm{a}
		return b
	}
	on := host.StartAlarm{Key: key, Before: noon, Next: engine.Alarm{Due: noon.Add(time.Hour), Remaining: 1}}
	w.same("fired", 1, race(w, 4, func(i int) *batch { return fire(i, on) }))
	w.commit(fire(4, host.StartAlarm{Key: key, Before: noon.Add(time.Hour), Over: true}))
	if due, err = w.db.DueStarts(w.Context(), noon.Add(48*time.Hour), noon, 10); err != nil || len(due) != 0 {
		w.Errorf("after the last: %+v %v", due, err)
	}
}
