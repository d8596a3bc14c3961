package storetest

import (
	"time"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/host"
	"tallystick/query"
)

func batchForgotten(w *world) {
	w.started(2)
	old, open := w.frozen(host.BatchCancel), w.frozen(host.BatchCancel)
	w.must(w.move(old, host.BatchCanceled, host.BatchCreated))
	rows := w.batch()
	rows.stream(w.genesis("history/default/n"), audit.Entry{})
	seal := func(gone host.ForgottenBatches) (host.AuditBatch, error) {
		w.same("sealed", host.ForgottenBatches{Keys: []int64{old}, Items: 2}, gone)
		return rows.Audit, nil
	}
	for _, c := range []struct {
		before time.Time
		want   int
	}{{noon, 0}, {noon.Add(time.Second), 1}, {noon.Add(time.Second), 0}} {
		done, err := w.db.ForgetBatches(w.Context(), c.before, 9, seal)
		w.must(err)
		w.same("forgotten", c.want, len(done.Keys))
	}
	r, err := w.db.SearchBatchOperationItems(w.Context(), query.Request{Access: all})
	w.must(err)
	w.same("items", 2, len(r.Items))
	w.same("the other", host.BatchCreated, w.shown(open).State)
}

// batchesForgottenInParts has batch operations with none, six and six items where a transaction takes four rows.
func batchesForgottenInParts(w *world) {
	none := query.Cond{Field: "processInstanceKey", Op: query.Eq, Value: int64(1)}
	small := w.frozen(host.BatchCancel, none)
	w.started(6)
	first, second := w.frozen(host.BatchCancel), w.frozen(host.BatchCancel)
	last := w.frozen(host.BatchCancel, none)
	for _, key := range []int64{small, first, second, last} {
		w.must(w.move(key, host.BatchCanceled, host.BatchCreated))
	}
	var sealed, done []host.ForgottenBatches
	for more := true; more; {
		one, err := w.db.ForgetBatches(w.Context(), noon.Add(time.Second), 4, func(gone host.ForgottenBatches) (host.AuditBatch, error) {
			sealed = append(sealed, gone)
			return host.AuditBatch{}, nil
		})
		w.must(err)
		more, done = one.More, append(done, one)
	}
	want := []host.ForgottenBatches{
		{Keys: []int64{small}, More: true},
		{Items: 4, More: true},
		{Keys: []int64{first}, Items: 2, More: true},
		{Items: 4, More: true},
		{Keys: []int64{second}, Items: 2, More: true},
		{Keys: []int64{last}},
	}
	w.same("forgotten", want, done)
	w.same("sealed", want, sealed)
	r, err := w.db.SearchBatchOperationItems(w.Context(), query.Request{Access: all})
	w.must(err)
	w.same("items", 0, len(r.Items))
}

// itemForgotten forgets an instance for an item that is open, and leaves both alone when it is not.
func itemForgotten(w *world) {
	key := w.started(1)[0]
	b := w.batch().again(key, w.load(key).Instances[key], "end")
	b.Instances[0].Status = "COMPLETED"
	b.record(key, engine.InstanceCompleted{})
	w.commit(b)
	canceled, batch := w.frozen(host.BatchDelete), w.frozen(host.BatchDelete)
	w.must(w.move(canceled, host.BatchCanceled, host.BatchCreated))
	forget := func(batch int64) error {
		done := host.BatchOutcome{BatchItemID: host.BatchItemID{Batch: batch, Key: key}, State: host.ItemCompleted, Entry: "e", At: noon}
		_, err := w.db.Forget(w.Context(), host.Forgetting{Instance: key, Max: 9, Item: &done}, func(host.Pruned) (host.AuditBatch, error) { return host.AuditBatch{}, nil })
		return err
	}
	w.same("canceled", []host.BatchItemID{{Batch: canceled, Key: key}}, w.moved(forget(canceled)).Items)
	if _, there, err := w.db.Status(w.Context(), key); !there || err != nil {
		w.Errorf("the instance is gone, %v", err)
	}
	w.must(forget(batch))
	w.same("counts", host.BatchCounts{State: host.BatchCreated, Completed: 1}, w.progress(batch))
	w.same("once more", []host.BatchItemID{{Batch: batch, Key: key}}, w.moved(forget(batch)).Items)
	if _, there, err := w.db.Status(w.Context(), key); there || err != nil {
		w.Errorf("the instance is still there, %v", err)
	}
}
