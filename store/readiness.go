package store

import (
	"context"
	"io/fs"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"tallystick/audit"
	"tallystick/fault"
)

// ErrSeal says that the newest entry of the audit log or the head of its stream was altered.
var ErrSeal = fault.New(fault.Internal, "audit.altered", "the newest entry of the audit log was altered")

// Migrated reports whether the schema is the one that this program was built for: older when somebody put
// an old copy in place, newer when another node of a later release has migrated it meanwhile.
func (d *DB) Migrated(ctx context.Context) error {
	files, err := fs.Glob(migrationFiles, "migrations/"+d.dialect.name+"/*.up.sql")
	if err != nil {
		return err
	}
	var applied []string
	if err := d.read.NewRaw("SELECT name FROM bun_migrations").Scan(ctx, &applied); err != nil {
		return d.fault(err, "tell its migrations")
	}
	for _, f := range files {
		name, _, _ := strings.Cut(f[strings.LastIndexByte(f, '/')+1:], "_")
		i := slices.Index(applied, name)
		if i < 0 {
			return ErrUnsupported.With("the database lacks migration %s", name)
		}
		applied = slices.Delete(applied, i, i+1)
	}
	if len(applied) > 0 {
		return ErrUnsupported.With("the database was migrated by a newer release (migration %s)", applied[0])
	}
	return nil
}

// writeProbe changes a row that nothing else reads, so that nobody waits for it.
const writeProbe = `INSERT INTO sequence (name, next) VALUES ('readiness', 1)
	ON CONFLICT (name) DO UPDATE SET next = sequence.next + 1`

// Writable reports whether the database takes changes. It changes a row and rolls it back, which finds a
// database that is read only or locked and costs no write to the disk. With durable it commits, which also
// finds a disk that is full; that is worth it only when there is a reason for doubt.
func (d *DB) Writable(ctx context.Context, durable bool) error {
	err := d.inTx(ctx, "take a change", func(tx bun.Tx) error {
		if err := run(ctx, tx, writeProbe); err != nil || durable {
			return err
		}
		return errNothing
	})
	if err == errNothing { //nolint:errorlint // it is the very value
		return nil
	}
	return err
}

// Sealed reports whether the newest entry of the audit log is as it was written: its bytes give its hash
// and that is the head of its stream. A log without entries is sealed.
func (d *DB) Sealed(ctx context.Context) error {
	// One statement, so that no batch comes between the entry and its head.
	rows, err := d.read.QueryContext(ctx, `SELECT e.tenant, e.stream, e.seq, e.hash, e.canonical,
		coalesce(i.seq, p.seq, s.seq, -1), coalesce(i.hash, p.hash, s.hash)
		FROM (SELECT * FROM audit_entry ORDER BY id DESC LIMIT 1) AS e
		LEFT JOIN instance i ON i.key = e.instance AND i.stream = e.stream
		LEFT JOIN process_instance p ON p.key = e.instance AND p.stream = e.stream
		LEFT JOIN audit_stream s ON s.stream = e.stream AND s.tenant = e.tenant`)
	if err != nil {
		return d.fault(err, "read the newest audit entry")
	}
	defer rows.Close()
	if !rows.Next() {
		return d.fault(rows.Err(), "read the newest audit entry")
	}
	var newest struct {
		tenant, stream          string
		seq, headSeq            int64
		hash, canonical, headAt []byte
	}
	if err := rows.Scan(&newest.tenant, &newest.stream, &newest.seq, &newest.hash, &newest.canonical, &newest.headSeq, &newest.headAt); err != nil {
		return d.fault(err, "read the newest audit entry")
	}
	entry, err := audit.Decode(unpack(newest.canonical))
	if err != nil {
		return err
	}
	computed := entry.Hash()
	if !slices.Equal(computed[:], newest.hash) || entry.Stream != newest.stream || entry.Seq != newest.seq {
		return ErrSeal.With("entry %d of stream %s is not what was written", newest.seq, newest.stream)
	}
	if newest.headSeq != newest.seq || !slices.Equal(newest.headAt, newest.hash) {
		return ErrSeal.With("the head of stream %s is not its newest entry", newest.stream)
	}
	return nil
}
