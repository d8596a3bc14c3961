package bench

import (
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
	"time"

	"tallystick/store"
)

// latency compares one command on an idle node with what the database itself takes: for the transactions of
// such commands, right after them, and for a commit of one small row.
func (x *bench) latency(s *scope, database string) {
	bare := s.bareCommits(database)
	count := 100
	if x.quick {
		count = 30
	}
	commands, same, ratios, rows := make([]float64, x.runs), make([]float64, x.runs), make([]float64, x.runs), make([]float64, x.runs)
	for i := range x.runs {
		rec := s.record(database, workloadNamed("W2"), 1, count)
		commands[i] = milliseconds(rec.took) / float64(rec.commands)
		same[i] = milliseconds(s.replay(rec)) / float64(len(rec.run))
		ratios[i] = commands[i] / same[i]
		rows[i] = s.median(count, bare)
	}
	name := "latency/" + database
	x.table.add(
		summarize(name+"/command", "ms", commands...),
		summarize(name+"/commit-of-the-same-rows", "ms", same...),
		summarize(name+"/command-to-commit", "×", ratios...).aimingAt("≤ 1.3"),
		summarize(name+"/commit-of-one-row", "ms", rows...),
	)
}

func workloadNamed(name string) workload {
	all := workloads()
	return all[slices.IndexFunc(all, func(w workload) bool { return w.name == name })]
}

// bareCommits returns a function that writes one small row in a transaction of its own.
func (s *scope) bareCommits(database string) func(n int) error {
	r := &recorder{}
	db, err := store.Open(s.Context(), store.Options{DSN: s.database(database), Wrap: r.wrap})
	s.must(err)
	s.must(db.Close())
	conn, err := r.connectors[0].Connect(s.Context())
	s.must(err)
	s.Cleanup(func() { s.must(conn.Close()) })
	c := conn.(fullConn)
	if _, err := c.ExecContext(s.Context(), "CREATE TABLE bare (id BIGINT PRIMARY KEY)", nil); err != nil {
		s.Fatal(err)
	}
	row := 0
	return func(int) error {
		row++
		return oneRow(context.Background(), c, row)
	}
}

func oneRow(ctx context.Context, c fullConn, row int) error {
	tx, err := c.BeginTx(ctx, driver.TxOptions{})
	if err != nil {
		return err
	}
	if _, err := c.ExecContext(ctx, fmt.Sprintf("INSERT INTO bare (id) VALUES (%d)", row), nil); err != nil {
		return err
	}
	return tx.Commit()
}

// median is the median of n timings in milliseconds.
func (s *scope) median(n int, f func(int) error) float64 {
	took := make([]time.Duration, n)
	for i := range took {
		at := time.Now()
		s.must(f(i))
		took[i] = time.Since(at)
	}
	slices.Sort(took)
	return quantile(took, 0.5)
}
