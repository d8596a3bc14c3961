package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/query"
)

var batchCases = []testCase{
	{"freezes what matches", batchFreezes},
	{"freezes incidents", batchFreezesIncidents},
	{"sees what its creator sees", batchSees},
	{"refuses too many items", batchTooLarge},
	{"items are claimed by one", itemsClaimedOnce},
	{"items are carried out once", itemsDoneOnce},
	{"refused items are written once", itemsSettledOnce},
	{"ends with the counts of its items", batchEnds},
	{"is suspended, resumed and canceled", batchMoves},
	{"is forgotten with its items", batchForgotten},
	{"is forgotten in parts", batchesForgottenInParts},
	{"forgets an instance with its item", itemForgotten},
	{"is found by its fields", batchSearched},
}

// operation is a batch operation over the instances of order that match.
func operation(key int64, kind string, conds ...query.Cond) host.BatchCreation {
	return host.BatchCreation{
		BatchOperation: host.BatchOperation{
			Key: key, Type: kind, State: host.BatchCreated, Payload: json.RawMessage(`{"a":1}`), Reason: "why", Cause: "c",
			Actor: host.Actor{Kind: "user", Name: "ann", Roles: []string{"operator"}, Method: "basic"},
		},
		Selection: host.BatchSelection{Type: kind, Limit: 1000, Filter: query.Request{Access: all, Conds: conds}},
		Filter:    `{"state":"ACTIVE"}`, At: noon,
	}
}

// frozen creates a batch operation and returns its key.
func (w *world) frozen(kind string, conds ...query.Cond) int64 {
	w.Helper()
	key := w.keys(1)[0]
	c := operation(key, kind, conds...)
	b := w.batch()
	b.Operations = []host.BatchChange{{Create: &c}}
	w.commit(b)
	return key
}

func (w *world) move(key int64, to string, from ...string) error {
	b := w.batch()
	b.Operations = []host.BatchChange{{Move: &host.BatchMove{Key: key, From: from, To: to, At: noon}}}
	return w.db.Commit(w.Context(), b.Batch)
}

func (w *world) claimItems(batch int64, now time.Time, limit int) (keys []int64) {
	w.Helper()
	all, err := w.db.ClaimItems(w.Context(), batch, now, now.Add(time.Minute), limit)
	w.must(err)
	for _, i := range all {
		keys = append(keys, i.Key)
	}
	return keys
}

func (w *world) shown(batch int64) query.BatchOperation {
	w.Helper()
	o, ok, err := w.db.BatchOperation(w.Context(), batch)
	w.must(err)
	if !ok {
		w.Fatalf("there is no batch operation %d", batch)
	}
	return o
}

func (w *world) progress(batch int64) host.BatchCounts {
	w.Helper()
	c, ok, err := w.db.BatchCounts(w.Context(), batch)
	w.must(err)
	if !ok {
		w.Fatalf("there is no batch operation %d", batch)
	}
	return c
}

func batchFreezes(w *world) {
	keys := w.started(5)
	w.turn(keys[1], engine.InstanceSuspended{})
	b := w.batch().again(keys[2], w.load(keys[2]).Instances[keys[2]], "end")
	b.Instances[0].Status = "COMPLETED"
	b.record(keys[2], engine.InstanceCompleted{})
	w.commit(b)
	less := query.Cond{Field: "processInstanceKey", Op: query.NotIn, Value: []any{keys[4]}}
	for kind, want := range map[string][]int64{
		host.BatchCancel:  {keys[0], keys[1], keys[3]},
		host.BatchSuspend: {keys[0], keys[3]},
		host.BatchResume:  {keys[1]},
		host.BatchDelete:  {keys[2]},
	} {
		n, err := w.db.CountItems(w.Context(), operation(0, kind, less).Selection)
		w.must(err)
		w.same("planned "+kind, int64(len(want)), n)
		batch := w.frozen(kind, less)
		w.same("frozen "+kind, want, w.claimItems(batch, noon, 9))
	}
	batch := w.frozen(host.BatchCancel, less)
	w.started(1) // matches too late
	w.same("counts", host.BatchCounts{State: host.BatchCreated, Active: 3}, w.progress(batch))
	open, err := w.db.OpenBatches(w.Context(), 9)
	w.must(err)
	want := operation(batch, host.BatchCancel).BatchOperation
	w.same("open", want, open[len(open)-1])
}

func batchFreezesIncidents(w *world) {
	keys := w.started(3)
	for _, key := range keys[:2] {
		w.turn(key, engine.IncidentRaised{Key: key + 1, Element: "a", ElementInstance: key + 9, ErrorType: "CONDITION_ERROR"})
		w.turn(key, engine.IncidentRaised{Key: key + 2, Element: "b", ElementInstance: key + 8, ErrorType: "CONDITION_ERROR"})
	}
	w.turn(keys[0], engine.IncidentResolved{Key: keys[0] + 1, Element: "a"})
	batch := w.frozen(host.BatchResolve)
	items, err := w.db.ClaimItems(w.Context(), batch, noon, noon.Add(time.Minute), 9)
	w.must(err)
	w.same("incidents", []host.BatchItem{
		{Batch: batch, Key: keys[0] + 2, Instance: keys[0]},
		{Batch: batch, Key: keys[1] + 1, Instance: keys[1]},
		{Batch: batch, Key: keys[1] + 2, Instance: keys[1]},
	}, items)
}

func batchSees(w *world) {
	w.started(2)
	for _, c := range []struct {
		access query.Access
		want   int64
	}{
		{query.Access{}, 0},
		{query.Access{Definitions: []string{"other"}}, 0},
		{query.Access{Definitions: []string{"order"}}, 2},
		{query.Access{All: true, Denied: []string{"order"}}, 0},
	} {
		s := operation(0, host.BatchCancel).Selection
		s.Filter.Access = c.access
		n, err := w.db.CountItems(w.Context(), s)
		w.must(err)
		w.same(fmt.Sprintf("%+v", c.access), c.want, n)
	}
	_, err := w.db.CountItems(w.Context(), operation(0, host.BatchCancel, query.Cond{Field: "nothing", Op: query.Eq, Value: "x"}).Selection)
	if err == nil {
		w.Error("a filter by a field that is not there is accepted")
	}
}

func batchTooLarge(w *world) {
	w.started(3)
	c := operation(w.keys(1)[0], host.BatchCancel)
	c.Selection.Limit = 2
	b := w.batch()
	b.Operations = []host.BatchChange{{Create: &c}}
	if err := w.db.Commit(w.Context(), b.Batch); !errors.Is(err, host.ErrBatchTooLarge) {
		w.Errorf("three items for two: %v", err)
	}
	if _, ok, err := w.db.BatchCounts(w.Context(), c.Key); ok || err != nil {
		w.Errorf("a part of it is there: %v", err)
	}
}

func itemsClaimedOnce(w *world) {
	want := w.started(60)
	batch := w.frozen(host.BatchCancel)
	var mu sync.Mutex
	var got []int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range len(want) {
				items, err := w.db.ClaimItems(w.Context(), batch, noon, noon.Add(time.Minute), 4)
				if err != nil {
					w.Error(err)
					return
				}
				mu.Lock()
				for _, i := range items {
					got = append(got, i.Key)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.Sort(got)
	w.same("claimed by four", want, got)
	w.same("while they are claimed", []int64(nil), w.claimItems(batch, noon.Add(time.Second), 9))
	w.same("after the claim has run out", want[:9], w.claimItems(batch, noon.Add(time.Minute), 9))
	if o := w.shown(batch); o.State != host.BatchActive || o.StartDate == nil || !o.StartDate.Equal(noon) {
		w.Errorf("%+v", o)
	}
}

func itemsDoneOnce(w *world) {
	key := w.started(1)[0]
	operation := w.frozen(host.BatchCancel)
	fresh := w.keys(6)
	done := host.BatchOutcome{BatchItemID: host.BatchItemID{Batch: operation, Key: key}, State: host.ItemCompleted, Entry: "e", At: noon}
	won := race(w, 6, func(i int) *batch {
		b := w.batch().start(fresh[i])
		b.Items = []host.BatchOutcome{done}
		return b
	})
	if won != 1 {
		w.Errorf("%d carried out one item", won)
	}
	b := w.batch().start(w.keys(1)[0])
	b.Items = []host.BatchOutcome{done}
	w.same("once more", []host.BatchItemID{done.BatchItemID}, w.moved(w.db.Commit(w.Context(), b.Batch)).Items)
	w.same("counts", int64(1), w.progress(operation).Completed)
}

func itemsSettledOnce(w *world) {
	keys := w.started(2)
	batch := w.frozen(host.BatchCancel)
	outcome := func(key int64, state, code string) host.BatchOutcome {
		return host.BatchOutcome{BatchItemID: host.BatchItemID{Batch: batch, Key: key}, State: state, Code: code, Message: code + " \x00", At: noon}
	}
	w.must(w.db.SettleItems(w.Context(), []host.BatchOutcome{outcome(keys[1], host.ItemSkipped, "gone"), outcome(keys[0], host.ItemFailed, "denied")}))
	w.must(w.db.SettleItems(w.Context(), []host.BatchOutcome{outcome(keys[0], host.ItemSkipped, "later")}))
	w.must(w.db.SettleItems(w.Context(), nil))
	r, err := w.db.SearchBatchOperationItems(w.Context(), query.Request{Access: all})
	w.must(err)
	var got []string
	for _, i := range r.Items {
		got = append(got, fmt.Sprint(i.State, " ", *i.ErrorCode, " ", *i.ErrorMessage, " ", i.ProcessedDate.Equal(noon), " ", i.EventID == nil))
	}
	w.same("items", []string{"FAILED denied denied \uFFFD true true", "SKIPPED gone gone \uFFFD true true"}, got)
}

func batchEnds(w *world) {
	keys := w.started(4)
	batch := w.frozen(host.BatchCancel)
	w.claimItems(batch, noon, 1)
	w.same("refused", []int64{batch}, w.moved(w.move(batch, host.BatchCompleted, host.BatchActive)).Operations)
	w.same("with items that are open", host.BatchActive, w.shown(batch).State)
	var outcomes []host.BatchOutcome
	for i, state := range []string{host.ItemCompleted, host.ItemCompleted, host.ItemFailed, host.ItemSkipped} {
		outcomes = append(outcomes, host.BatchOutcome{BatchItemID: host.BatchItemID{Batch: batch, Key: keys[i]}, State: state, At: noon})
	}
	w.must(w.db.SettleItems(w.Context(), outcomes))
	before := w.shown(batch)
	w.must(w.move(batch, host.BatchPartial, host.BatchActive))
	after := w.shown(batch)
	w.same("how it ends", []any{host.BatchPartial, true}, []any{after.State, after.EndDate.Equal(noon)})
	before.State, before.EndDate = after.State, after.EndDate
	w.same("counts that were kept", before, after)
	w.same("counts", []int64{4, 2, 1, 1, 0}, []int64{
		after.OperationsTotalCount, after.OperationsCompletedCount, after.OperationsFailedCount, after.OperationsSkippedCount, after.OperationsCanceledCount,
	})
	w.same("after its end", []int64{batch}, w.moved(w.move(batch, host.BatchCanceled, host.BatchActive)).Operations)
}

func batchMoves(w *world) {
	keys := w.started(3)
	batch := w.frozen(host.BatchCancel)
	w.must(w.move(batch, host.BatchSuspended, host.BatchCreated, host.BatchActive))
	w.same("while it is suspended", []int64(nil), w.claimItems(batch, noon, 9))
	open, err := w.db.OpenBatches(w.Context(), 9)
	w.must(err)
	w.same("open while it is suspended", 0, len(open))
	w.same("again", []int64{batch}, w.moved(w.move(batch, host.BatchSuspended, host.BatchActive)).Operations)
	w.must(w.move(batch, host.BatchActive, host.BatchSuspended))
	w.same("resumed", keys[:1], w.claimItems(batch, noon, 1))
	w.must(w.db.SettleItems(w.Context(), []host.BatchOutcome{{BatchItemID: host.BatchItemID{Batch: batch, Key: keys[0]}, State: host.ItemCompleted, At: noon}}))
	w.must(w.move(batch, host.BatchCanceled, host.BatchActive))
	w.same("canceled", host.BatchCounts{State: host.BatchCanceled, Completed: 1, Canceled: 2}, w.progress(batch))
	w.same("after the end", []int64(nil), w.claimItems(batch, noon.Add(time.Hour), 9))
	b := w.batch().start(w.keys(1)[0])
	b.Items = []host.BatchOutcome{{BatchItemID: host.BatchItemID{Batch: batch, Key: keys[1]}, State: host.ItemCompleted, At: noon}}
	w.same("an item in hand", 1, len(w.moved(w.db.Commit(w.Context(), b.Batch)).Items))
}

func batchSearched(w *world) {
	keys := w.started(2)
	one, two := w.frozen(host.BatchCancel), w.frozen(host.BatchSuspend, query.Cond{Field: "processInstanceKey", Op: query.Eq, Value: keys[1]})
	for _, c := range []struct {
		field string
		value any
		want  []int64
	}{
		{"batchOperationKey", two, []int64{two}},
		{"operationType", host.BatchCancel, []int64{one}},
		{"state", host.BatchCreated, []int64{one, two}},
		{"actorType", "USER", []int64{one, two}},
		{"actorId", "bob", nil},
	} {
		r, err := w.db.SearchBatchOperations(w.Context(), query.Request{Access: all, Conds: []query.Cond{{Field: c.field, Op: query.Eq, Value: c.value}}})
		w.must(err)
		var got []int64
		for _, o := range r.Items {
			got = append(got, int64(o.BatchOperationKey))
		}
		w.same(c.field, c.want, got)
	}
	o := w.shown(one)
	w.same("as it was asked", `{"state":"ACTIVE"}`, string(o.Filter))
	items := func(r query.Request) (n int) {
		found, err := w.db.SearchBatchOperationItems(w.Context(), r)
		w.must(err)
		return len(found.Items)
	}
	w.same("items of an instance", 2, items(query.Request{Access: all, Conds: []query.Cond{{Field: "processInstanceKey", Op: query.Eq, Value: keys[1]}}}))
	w.same("items without access", 0, items(query.Request{Access: query.Access{Definitions: []string{"order"}}}))
	first, err := w.db.SearchBatchOperationItems(w.Context(), query.Request{Access: all, Page: query.Page{Limit: 2}})
	w.must(err)
	w.same("items of the next page", 1, items(query.Request{Access: all, Page: query.Page{After: first.End}}))
	r, err := w.db.SearchProcessInstances(w.Context(), query.Request{Access: all, Conds: []query.Cond{{Field: "batchOperationKey", Op: query.Eq, Value: two}}})
	w.must(err)
	w.same("instances of a batch operation", 1, len(r.Items))
}
