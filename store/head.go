package store

import (
	"context"

	"tallystick/audit"
	"tallystick/host"
)

var _ host.Ledger = (*DB)(nil)

// EachHead gives the head of every audit stream to f: those of instances from their rows, then the others.
func (d *DB) EachHead(ctx context.Context, f func(audit.Head) error) error {
	for _, from := range []struct{ table, order string }{{"instance", "key"}, {"audit_stream", "stream, tenant"}} {
		if err := d.eachHead(ctx, "SELECT tenant, stream, seq, hash FROM "+from.table+" ORDER BY "+from.order, f); err != nil {
			return err
		}
	}
	return nil
}

func (d *DB) eachHead(ctx context.Context, statement string, f func(audit.Head) error) error {
	rows, err := d.read.QueryContext(ctx, statement)
	if err != nil {
		return d.fault(err, "read the heads of audit streams")
	}
	defer rows.Close()
	for rows.Next() {
		h := audit.Head{Origin: d.origin}
		if err := rows.Scan(&h.Tenant, &h.Stream, &h.Seq, hash{(*[32]byte)(&h.Hash)}); err != nil {
			return d.fault(err, "read the head of an audit stream")
		}
		if err := f(h); err != nil {
			return err
		}
	}
	return d.fault(rows.Err(), "read the heads of audit streams")
}
