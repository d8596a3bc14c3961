package store

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/uptrace/bun"
)

// BenchmarkGauges is what one look at a database with a million active instances and as many timers costs.
func BenchmarkGauges(b *testing.B) {
	db, err := Open(b.Context(), Options{DSN: "sqlite:" + filepath.Join(b.TempDir(), "tally.db")})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	const million = "WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < 1000000) "
	err = db.inTx(b.Context(), "plant", func(tx bun.Tx) error {
		for _, statement := range []string{
			"INSERT INTO timer (key, instance, due, next) " + million + "SELECT k, k, k, k FROM n",
			`INSERT INTO process_instance (key, definition, process_id, version, root_instance, tags, state, started) ` + million +
				`SELECT k, 1, 'order', 1, k, '[]', 'ACTIVE', k FROM n`,
		} {
			if err := run(b.Context(), tx, statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	g := NewGauges(db)
	reads, whole, longest := 0, 0, time.Duration(0)
	for b.Loop() {
		at := time.Now()
		got, err := g.Read(b.Context(), at)
		if err != nil {
			b.Fatal(err)
		}
		reads, longest = reads+1, max(longest, time.Since(at))
		if whole == 0 && got.Timers == 1_000_000 && got.Instances["order"] == 1_000_000 {
			whole = reads
		}
	}
	b.ReportMetric(float64(whole), "reads-to-whole")
	b.ReportMetric(float64(longest.Milliseconds()), "longest-ms")
}
