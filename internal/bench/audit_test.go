package bench

import (
	"context"
	"crypto/sha256"
	"sync"
	"time"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/host"
	"tallystick/store"
)

// silent is a store that writes no audit entries: everything else of a batch stays. It keeps some batches as
// they came, to measure what making their entries takes.
type silent struct {
	*store.DB
	mu   sync.Mutex
	kept []host.Batch
}

const keptMax = 200

// Commit implements host.Store.
func (d *silent) Commit(ctx context.Context, b host.Batch) error {
	d.mu.Lock()
	if len(d.kept) < keptMax {
		d.kept = append(d.kept, b)
	}
	d.mu.Unlock()
	b.Audit.Entries = nil
	return d.DB.Commit(ctx, b)
}

// auditCost compares W2 by 64 clients with the audit log on and off. Off means that no entry is written, and
// that the time of encoding records, committing to them and linking is taken off as well: the host still
// spends it, so it is measured apart on the same batches.
func (x *bench) auditCost(s *scope, database string) {
	var quiet *silent
	on := s.open(setting{store: storeOptions(s.database(database))})
	off := s.open(setting{store: storeOptions(s.database(database)), around: func(db *store.DB) host.Store {
		quiet = &silent{DB: db}
		return quiet
	}})
	g, w := s.gauge("sqlite:"), workloadNamed("W2") // no gauge of the database: rates are all that counts
	rate := func(n *node) float64 {
		return float64(w.commands) / x.once(s, n, g, w).secondsEach()
	}
	with, without, lost := make([]float64, x.runs), make([]float64, x.runs), make([]float64, x.runs)
	for i := range x.runs {
		with[i], without[i] = rate(on), rate(off)
	}
	perCommand := s.sealing(quiet.kept)
	for i := range lost {
		bare := 1/without[i] - perCommand.Seconds()
		lost[i] = 100 * (1/with[i]/bare - 1)
	}
	name := "audit/" + database
	x.table.add(
		summarize(name+"/on", "cmd/s", with...), summarize(name+"/not-written", "cmd/s", without...),
		summarize(name+"/sealing", "µs/cmd", float64(perCommand)/1e3),
		summarize(name+"/cost", "%", lost...).aimingAt("≤ 15 %"),
	)
}

// sealing is how long it takes, per command, to encode the records, to commit to them and to link the entry.
func (s *scope) sealing(batches []host.Batch) time.Duration {
	var commands int
	begin := time.Now()
	for _, b := range batches {
		commands += len(b.Audit.Entries) // each command has one
		records := make([]engine.Record, len(b.Events))
		for i, e := range b.Events {
			records[i] = e.Record
		}
		_, err := engine.EncodeRecords(records)
		s.must(err)
		for _, row := range b.Audit.Entries {
			private := sha256.Sum256(append(append([]byte{}, row.Salt...), row.Private...))
			entry, _ := audit.Genesis("bench", "default", row.Entry.Stream).Link(row.Entry)
			_, _ = private, entry.Bytes()
		}
	}
	if commands == 0 {
		s.Fatal("no entry was made")
	}
	return time.Since(begin) / time.Duration(commands)
}

func storeOptions(dsn string) store.Options { return store.Options{DSN: dsn} }
