package store

import (
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/uptrace/bun"
)

// planPostgres puts all changes into one statement: each is a part of a WITH, and its rows come as one array
// per column. The parts see the database as it was before the statement and touch different rows, so their
// order does not matter.
func (d *DB) planPostgres(ctx context.Context, all []change) ([]step, error) {
	args := make([]any, 0, 16*len(all))
	for i := range all {
		for col := range all[i].columns {
			args = append(args, arrayOf(&all[i], col))
		}
	}
	query := statementOf(all, d.dialect.guard)
	stmt, err := d.prepared.statement(ctx, d.write, query)
	return []step{{stmt: stmt, query: query, args: args}}, err
}

func (d *DB) applyPostgres(ctx context.Context, tx bun.Tx, steps []step, all []change) (seen, error) {
	found := seen{affected: make([]int64, len(all))}
	to := []any{&found.policy, &found.library}
	for i := range all {
		if all[i].want != free {
			to = append(to, &found.affected[i])
		}
	}
	return found, d.prepared.queryRow(ctx, tx, steps[0], to...)
}

// statementOf writes the statement for a list of changes. The guard keeps the policy still until the commit, so
// that a revoked right is never used after the revocation was answered.
func statementOf(all []change, guard string) string {
	var b, counts strings.Builder
	fmt.Fprintf(&b, `WITH v AS (SELECT policy_version, library_version FROM installation WHERE id = 1), g AS (%s)`, guard)
	arg := 0
	for i := range all {
		c := &all[i]
		fmt.Fprintf(&b, ",\nc%d AS (", i)
		arg = writePart(&b, c, arg)
		if c.want != free {
			b.WriteString(" RETURNING 1")
			fmt.Fprintf(&counts, ", (SELECT count(*) FROM c%d)", i)
		}
		b.WriteString(")")
	}
	fmt.Fprintf(&b, "\nSELECT v.policy_version, v.library_version%s FROM v LEFT JOIN g ON true", counts.String())
	return b.String()
}

// writePart writes one change; its arguments begin behind arg.
func writePart(b *strings.Builder, c *change, arg int) int {
	names := make([]string, len(c.columns))
	arrays := make([]string, len(c.columns))
	for i, col := range c.columns {
		arg++
		names[i], arrays[i] = col.name, "$"+strconv.Itoa(arg)+"::"+string(col.of)+"[]"
	}
	rows := "unnest(" + strings.Join(arrays, ", ") + ")"
	data := rows + " AS d (" + strings.Join(names, ", ") + ")"
	switch c.verb {
	case inserting:
		fmt.Fprintf(b, "INSERT INTO %s (%s) SELECT * FROM %s", c.table, strings.Join(names, ", "), data)
		if c.clause != "" {
			b.WriteString(" ON " + c.clause)
		}
	case updating:
		fmt.Fprintf(b, "UPDATE %s AS t SET %s FROM %s WHERE %s", c.table, c.clause, data, c.match)
	case removing:
		fmt.Fprintf(b, "DELETE FROM %s AS t USING %s WHERE %s", c.table, data, c.match)
	}
	return arg
}

// arrayOf writes one column of a change as the text of an array.
func arrayOf(c *change, col int) string {
	of := c.columns[col].of
	b := make([]byte, 0, 16*c.rows)
	b = append(b, '{')
	for row := range c.rows {
		if row > 0 {
			b = append(b, ',')
		}
		v := c.at(row, col)
		switch {
		case v.null:
			b = append(b, "NULL"...)
		case of == bigint:
			b = strconv.AppendInt(b, v.whole, 10)
		case of == txt:
			b = appendQuoted(b, v.text)
		default:
			b = append(b, `"\\x`...)
			b = hex.AppendEncode(b, v.bytes)
			b = append(b, '"')
		}
	}
	return string(append(b, '}'))
}

// appendQuoted writes a text as an element of an array: backslashes and quotes are escaped.
func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		if s[i] == '"' || s[i] == '\\' {
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return append(b, '"')
}
