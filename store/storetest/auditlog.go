package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"tallystick/audit"
	"tallystick/query"
)

var auditCases = []testCase{
	{"entries come back byte by byte", entriesComeBack},
	{"are found by their columns", entriesFound},
	{"are exported in order and verify", entriesExported},
	{"an export stops when told", exportStops},
	{"an export of a time has no gaps", exportOfATime},
	{"an export takes few large entries at once", exportOfLarge},
}

func entriesComeBack(w *world) {
	b := w.batch()
	head := w.genesis("authz/default/n1")
	for i := range 3 {
		head = b.stream(head, audit.Entry{
			Category: "authorization", Action: "task.claim", Outcome: audit.OutcomeDenied, Actor: "user:bob",
			Reason: ptr(fmt.Sprint("reason ", i)),
		})
	}
	b.Audit.Entries[1].Salt, b.Audit.Entries[1].Private = nil, nil
	w.commit(b)
	for i, want := range b.Audit.Entries {
		got, ok, err := w.db.AuditEntry(w.Context(), "authz/default/n1", int64(i+1))
		w.must(err)
		if !ok || !bytes.Equal(got.Canonical, want.Entry.Bytes()) || got.Hash != [32]byte(want.Hash) ||
			!bytes.Equal(got.Salt, want.Salt) || !bytes.Equal(got.Private, want.Private) || (got.Salt == nil) != (want.Salt == nil) {
			w.Errorf("entry %d came back otherwise: %+v", i+1, got)
		}
	}
	if _, ok, err := w.db.AuditEntry(w.Context(), "authz/default/n1", 9); ok || err != nil {
		w.Errorf("an entry that is none: %v %v", ok, err)
	}
}

func entriesFound(w *world) {
	b := w.batch()
	instance := int64(77 << 24)
	b.stream(w.genesis("a"), audit.Entry{
		Category: "task", Action: "task.complete", Outcome: audit.OutcomeOK, Actor: "user:ann", Resource: ptr("task:5"),
		Definition: ptr("order"), Instance: &instance, Element: ptr("approve"), RequestID: ptr("r-1"),
		Decision: ptr("route"), Model: ptr("score"),
	})
	b.stream(w.genesis("b"), audit.Entry{Category: "admin", Action: "user.write", Outcome: audit.OutcomeOK, Actor: "user:root"})
	w.commit(b)
	for field, value := range map[string]any{
		"stream": "a", "seq": int64(1), "time": noon, "category": "task", "action": "task.complete", "outcome": "ok",
		"actor": "user:ann", "resource": "task:5", "processDefinitionId": "order", "processInstanceKey": instance,
		"elementId": "approve", "requestId": "r-1", "decisionDefinitionId": "route", "model": "score",
	} {
		r, err := w.db.SearchAuditEntries(w.Context(), query.Request{
			Access: all, Conds: []query.Cond{{Field: field, Op: query.Eq, Value: value}},
		})
		w.must(err)
		shared := field == "seq" || field == "time" || field == "outcome"
		if len(r.Items) == 0 || r.Items[0].Stream != "a" || len(r.Items) > 1 && !shared {
			w.Errorf("%s = %v: %+v", field, value, r.Items)
		}
	}
}

// entriesExported checks every stream of an export with the chain, in the order of the export.
func entriesExported(w *world) {
	key := w.started(1)[0]
	head := w.genesis("admin/default")
	for i := range 12 {
		b := w.batch().again(key, w.load(key).Instances[key], fmt.Sprint("state ", i))
		for range 50 {
			head = b.stream(head, audit.Entry{})
		}
		w.commit(b)
	}
	heads := map[string]audit.Head{}
	count, last := 0, int64(0)
	err := w.db.EachAuditEntry(w.Context(), query.Request{Access: all}, func(v query.AuditEntry) error {
		e, err := audit.Decode(v.Canonical)
		if err != nil {
			return err
		}
		h, ok := heads[e.Stream]
		if !ok {
			h = w.genesis(e.Stream)
		}
		if heads[e.Stream], err = h.Check(e); err != nil {
			return err
		}
		if v.ID <= last {
			return fmt.Errorf("entry %d after %d", v.ID, last)
		}
		count, last = count+1, v.ID
		return nil
	})
	w.must(err)
	if count != 1+12*51 || heads["admin/default"] != head {
		w.Errorf("%d entries, head %+v", count, heads["admin/default"])
	}
}

func exportStops(w *world) {
	w.started(3)
	enough := errors.New("enough")
	n := 0
	err := w.db.EachAuditEntry(w.Context(), query.Request{Access: all}, func(query.AuditEntry) error {
		n++
		return enough
	})
	if !errors.Is(err, enough) || n != 1 {
		w.Errorf("%d entries, %v", n, err)
	}
}

// exportOfATime asks for times of a stream whose node set its clock back and forth.
func exportOfATime(w *world) {
	head := w.genesis("work/default/n1")
	hours := []int{-9, 0, -5, 2, 1, 7, 3, 9}
	for _, h := range hours {
		b := w.batch()
		b.At = noon.Add(time.Duration(h) * time.Hour)
		head = b.stream(head, audit.Entry{})
		w.commit(b)
	}
	at := func(op query.Op, h int) query.Cond {
		return query.Cond{Field: "time", Op: op, Value: noon.Add(time.Duration(h) * time.Hour)}
	}
	other := query.Cond{Field: "stream", Op: query.Eq, Value: "pi/1"}
	for _, c := range []struct {
		conds []query.Cond
		want  []int
	}{
		{nil, hours},
		{[]query.Cond{at(query.Gte, 0), at(query.Lt, 4)}, []int{0, -5, 2, 1, 7, 3}},
		{[]query.Cond{at(query.Lt, 1), at(query.Gte, -6)}, []int{0, -5}},
		{[]query.Cond{at(query.Gte, 3)}, []int{7, 3, 9}},
		{[]query.Cond{at(query.Lt, 0)}, []int{-9, 0, -5}},
		{[]query.Cond{at(query.Gte, 20)}, nil},
		{[]query.Cond{at(query.Gte, 4), at(query.Lt, 6)}, nil},
		{[]query.Cond{at(query.Gte, 0), other}, nil},
	} {
		var got []int
		last := int64(0)
		w.must(w.db.EachAuditEntry(w.Context(), query.Request{Access: all, Conds: c.conds}, func(e query.AuditEntry) error {
			if got = append(got, int(e.Time.Sub(noon).Hours())); last != 0 && e.Seq != last+1 {
				w.Errorf("%v: entry %d comes after %d", c.conds, e.Seq, last)
			}
			last = e.Seq
			return nil
		}))
		w.same(fmt.Sprintf("hours of %v", c.conds), c.want, got)
	}
}

// exportOfLarge reads entries whose private parts are too large to be held together.
func exportOfLarge(w *world) {
	export := func() (sizes []int) {
		w.must(w.db.EachAuditEntry(w.Context(), query.Request{Access: all}, func(e query.AuditEntry) error {
			sizes = append(sizes, len(e.Private)>>20)
			return nil
		}))
		return sizes
	}
	head := w.genesis("work/default/n1")
	for range 3 {
		b := w.batch()
		head = b.stream(head, audit.Entry{})
		w.commit(b)
	}
	small := w.counted(func() { w.same("small", []int{0, 0, 0}, export()) })
	for _, size := range []int{9, 9, 6, 6, 17} {
		b := w.batch()
		b.private = bytes.Repeat([]byte("x"), size<<20)
		head = b.stream(head, audit.Entry{})
		w.commit(b)
	}
	large := w.counted(func() { w.same("large", []int{0, 0, 0, 9, 9, 6, 6, 17}, export()) })
	if large-small != 6 { // in chunks of 9, 9+6, 6 and 17
		w.Errorf("%d statements, for small entries %d", large, small)
	}
}
