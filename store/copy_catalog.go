package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/uptrace/bun"
)

// table is a table as the catalog of a database describes it.
type table struct {
	name    string
	columns []heading
	key     []string // primary key in its order; empty for a table without one
	counter string   // column that the database numbers by itself, "" for none
	parents []string // tables that its rows refer to
}

// bookkeeping are the tables that belong to a database and not to the installation in it: which migrations
// were applied, and by whom they are being applied.
var bookkeeping = []string{"bun_migrations", "bun_migration_locks"}

// order lists the columns that put the rows into one order in every database.
func (t table) order() string {
	if len(t.key) > 0 {
		return `"` + strings.Join(t.key, `", "`) + `"`
	}
	return t.list()
}

// list lists all columns.
func (t table) list() string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	return `"` + strings.Join(names, `", "`) + `"`
}

// One row for each column: table, column, type, place in the primary key or 0, whether the database numbers it.
const (
	catalogOfSQLite = `SELECT m.name, c.name, lower(c.type), c.pk,
		CASE WHEN c.pk > 0 AND m.sql LIKE '%AUTOINCREMENT%' THEN 1 ELSE 0 END
		FROM sqlite_schema m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY m.name, c.cid`
	catalogOfPostgres = `SELECT c.relname, a.attname, format_type(a.atttypid, NULL),
		coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0), CASE WHEN a.attidentity <> '' THEN 1 ELSE 0 END
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
		WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
		ORDER BY c.relname COLLATE "C", a.attnum`
	parentsOfSQLite = `SELECT m.name, f."table" FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f
		WHERE m.type = 'table' ORDER BY m.name, f."table"`
	parentsOfPostgres = `SELECT c.relname, p.relname FROM pg_constraint f
		JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class p ON p.oid = f.confrelid
		WHERE f.contype = 'f' AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname, p.relname`
)

// tables reads the tables of the installation from the catalog, those that others refer to first.
func (d *DB) tables(ctx context.Context, db bun.IDB) ([]table, error) {
	columns, parents := catalogOfSQLite, parentsOfSQLite
	if d.dialect.name == "postgres" {
		columns, parents = catalogOfPostgres, parentsOfPostgres
	}
	all, err := readColumns(ctx, db, columns)
	if err != nil {
		return nil, err
	}
	err = eachRow(ctx, db, parents, func(rows *sql.Rows) error {
		var child, parent string
		if err := rows.Scan(&child, &parent); err != nil {
			return err
		}
		if i := slices.IndexFunc(all, func(t table) bool { return t.name == child }); i >= 0 {
			all[i].parents = append(all[i].parents, parent)
		}
		return nil
	})
	all = slices.DeleteFunc(all, func(t table) bool { return slices.Contains(bookkeeping, t.name) })
	return parentsFirst(all), err
}

func readColumns(ctx context.Context, db bun.IDB, query string) ([]table, error) {
	var all []table
	var places [][]int // of the columns in their keys
	err := eachRow(ctx, db, query, func(rows *sql.Rows) error {
		var name, column, kind string
		var place, counted int
		if err := rows.Scan(&name, &column, &kind, &place, &counted); err != nil {
			return err
		}
		if len(all) == 0 || all[len(all)-1].name != name {
			all, places = append(all, table{name: name}), append(places, nil)
		}
		t, p := &all[len(all)-1], &places[len(places)-1]
		t.columns = append(t.columns, heading{column, sqlTypeOf(kind)})
		if counted == 1 {
			t.counter = column
		}
		if place > 0 {
			at, _ := slices.BinarySearch(*p, place)
			*p, t.key = slices.Insert(*p, at, place), slices.Insert(t.key, at, column)
		}
		return nil
	})
	return all, err
}

// sqlTypeOf names a type as batches do; what they do not know stays and is refused where the schemas are compared.
func sqlTypeOf(kind string) sqlType {
	switch kind {
	case "integer", "bigint":
		return bigint
	case "blob", "bytea":
		return bytea
	}
	return sqlType(kind)
}

// parentsFirst puts a table behind those that its rows refer to, and otherwise leaves the order of names.
func parentsFirst(all []table) []table {
	var sorted []table
	placed := map[string]bool{}
	for len(all) > 0 {
		free := func(t table) bool {
			return !slices.ContainsFunc(t.parents, func(p string) bool { return !placed[p] })
		}
		i := max(slices.IndexFunc(all, free), 0) // tables in a circle go as they come
		sorted = append(sorted, all[i])
		placed[all[i].name] = true
		all = slices.Delete(all, i, i+1)
	}
	return sorted
}

// eachRow gives every row of a query to f.
func eachRow(ctx context.Context, db bun.IDB, query string, f func(*sql.Rows) error) error {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
