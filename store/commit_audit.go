package store

import (
	"context"

	"github.com/uptrace/bun"

	"tallystick/host"
)

type streamRow struct {
	bun.BaseModel `bun:"table:audit_stream"`
	Tenant        text
	Stream        text
	Seq           int64
	Hash          []byte
}

type entryRow struct {
	bun.BaseModel `bun:"table:audit_entry"`
	Tenant        text
	Stream        text
	Seq           int64
	At            int64
	Category      text
	Action        text
	Outcome       text
	Actor         text
	Resource      *text
	ProcessID     *text
	Instance      *int64
	Element       *text
	RequestID     *text
	Decision      *text
	Model         *text
	Hash          []byte
	Canonical     []byte
}

type privateRow struct {
	Tenant text
	Stream text
	Seq    int64
	Salt   []byte
	Data   []byte
}

// writeAudit appends entries and their private parts. The columns beside the canonical bytes are derived
// from the entry here and nowhere else.
func writeAudit(ctx context.Context, tx bun.Tx, b host.AuditBatch) error {
	entries := make([]entryRow, len(b.Entries))
	var privates []privateRow
	for i := range b.Entries {
		r := &b.Entries[i]
		entries[i] = entryOf(r)
		if r.Salt != nil {
			privates = append(privates, privateRow{
				Tenant: entries[i].Tenant, Stream: entries[i].Stream, Seq: r.Entry.Seq,
				Salt: r.Salt, Data: notNil(r.Private),
			})
		}
	}
	if err := insert(ctx, tx, entries, ""); err != nil || len(privates) == 0 {
		return err
	}
	values := tx.NewValues(&privates)
	result, err := tx.NewRaw(`WITH d (?) AS (?) INSERT INTO audit_private (entry, salt, data)
		SELECT e.id, d.salt, d.data FROM d
		JOIN audit_entry e ON e.tenant = d.tenant AND e.stream = d.stream AND e.seq = d.seq`,
		columns{values}, values).Exec(ctx)
	if err != nil {
		return err
	}
	return affected(result, len(privates))
}

func entryOf(r *host.AuditRow) entryRow {
	e := &r.Entry
	return entryRow{
		Tenant: text(e.Tenant), Stream: text(e.Stream), Seq: e.Seq, At: e.NodeTime,
		Category: text(e.Category), Action: text(e.Action), Outcome: text(e.Outcome), Actor: text(e.Actor),
		Resource: (*text)(e.Resource), ProcessID: (*text)(e.Definition), Instance: e.Instance,
		Element: (*text)(e.Element), RequestID: (*text)(e.RequestID), Decision: (*text)(e.Decision),
		Model: (*text)(e.Model), Hash: r.Hash[:], Canonical: e.Bytes(),
	}
}

// moveStreams sets the heads of streams that exist.
func moveStreams(ctx context.Context, tx bun.Tx, rows []streamRow) error {
	if len(rows) == 0 {
		return nil
	}
	values := tx.NewValues(&rows)
	result, err := tx.NewRaw(`WITH d (?) AS (?) UPDATE audit_stream AS t SET seq = d.seq, hash = d.hash
		FROM d WHERE t.tenant = d.tenant AND t.stream = d.stream`, columns{values}, values).Exec(ctx)
	if err != nil {
		return err
	}
	return affected(result, len(rows))
}
