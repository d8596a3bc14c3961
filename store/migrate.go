package store

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/migrate"

	"tallystick/fault"
)

//go:embed migrations
var migrationFiles embed.FS

// migrationLock is the number of the PostgreSQL advisory lock that one migrating node holds.
const migrationLock = 0x74616c6c79

// migrate applies what is missing. bun's own lock is a row that outlives a crash, so it is not used: the
// file lock keeps other processes away from SQLite, a session lock other nodes from PostgreSQL.
func (d *DB) migrate(ctx context.Context) error {
	unlock, err := d.lockMigration(ctx)
	if err != nil {
		return err
	}
	return errors.Join(d.applyMigrations(ctx), unlock())
}

func (d *DB) lockMigration(ctx context.Context) (unlock func() error, err error) {
	if d.dialect.name != "postgres" {
		return func() error { return nil }, nil
	}
	conn, err := d.write.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(?)", migrationLock); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return func() error {
		_, err := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock(?)", migrationLock)
		return errors.Join(err, conn.Close())
	}, nil
}

func (d *DB) applyMigrations(ctx context.Context) error {
	files, err := fs.Sub(migrationFiles, "migrations/"+d.dialect.name)
	if err != nil {
		return err
	}
	known := migrate.NewMigrations()
	if err := known.Discover(files); err != nil {
		return err
	}
	m := migrate.NewMigrator(d.write, known,
		migrate.WithMarkAppliedOnSuccess(true), migrate.WithUpsert(true), migrate.AfterMigration(markInside))
	if err := m.Init(ctx); err != nil {
		return err
	}
	if err := refuseNewer(ctx, m, known); err != nil {
		return err
	}
	_, err = m.Migrate(ctx)
	return err
}

// markInside notes a migration as applied within its own transaction. bun notes it after the commit, and a
// crash in between would apply it twice; it then repeats this note by the name.
func markInside(ctx context.Context, tx bun.IConn, m *migrate.Migration) error {
	// The name has digits only, as bun read it from the file name.
	_, err := tx.ExecContext(ctx, fmt.Sprintf(
		"INSERT INTO bun_migrations (name, group_id) VALUES ('%s', %d)", m.Name, m.GroupID))
	return err
}

// refuseNewer keeps an old program away from the schema of a newer one.
func refuseNewer(ctx context.Context, m *migrate.Migrator, known *migrate.Migrations) error {
	applied, err := m.AppliedMigrations(ctx)
	if err != nil {
		return err
	}
	names := map[string]bool{}
	for _, k := range known.Sorted() {
		names[k.Name] = true
	}
	for _, a := range applied {
		if !names[a.Name] {
			return ErrUnsupported.With("the database was migrated by a newer release (migration %s)", a.Name)
		}
	}
	return nil
}

// install makes the row that says who we are, once, and returns the origin in it.
func (d *DB) install(ctx context.Context) (origin string, err error) {
	err = d.inTx(ctx, "install", func(tx bun.Tx) error {
		_, err := tx.NewRaw(`INSERT INTO installation (id, origin, policy_version, library_version, created)
			VALUES (1, ?, 1, 1, ?) ON CONFLICT (id) DO NOTHING`,
			applicationName+"/"+newUUID(), micros(time.Now())).Exec(ctx)
		if err != nil {
			return err
		}
		return tx.NewRaw("SELECT origin FROM installation WHERE id = 1").Scan(ctx, &origin)
	})
	if err == nil && origin == "" {
		err = fault.New(fault.Internal, "store.failed", "the installation has no origin")
	}
	return origin, err
}

// newUUID draws a random UUID (RFC 9562, version 4).
func newUUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
