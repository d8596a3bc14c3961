package bench

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// multiplied are the tables whose rows belong to an instance. Their keys carry the instance's number in the
// upper bits, so a copy with another number is an addition.
var multiplied = []string{
	"instance", "timer", "process_instance", "instance_tag", "element_instance", "variable", "incident",
	"decision_instance", "job", "user_task", "task_candidate", "command", "audit_entry",
}

// shifted are the columns that hold such keys.
var shifted = map[string]bool{
	"key": true, "instance": true, "scope": true, "root_instance": true, "element_instance": true,
	"parent_instance": true, "parent_element": true, "task": true, "job": true,
}

// multiply doubles what was really run until the database holds count instances. Rows are copied inside the
// database, with the keys of instances that never were; what a copy holds is what a real one would, but for
// the numbers within states and entries, which nobody reads here.
func (x *bench) multiply(s *scope, dsn string, count int) {
	db := s.raw(dsn)
	defer db.Close()
	db.SetMaxOpenConns(1)
	begin, have := time.Now(), 0
	for {
		s.must(db.QueryRowContext(s.Context(), "SELECT count(*) FROM process_instance").Scan(&have))
		if have >= count {
			break
		}
		s.must(double(s.Context(), db, count-have))
	}
	finish := []string{"PRAGMA wal_checkpoint(TRUNCATE)", "ANALYZE"}
	if strings.HasPrefix(dsn, "postgres") {
		finish = []string{"VACUUM ANALYZE", "CHECKPOINT"}
	}
	for _, q := range finish {
		_, err := db.ExecContext(s.Context(), q)
		s.must(err)
	}
	x.table.note("%s: filled to %d instances in %s", strings.SplitN(dsn, ":", 2)[0], have, time.Since(begin).Round(time.Second))
}

// double copies every instance once, or the oldest ones when fewer are wanted.
func double(ctx context.Context, db *sql.DB, wanted int) error {
	var lowest, highest, last int64
	if err := db.QueryRowContext(ctx, "SELECT min(key), max(key) FROM process_instance").Scan(&lowest, &highest); err != nil {
		return err
	}
	err := db.QueryRowContext(ctx, "SELECT max(key) FROM (SELECT key FROM process_instance ORDER BY key LIMIT "+fmt.Sprint(wanted)+") AS k").Scan(&last)
	if err != nil {
		return err
	}
	c := copying{shift: (highest>>24 - lowest>>24 + 1) << 24, low: lowest, high: last | (1<<24 - 1)}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing to do after the commit
	for _, table := range multiplied {
		if err := c.copy(ctx, tx, table); err != nil {
			return fmt.Errorf("copy %s: %w", table, err)
		}
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("UPDATE sequence SET next = %d WHERE name = 'instance'", (highest+c.shift)>>24+1024)); err != nil {
		return err
	}
	return tx.Commit()
}

// copying says which keys are copied and how far they move.
type copying struct{ shift, low, high int64 }

// copy copies the rows of one table.
func (c copying) copy(ctx context.Context, tx *sql.Tx, table string) error {
	columns, err := columnsOf(ctx, tx, table)
	if err != nil {
		return err
	}
	var names, values []string
	belongs := ""
	for _, name := range columns {
		value := name
		switch {
		case table == "audit_entry" && name == "id":
			continue // the database draws it
		case table == "command" && name == "id":
			value = fmt.Sprintf("id || '+%d'", c.shift>>24)
		case name == "stream":
			value = fmt.Sprintf("CASE WHEN stream IS NULL THEN NULL ELSE 'pi/' || (%s + %d) END", owner(table), c.shift)
		case shifted[name]:
			value = fmt.Sprintf("CASE WHEN %s >= %d THEN %s + %d ELSE %s END", name, c.low, name, c.shift, name)
		}
		if name == "instance" || belongs == "" && shifted[name] {
			belongs = name
		}
		names, values = append(names, name), append(values, value)
	}
	q := fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s", table, strings.Join(names, ", "), strings.Join(values, ", "), table)
	if belongs != "" { // commands name no instance: all are copied
		q += fmt.Sprintf(" WHERE %s BETWEEN %d AND %d", belongs, c.low, c.high)
	}
	if table == "audit_entry" {
		q += " AND stream LIKE 'pi/%'"
	}
	_, err = tx.ExecContext(ctx, q)
	return err
}

// owner is the column of the instance's key.
func owner(table string) string {
	if table == "instance" || table == "process_instance" {
		return "key"
	}
	return "instance"
}

// columnsOf asks the database, so that a new column is copied without anybody thinking of it.
func columnsOf(ctx context.Context, tx *sql.Tx, table string) ([]string, error) {
	rows, err := tx.QueryContext(ctx, "SELECT * FROM "+table+" LIMIT 0")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	return columns, rows.Err()
}
