package storetest

import (
	"errors"
	"fmt"
	"slices"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/query"
)

var forgetCases = []testCase{
	{"refuses a tree of which anything goes on", treeRefused},
	{"takes a tree in parts, the topmost instance last", treeForgotten},
}

// tree starts an instance that called others, each of which called one more, and returns their keys, each caller before
// what it called. They go on.
func (w *world) tree(called int) []int64 {
	w.Helper()
	keys := w.keys(1 + 2*called)
	b := w.batch()
	for i, k := range keys {
		parent := keys[max(0, i-called)]
		if i <= called {
			parent = keys[0]
		}
		b.change(k, 0, w.genesis(fmt.Sprintf("pi/%d", k)), "state-1")
		started := engine.InstanceStarted{Instance: k, Definition: 7, ProcessID: "order", Version: 3}
		if i > 0 {
			started.Parent, started.Caller, started.Root = parent, parent+1, keys[0]
		}
		b.record(k, started)
	}
	w.commit(b)
	return keys
}

// finish ends instances.
func (w *world) finish(keys ...int64) {
	w.Helper()
	stored := w.load(keys...).Instances
	b := w.batch()
	for i, k := range keys {
		b.again(k, stored[k], "end").record(k, engine.InstanceCompleted{})
		b.Instances[i].Status = "COMPLETED"
	}
	w.commit(b)
}

// wood is a tree of instances that is to be forgotten for an item of a batch operation.
type wood struct {
	*world
	keys  []int64
	batch int64
}

func (w *world) wood(called int) wood {
	w.Helper()
	keys := w.tree(called)
	return wood{w, keys, w.frozen(host.BatchCancel, query.Cond{Field: "processInstanceKey", Op: query.Eq, Value: keys[0]})}
}

func (w wood) forget() (host.Pruned, error) {
	done := host.BatchOutcome{BatchItemID: host.BatchItemID{Batch: w.batch, Key: w.keys[0]}, State: host.ItemCompleted, Entry: "e", At: noon}
	return w.db.Forget(w.Context(), host.Forgetting{Instance: w.keys[0], Max: 5, Item: &done}, func(host.Pruned) (host.AuditBatch, error) {
		return host.AuditBatch{}, nil
	})
}

func (w wood) left() int {
	r, err := w.db.SearchProcessInstances(w.Context(), query.Request{Access: all})
	w.must(err)
	return len(r.Items)
}

func (w wood) refused(what string) {
	w.Helper()
	if _, err := w.forget(); !errors.Is(err, host.ErrInstanceActive) {
		w.Errorf("%s: %v", what, err)
	}
	w.same("left, "+what, len(w.keys), w.left())
	w.same("open items, "+what, int64(1), w.progress(w.batch).Active)
}

// treeRefused asks for a tree that is larger than what one transaction takes, while its topmost instance goes on.
func treeRefused(w *world) {
	t := w.wood(12)
	t.refused("all go on")
	w.finish(t.keys[1:]...)
	t.refused("the topmost goes on")
}

// treeForgotten leaves one instance to go on that would be among the last to go, then none.
func treeForgotten(w *world) {
	t := w.wood(12)
	last := t.keys[12]
	w.finish(slices.DeleteFunc(slices.Clone(t.keys), func(k int64) bool { return k == last })...)
	t.refused("one in the middle goes on")
	w.finish(last)
	var chunks []int
	var order []int64
	for more := true; more; {
		w.same("open items", int64(1), w.progress(t.batch).Active)
		done, err := t.forget()
		w.must(err)
		chunks, order, more = append(chunks, len(done.Instances)), append(order, done.Instances...), done.More
	}
	w.same("chunks", []int{5, 5, 5, 5, 5}, chunks)
	w.same("the topmost last", t.keys[0], order[len(order)-1])
	w.same("left", 0, t.left())
	w.same("counts", host.BatchCounts{State: host.BatchCreated, Completed: 1}, w.progress(t.batch))
}
