package storetest

import (
	"time"

	"github.com/google/go-cmp/cmp"

	"tallystick/engine"
	"tallystick/host"
)

var timerCases = []testCase{
	{"are listed oldest first", timersOrdered},
	{"survive to the microsecond, never early", timesSurvive},
	{"end with their instance's records", timersEnd},
}

func timersOrdered(w *world) {
	key := w.started(1)[0]
	if _, ok, err := w.db.NextDue(w.Context()); ok || err != nil {
		w.Fatalf("a timer without one: %v %v", ok, err)
	}
	b := w.batch().again(key, w.load(key).Instances[key], "next")
	for i, minutes := range []int{3, 1, 2, 1} {
		due := noon.Add(time.Duration(minutes) * time.Minute)
		b.record(key, engine.TimerArmed{Key: key + 1 + int64(i), Due: due})
	}
	w.commit(b)
	next, ok, err := w.db.NextDue(w.Context())
	w.must(err)
	if !ok || !next.Equal(noon.Add(time.Minute)) {
		w.Errorf("next %v %v", next, ok)
	}
	due, err := w.db.Due(w.Context(), noon.Add(2*time.Minute), noon.Add(2*time.Minute), 10)
	w.must(err)
	want := []host.DueTimer{
		{Instance: key, Timer: key + 2, Due: noon.Add(time.Minute)},
		{Instance: key, Timer: key + 4, Due: noon.Add(time.Minute)},
		{Instance: key, Timer: key + 3, Due: noon.Add(2 * time.Minute)},
	}
	if diff := cmp.Diff(want, due); diff != "" {
		w.Error(diff)
	}
	if limited, err := w.db.Due(w.Context(), noon.Add(2*time.Minute), noon.Add(2*time.Minute), 2); err != nil || len(limited) != 2 {
		w.Errorf("%d timers, %v", len(limited), err)
	}
}

func timesSurvive(w *world) {
	key := w.started(1)[0]
	times := []time.Time{
		time.Unix(0, 0).UTC(), time.Date(1901, 2, 3, 4, 5, 6, 7000, time.UTC), noon,
		time.Date(2299, 12, 31, 23, 59, 59, 999999000, time.UTC),
		noon.In(time.FixedZone("east", 5*3600)), noon.Add(1), // a nanosecond later
	}
	b := w.batch().again(key, w.load(key).Instances[key], "next")
	for i, at := range times {
		b.record(key, engine.TimerArmed{Key: key + 1 + int64(i), Due: at})
	}
	w.commit(b)
	due, err := w.db.Due(w.Context(), time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC), 10)
	w.must(err)
	for _, d := range due {
		want := times[d.Timer-key-1]
		if late := d.Due.Sub(want); late < 0 || late >= time.Microsecond || d.Due.Location() != time.UTC {
			w.Errorf("%v came back as %v", want, d.Due)
		}
	}
	if len(due) != len(times) {
		w.Errorf("%d of %d timers", len(due), len(times))
	}
}

func timersEnd(w *world) {
	key := w.started(1)[0]
	b := w.batch().again(key, w.load(key).Instances[key], "next")
	for i := range int64(4) {
		b.record(key, engine.TimerArmed{Key: key + 1 + i, Due: noon})
	}
	w.commit(b.record(key, engine.TimerCanceled{Key: key + 1})) // armed and gone in one batch
	b = w.batch().again(key, w.load(key).Instances[key], "next")
	b.record(key, engine.TimerFired{Key: key + 2})
	w.commit(b.record(key, engine.TimerCanceled{Key: key + 3}))
	due, err := w.db.Due(w.Context(), noon, noon, 10)
	w.must(err)
	if diff := cmp.Diff([]host.DueTimer{{Instance: key, Timer: key + 4, Due: noon}}, due); diff != "" {
		w.Error(diff)
	}
}
