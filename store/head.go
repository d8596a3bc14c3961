package store

import (
	"context"

	"tallystick/audit"
	"tallystick/host"
	"tallystick/query"
)

var _ host.Ledger = (*DB)(nil)

// EachHead gives the head of every audit stream to f: those of active instances, of ended ones, then the others.
func (d *DB) EachHead(ctx context.Context, f func(audit.Head) error) error {
	for _, statement := range []string{
		"SELECT tenant, stream, seq, hash FROM instance ORDER BY key",
		"SELECT '" + query.Tenant + "', stream, seq, hash FROM process_instance WHERE seq IS NOT NULL ORDER BY key",
		"SELECT tenant, stream, seq, hash FROM audit_stream ORDER BY stream, tenant",
	} {
		if err := d.eachHead(ctx, statement, f); err != nil {
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
