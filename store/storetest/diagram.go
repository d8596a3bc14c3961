package storetest

import (
	"fmt"

	"github.com/google/go-cmp/cmp"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/fault"
	"tallystick/query"
)

var diagramCases = []testCase{
	{"element instances are counted by element", elementsCounted},
	{"sequence flows are told by the audit stream", flowsTold},
	{"a long stream is read to its end", flowsOfLong},
	{"a stream that is too long is refused", flowsRefused},
}

// elementsCounted has an instance beside, whose keys come right behind.
func elementsCounted(w *world) {
	keys := w.keys(2)
	b := w.batch()
	for _, key := range keys {
		b.start(key)
	}
	key := keys[0]
	for i, element := range []string{"start", "work", "work", "work", "work", "pay", "pay"} {
		b.record(key, engine.ElementActivated{Key: key + int64(i) + 1, Element: element, ElementType: "TASK", Scope: key})
	}
	b.record(key, engine.ElementCompleted{Key: key + 1})
	b.record(key, engine.ElementTerminated{Key: key + 2})
	b.record(key, engine.ElementTerminated{Key: key + 3})
	b.record(key, engine.ElementCompleted{Key: key + 4})
	for i, of := range []int64{5, 5, 6} { // two of one element instance, one that is over
		b.record(key, engine.IncidentRaised{Key: key + 10 + int64(i), ElementInstance: key + of, ErrorType: "JOB_NO_RETRIES"})
	}
	b.record(key, engine.IncidentResolved{Key: key + 12})
	b.record(keys[1], engine.ElementActivated{Key: keys[1] + 1, Element: "work", ElementType: "TASK", Scope: keys[1]})
	w.commit(b)
	got, err := w.db.ElementStatistics(w.Context(), key)
	w.must(err)
	if diff := cmp.Diff([]query.ElementStatistics{
		{ElementID: "start", Completed: 1},
		{ElementID: "work", Canceled: 2, Completed: 1, Incidents: 1},
		{ElementID: "pay", Active: 2},
	}, got); diff != "" {
		w.Error(diff)
	}
	got, err = w.db.ElementStatistics(w.Context(), key+1<<30)
	if len(got) > 0 || err != nil {
		w.Errorf("of no instance: %v, %v", got, err)
	}
}

// tell makes the records those of the next entries' commands.
func (b *batch) tell(records ...engine.Record) *batch {
	b.w.Helper()
	text, err := engine.EncodeRecords(records)
	b.w.must(err)
	b.private = fmt.Appendf(nil, `{"command":{},"records":%s}`, text)
	return b
}

// more commits a further entry with the records.
func (w *world) more(key int64, records ...engine.Record) {
	w.Helper()
	w.commit(w.batch().tell(records...).again(key, w.load(key).Instances[key], "state"))
}

func flowsTold(w *world) {
	keys := w.keys(2)
	key := keys[0]
	took := func(flow string) engine.Record {
		return engine.FlowTaken{Flow: flow, Source: "a", Target: "b", Scope: key}
	}
	begun := engine.InstanceStarted{Instance: key, Definition: 7, ProcessID: "order", Root: keys[1]}
	w.commit(w.batch().tell(begun, took("f2"), took("f1"), engine.ElementActivated{Key: key + 1}).start(key))
	w.commit(w.batch().tell(engine.InstanceStarted{Instance: keys[1], Definition: 9, ProcessID: "x"}, took("other")).start(keys[1]))
	w.more(key, took("f2"))
	w.more(key, engine.InstanceMigrated{Definition: 8, From: 7, ProcessID: "shipment"}, took("f1"), took("f3"))
	flow := func(id string, definition query.Key, process string) query.SequenceFlow {
		return query.SequenceFlow{
			SequenceFlowID: fmt.Sprint(key, "_", id), ProcessInstanceKey: query.Key(key), RootProcessInstanceKey: ptr(query.Key(keys[1])),
			ProcessDefinitionKey: definition, ProcessDefinitionID: process, ElementID: id, TenantID: query.Tenant,
		}
	}
	got, err := w.db.SequenceFlows(w.Context(), key, 3)
	w.must(err)
	if diff := cmp.Diff([]query.SequenceFlow{flow("f2", 7, "order"), flow("f1", 8, "shipment"), flow("f3", 8, "shipment")}, got); diff != "" {
		w.Error(diff)
	}
	got, err = w.db.SequenceFlows(w.Context(), key+1<<30, 3)
	if len(got) > 0 || err != nil {
		w.Errorf("of no instance: %v, %v", got, err)
	}
}

// flowsOfLong has as many entries as some readings take, then one more.
func flowsOfLong(w *world) {
	for i, n := range []int{200, 201} {
		key := w.keys(2)[i]
		b := w.batch().tell(engine.InstanceStarted{Instance: key, Definition: 7, ProcessID: "order"}).start(key)
		for flow := 1; flow < n; flow++ {
			b.tell(engine.FlowTaken{Flow: fmt.Sprint("f", flow)})
			b.Instances[0].Head = b.entry(b.Instances[0].Head, audit.Entry{})
		}
		w.commit(b)
		got, err := w.db.SequenceFlows(w.Context(), key, n)
		if err != nil || len(got) != n-1 || got[n-2].ElementID != fmt.Sprint("f", n-1) {
			w.Errorf("%d flows, want %d: %v", len(got), n-1, err)
		}
	}
}

func flowsRefused(w *world) {
	key := w.keys(1)[0]
	w.commit(w.batch().start(key))
	w.more(key, engine.FlowTaken{Flow: "f"})
	if got, err := w.db.SequenceFlows(w.Context(), key, 2); err != nil || len(got) != 1 {
		w.Errorf("two entries: %v, %v", got, err)
	}
	if _, err := w.db.SequenceFlows(w.Context(), key, 1); fault.CodeOf(err) != "instance.too_long" {
		w.Errorf("one entry too many: %v", err)
	}
}
