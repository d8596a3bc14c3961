package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/uptrace/bun"
)

// runs are the numbers of rows that one statement writes: a batch has at most BatchMax/64 statements of the
// first size per table and a few of the others, and each text is prepared once.
var runs = []int{64, 16, 4, 1}

// planSQLite makes prepared statements of a few sizes for each change, to be run one after the other.
func (d *DB) planSQLite(ctx context.Context, all []change) ([]step, error) {
	steps := []step{{query: "SELECT policy_version, library_version FROM installation WHERE id = 1"}}
	for i := range all {
		c, from := &all[i], 0
		for _, n := range runs {
			if c.rows-from < n {
				continue
			}
			query := runOf(c, n)
			for ; c.rows-from >= n; from += n {
				steps = append(steps, step{query: query, args: arguments(c, from, n), change: i})
			}
		}
	}
	for i := range steps {
		var err error
		if steps[i].stmt, err = d.prepared.statement(ctx, d.write, steps[i].query); err != nil {
			return nil, err
		}
	}
	return steps, nil
}

func arguments(c *change, from, n int) []any {
	args := make([]any, 0, n*len(c.columns))
	for row := from; row < from+n; row++ {
		for col := range c.columns {
			args = append(args, argument(c.at(row, col), c.columns[col].of))
		}
	}
	return args
}

func (d *DB) applySQLite(ctx context.Context, tx bun.Tx, steps []step, all []change) (seen, error) {
	found := seen{affected: make([]int64, len(all))}
	if err := d.prepared.queryRow(ctx, tx, steps[0], &found.policy, &found.library); err != nil {
		return found, err
	}
	for _, s := range steps[1:] {
		n, err := d.prepared.exec(ctx, tx, s)
		if err != nil {
			return found, err
		}
		found.affected[s.change] += n
	}
	return found, nil
}

func argument(v cell, of sqlType) any {
	switch {
	case v.null:
		return nil
	case of == bigint:
		return v.whole
	case of == txt:
		return v.text
	}
	return v.bytes
}

// runOf writes the statement for n rows of a change.
func runOf(c *change, n int) string {
	names := make([]string, len(c.columns))
	for i := range c.columns {
		names[i] = c.columns[i].name
	}
	row := "(" + strings.TrimSuffix(strings.Repeat("?,", len(names)), ",") + ")"
	values := "VALUES " + strings.TrimSuffix(strings.Repeat(row+",", n), ",")
	list := strings.Join(names, ", ")
	switch c.verb {
	case inserting:
		s := fmt.Sprintf("INSERT INTO %s (%s) %s", c.table, list, values)
		if c.clause != "" {
			s += " ON " + c.clause
		}
		return s
	case updating:
		return fmt.Sprintf("WITH d (%s) AS (%s) UPDATE %s AS t SET %s FROM d WHERE %s", list, values, c.table, c.clause, c.match)
	}
	// SQLite has no USING; the first condition leads to the index, EXISTS alone reads the whole table.
	return fmt.Sprintf("WITH d (%s) AS (%s) DELETE FROM %s AS t WHERE t.%s IN (SELECT d.%s FROM d) AND EXISTS (SELECT 1 FROM d WHERE %s)",
		list, values, c.table, names[0], names[0], c.match)
}
