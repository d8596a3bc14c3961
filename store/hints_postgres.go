package store

import (
	"context"

	"github.com/lib/pq"
	"github.com/uptrace/bun"
)

// hintChannel is where nodes wake each other; hintMax is how much PostgreSQL carries in one notification.
const (
	hintChannel = "tallystick_hint"
	hintMax     = 7900
	hintsWait   = 64
)

// Hints wakes the other nodes of a database, with NOTIFY. It implements host.Hints.
type Hints struct{ db *DB }

// Hints returns the wake-ups between nodes; false on SQLite, which has one node.
func (d *DB) Hints() (*Hints, bool) { return &Hints{d}, d.dsn != "" }

// Send implements host.Hints. It is a transaction of its own: inside one of a batch the notification would take
// a lock that all commits of the server share.
func (h *Hints) Send(ctx context.Context, hints []string) error {
	return h.db.inTx(ctx, "send hints", func(tx bun.Tx) error {
		for _, hint := range hints {
			if len(hint) > hintMax {
				continue // the other nodes poll
			}
			if err := run(ctx, tx, "SELECT pg_notify(?, ?)", hintChannel, text(hint)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Listen implements host.Hints. It has a connection of its own.
func (h *Hints) Listen(ctx context.Context, heard func(string)) error {
	notes := make(chan *pq.Notification, hintsWait)
	conn, err := pq.NewListenerConn(h.db.dsn, notes)
	if err != nil {
		return because(ErrUnavailable, err, "the database does not let us listen")
	}
	defer func() { _ = conn.Close() }() // it only listened
	if _, err := conn.Listen(hintChannel); err != nil {
		return because(ErrUnavailable, err, "the database does not let us listen")
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case n, ok := <-notes:
			if !ok {
				return because(ErrUnavailable, conn.Err(), "the connection that listens was lost")
			}
			heard(n.Extra)
		}
	}
}
