package storetest

import (
	"time"

	"tallystick/engine"
	"tallystick/host"
)

// jobUpdated moves the lock of a job that has one, and is refused for one that has none; a priority moves the queue.
func jobUpdated(w *world) {
	key := w.keys(1)[0]
	b := w.batch().start(key)
	for i := range int64(2) {
		b.record(key, engine.JobCreated{Key: key + 1 + i, ElementInstance: key, Type: "x", Retries: 1})
	}
	w.commit(b)
	x := host.Activation{Type: "x", Worker: "w", Max: 1, Timeout: time.Minute}
	moved := func() host.Batch {
		b := w.batch().again(key, w.load(key).Instances[key], "next")
		b.record(key, engine.JobLockMoved{Key: key + 2, Deadline: noon.Add(time.Hour)})
		b.Locked = []int64{key + 2}
		return b.Batch
	}
	if m := w.moved(w.db.Commit(w.Context(), moved())); len(m.Unlocked) != 1 || m.Unlocked[0] != key+2 {
		w.Errorf("moved: %+v", m)
	}
	w.turn(key, engine.JobPriorityChanged{Key: key + 2, Priority: 1})
	if jobs := w.activate(x, noon); len(jobs) != 1 || jobs[0].Key != key+2 || jobs[0].Priority != 1 {
		w.Fatalf("%+v", jobs)
	}
	w.must(w.db.Commit(w.Context(), moved()))
	w.turn(key, engine.JobLockMoved{Key: key + 1, Deadline: noon.Add(time.Hour)}) // which has no lock, and gets none
	x.Max = 9
	if jobs := w.activate(x, noon.Add(2*time.Minute)); len(jobs) != 1 || jobs[0].Key != key+1 {
		w.Errorf("two minutes later: %+v", jobs)
	}
	if j, _, err := w.db.Job(w.Context(), key+2); err != nil || j.State != "CREATED" || !j.Deadline.Equal(noon.Add(time.Hour)) {
		w.Errorf("%+v %v", j, err)
	}
	b = w.batch().again(key, w.load(key).Instances[key], "next")
	b.record(key, engine.JobFailed{Key: key + 2, Retries: 1})
	b.record(key, engine.JobLockMoved{Key: key + 2, Deadline: noon.Add(9 * time.Hour)})
	b.Locked = []int64{key + 2}
	w.commit(b)
	if j, _, err := w.db.Job(w.Context(), key+2); err != nil || j.State != "FAILED" || j.Deadline != nil {
		w.Errorf("a job that failed is locked: %+v %v", j, err)
	}
}
