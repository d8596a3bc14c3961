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

	seqBefore  int64
	hashBefore []byte
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
	Salt          []byte
	Private       []byte
}

func entryOf(r *host.AuditRow) entryRow {
	e := &r.Entry
	return entryRow{
		Tenant: text(e.Tenant), Stream: text(e.Stream), Seq: e.Seq, At: e.NodeTime,
		Category: text(e.Category), Action: text(e.Action), Outcome: text(e.Outcome), Actor: text(e.Actor),
		Resource: (*text)(e.Resource), ProcessID: (*text)(e.Definition), Instance: e.Instance,
		Element: (*text)(e.Element), RequestID: (*text)(e.RequestID), Decision: (*text)(e.Decision),
		Model: (*text)(e.Model), Hash: r.Hash[:], Canonical: pack(e.Bytes()),
		Salt: r.Salt, Private: privateOf(r),
	}
}

// privateOf keeps an empty private part from becoming none.
func privateOf(r *host.AuditRow) []byte {
	if r.Salt == nil {
		return nil
	}
	return notNil(pack(r.Private))
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
