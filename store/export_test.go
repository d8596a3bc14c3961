package store_test

import (
	"fmt"
	"testing"
	"time"

	"tallystick/internal/pgtest"
	"tallystick/query"
	"tallystick/store"
	"tallystick/store/storetest"
)

// TestExportReadsOneState exports a log while a transaction ends that wrote one entry before the first chunk's end and
// one behind it: the export has both or none.
func TestExportReadsOneState(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Start(t)
	db := open(t, store.Options{DSN: dsn})
	storetest.Fill(t, db, 1, time.Now())
	side, _ := rawOf(t, dsn)
	slow, err := side.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	write := func(seq int) {
		t.Helper()
		_, err := slow.ExecContext(t.Context(), fmt.Sprintf(`INSERT INTO audit_entry (tenant, stream, seq, at, category, action, outcome, actor, hash, canonical)
			SELECT tenant, 'slow', %d, at, category, action, outcome, actor, hash, canonical FROM audit_entry WHERE id = 1`, seq))
		if err != nil {
			t.Fatal(err)
		}
	}
	write(1)
	storetest.Fill(t, db, 200, time.Now())
	write(2)
	storetest.Fill(t, db, 1, time.Now())
	found, count := 0, 0
	err = db.EachAuditEntry(t.Context(), query.Request{Access: query.Access{All: true}}, func(e query.AuditEntry) error {
		if count++; count == 1 {
			if err := slow.Commit(); err != nil {
				return err
			}
		}
		if e.Stream == "slow" {
			found++
		}
		return nil
	})
	if err != nil || count < 600 || found != 0 {
		t.Errorf("%d entries, %d of the slow transaction, %v", count, found, err)
	}
}

// TestExportsLeaveConnections has more exports at once than there are connections, each waiting for its reader.
func TestExportsLeaveConnections(t *testing.T) {
	t.Parallel()
	db := open(t, store.Options{DSN: pgtest.Start(t), Conns: 4})
	storetest.Fill(t, db, 1, time.Now())
	everything := query.Request{Access: query.Access{All: true}}
	reading, done := make(chan struct{}, 8), make(chan error, 8)
	proceed := make(chan struct{})
	for range 8 {
		go func() {
			first := true
			done <- db.EachAuditEntry(t.Context(), everything, func(query.AuditEntry) error {
				if first {
					reading <- struct{}{}
					<-proceed
				}
				first = false
				return nil
			})
		}()
	}
	<-reading
	if _, err := db.SearchAuditEntries(t.Context(), everything); err != nil {
		t.Error(err)
	}
	close(proceed)
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
