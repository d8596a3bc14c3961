package storetest

import (
	"time"

	"tallystick/engine"
	"tallystick/host"
)

// suspensionRests suspends an instance that has a job, a timer and a subscription, beside one that goes on.
func suspensionRests(w *world) {
	keys := w.keys(2)
	b := w.batch()
	for _, key := range keys {
		b.start(key).record(key, engine.JobCreated{Key: key + 1, ElementInstance: key + 9, Element: "charge", Type: "pay", Retries: 1})
		b.record(key, engine.TimerArmed{Key: key + 2, Due: noon})
		b.record(key, engine.SubscriptionOpened{Key: key + 3, Element: "paid", ElementInstance: key + 9, Type: engine.SubscribesMessage, Name: "paid", CorrelationKey: "7"})
		b.record(key, engine.SubscriptionOpened{Key: key + 4, Element: "hint", ElementInstance: key + 9, Type: engine.SubscribesSignal, Name: "hint"})
	}
	w.commit(b)
	w.turn(keys[0], engine.InstanceSuspended{})
	w.stands(keys[0], "SUSPENDED", true)
	w.awake(keys[1:]...)
	w.turn(keys[0], engine.InstanceResumed{})
	w.stands(keys[0], "ACTIVE", false)
	w.awake(keys...)
	w.turn(keys[0], engine.InstanceSuspended{})
	w.turn(keys[1], engine.InstanceSuspended{})
	if next, ok, err := w.db.NextDue(w.Context()); ok || err != nil {
		w.Errorf("a timer is due at %v: %v", next, err)
	}
}

// turn commits one record of an instance.
func (w *world) turn(key int64, r engine.Record) {
	w.Helper()
	w.commit(w.batch().again(key, w.load(key).Instances[key], "next").record(key, r))
}

func (w *world) stands(key int64, state string, suspended bool) {
	w.Helper()
	st, _, err := w.db.Status(w.Context(), key)
	w.must(err)
	i, _, err := w.db.ProcessInstance(w.Context(), key)
	w.must(err)
	if st.Status != state || i.State != state || (i.SuspendedDate != nil) != suspended || i.EndDate != nil {
		w.Errorf("%s, %+v", st.Status, i)
	}
}

// awake insists that these instances, and no others, are given jobs, timers, messages and signals.
func (w *world) awake(keys ...int64) {
	w.Helper()
	ctx := w.Context()
	jobs := w.activate(host.Activation{Type: "pay", Max: 9}, noon)
	due, err := w.db.Due(ctx, noon, noon, 9)
	w.must(err)
	messages, err := w.db.MessageCatchers(ctx, "paid", "7")
	w.must(err)
	signals, err := w.db.SignalCatchers(ctx, []string{"hint"})
	w.must(err)
	if len(jobs) != len(keys) || len(due) != len(keys) || len(messages) != len(keys) || len(signals) != len(keys) {
		w.Fatalf("%d jobs, %d timers, %d messages, %d signals for %d instances", len(jobs), len(due), len(messages), len(signals), len(keys))
	}
	for i, key := range keys {
		if jobs[i].Instance != key || due[i].Instance != key || messages[i].Instance != key || signals[i].Instance != key {
			w.Errorf("instance %d is not among them", key)
		}
	}
	if next, ok, err := w.db.NextDue(ctx); !ok || err != nil || next.After(noon.Add(time.Second)) {
		w.Errorf("the next timer: %v %v %v", next, ok, err)
	}
}
