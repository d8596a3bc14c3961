package audit_test

import (
	"errors"
	"testing"

	"tallystick/audit"
)

// erasureCase is a log in which one entry lacks its part and another entry may account for it.
type erasureCase struct {
	entry   func(*audit.Entry)
	erase   func(*audit.Entry)
	before  bool // the erasure stands before the entry in the log
	covered bool
}

func TestMissingPartNeedsAnErasure(t *testing.T) {
	subject := func(s string) func(*audit.Entry) {
		return func(e *audit.Entry) { e.Subjects = []string{"s0", s} }
	}
	dataKey := func(part, key string) func(*audit.Entry) {
		return func(e *audit.Entry) { e.DataKeys = map[string]string{part: key} }
	}
	resource := func(r string) func(*audit.Entry) { return func(e *audit.Entry) { e.Resource = &r } }
	both := func(a, b func(*audit.Entry)) func(*audit.Entry) { return func(e *audit.Entry) { a(e); b(e) } }
	for name, c := range map[string]erasureCase{
		"no erasure":           {entry: subject("s1"), erase: func(e *audit.Entry) { e.Action = "export" }},
		"subject":              {entry: subject("s1"), erase: subject("s1"), covered: true},
		"subject, just before": {entry: subject("s1"), erase: subject("s1"), before: true, covered: true},
		"other subject":        {entry: func(e *audit.Entry) { e.Subjects = []string{"s2"} }, erase: subject("s1")},
		"data key":             {entry: dataKey("records", "k1"), erase: dataKey("key", "k1"), covered: true},
		"other part's key":     {entry: dataKey("other", "k1"), erase: dataKey("key", "k1")},
		"stream":               {entry: func(*audit.Entry) {}, erase: resource("stream:pi/1"), covered: true},
		"other stream":         {entry: func(*audit.Entry) {}, erase: resource("stream:pi/2")},
		"not a stream":         {entry: func(*audit.Entry) {}, erase: resource("pi/1")},
		"refused erasure": {
			entry: subject("s1"),
			erase: both(subject("s1"), func(e *audit.Entry) { e.Outcome = audit.OutcomeDenied }),
		},
		"other category": {
			entry: subject("s1"),
			erase: both(subject("s1"), func(e *audit.Entry) { e.Category = "process" }),
		},
	} {
		t.Run(name, func(t *testing.T) { checkErasure(t, c) })
	}
}

func checkErasure(t *testing.T, c erasureCase) {
	b := newBook(newRand(t))
	e := audit.Entry{Category: "process", Action: "x", Outcome: audit.OutcomeOK}
	c.entry(&e)
	erase := audit.Entry{Category: audit.CategoryAudit, Action: audit.ActionErase, Outcome: audit.OutcomeOK}
	c.erase(&erase)
	part := audit.Private{"records": {Data: []byte("x")}}
	line := int64(2)
	if c.before {
		line = 3
		b.add("audit/acme", erase, nil)
		b.add("pi/1", e, part)
	} else {
		b.add("pi/1", e, part)
		b.add("audit/acme", erase, nil)
	}
	b.made[line-2].private = nil
	r := verify(t, b.export(t, fullManifest))
	if c.covered {
		if !r.OK() || r.Erased != 1 {
			t.Errorf("want one erased part: %s", r)
		}
		return
	}
	if r.BreakCount != 1 || r.Breaks[0].Line != line || !errors.Is(&r.Breaks[0], audit.ErrPrivateMissing) {
		t.Errorf("want one missing part at line %d: %s", line, r)
	}
}

// TestErasureDoesNotReachForward: a part written well after the erasure of its subject has no
// excuse for being gone.
func TestErasureDoesNotReachForward(t *testing.T) {
	b := newBook(newRand(t))
	b.add("audit/acme", audit.Entry{
		Category: audit.CategoryAudit, Action: audit.ActionErase, Outcome: audit.OutcomeOK, Subjects: []string{"s1"},
	}, nil)
	b.clock += 60_000_000
	b.add("pi/1", audit.Entry{Category: "process", Subjects: []string{"s1"}}, audit.Private{"records": {}})
	b.made[1].private = nil
	if r := verify(t, b.export(t, fullManifest)); r.OK() || !errors.Is(&r.Breaks[0], audit.ErrPrivateMissing) {
		t.Errorf("%s", r)
	}
}

func TestPrivatePartsMayBeLeftOut(t *testing.T) {
	b := newBook(newRand(t))
	b.add("pi/1", audit.Entry{Category: "process"}, audit.Private{"records": {Data: []byte("x")}})
	b.made[0].private = nil
	m := fullManifest
	m.Private = false
	if r := verify(t, b.export(t, m)); !r.OK() || r.Omitted != 1 {
		t.Errorf("%s", r)
	}
}
