package host

import (
	"context"

	"tallystick/audit"
	"tallystick/query"
)

// Ledger is the audit log at rest, as a store keeps it.
type Ledger interface {
	// EachAuditEntry gives every entry that the request asks for to f, in the order of commit, until f answers with an
	// error. All are of one state of the log: what is written meanwhile is left out, and no stream has a gap. Conditions
	// on the time are bounds of a run of the log: everything from the first to the last entry of that time.
	EachAuditEntry(ctx context.Context, r query.Request, f func(query.AuditEntry) error) error
	// EachHead gives the head of every stream to f.
	EachHead(ctx context.Context, f func(audit.Head) error) error
}

// VerifyLedger checks the whole log against itself and against the heads that the store keeps of its streams,
// so that an end that was cut off shows. Entries may be written meanwhile. It needs memory for one head per
// stream.
func VerifyLedger(ctx context.Context, origin string, l Ledger) (audit.Report, error) {
	v := audit.Verifier{Origin: origin}
	if err := l.EachHead(ctx, func(h audit.Head) error { v.AtLeast(h); return nil }); err != nil {
		return audit.Report{}, err
	}
	all := query.Request{Access: query.Access{All: true}}
	err := l.EachAuditEntry(ctx, all, func(e query.AuditEntry) error {
		_ = v.AddStored(e.Stream, e.Seq, e.Canonical, e.Hash, PrivateOf(e)) // the report keeps the breaks
		return nil
	})
	if err != nil {
		return audit.Report{}, err
	}
	if err := l.EachHead(ctx, func(h audit.Head) error { v.AtMost(h); return nil }); err != nil {
		return audit.Report{}, err
	}
	return v.Finish(), nil
}

// PrivateOf returns the private part of a stored entry as verification and exports want it; nil when it
// has none.
func PrivateOf(e query.AuditEntry) audit.Private {
	if e.Salt == nil {
		return nil
	}
	part := audit.Part{Data: e.Private}
	copy(part.Salt[:], e.Salt)
	return audit.Private{PrivatePart: part}
}
