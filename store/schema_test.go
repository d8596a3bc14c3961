package store_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tallystick/internal/pgtest"
	"tallystick/store"
)

// The logical schema: one line for each column, named index and migration.
const (
	schemaOfSQLite = `
		SELECT 'column ' || m.name || '.' || c.name || ' ' || lower(c.type)
			|| CASE WHEN c."notnull" = 1 OR c.pk > 0 THEN ' not null' ELSE '' END || CASE WHEN c.pk > 0 THEN ' pk' ELSE '' END
		FROM sqlite_schema m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'bun_%' AND m.name NOT LIKE 'sqlite_%'
		UNION ALL
		SELECT 'index ' || m.name || ' on ' || m.tbl_name FROM sqlite_schema m WHERE m.type = 'index' AND m.sql IS NOT NULL
			AND m.name NOT LIKE 'bun_%'
		UNION ALL SELECT 'migration ' || name FROM bun_migrations`
	schemaOfPostgres = `
		SELECT 'column ' || c.table_name || '.' || c.column_name || ' ' || c.data_type
			|| CASE WHEN c.is_nullable = 'NO' THEN ' not null' ELSE '' END || CASE WHEN k.column_name IS NULL THEN '' ELSE ' pk' END
		FROM information_schema.columns c
		LEFT JOIN information_schema.table_constraints t
			ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.constraint_type = 'PRIMARY KEY'
		LEFT JOIN information_schema.key_column_usage k
			ON k.constraint_name = t.constraint_name AND k.table_schema = c.table_schema AND k.column_name = c.column_name
		WHERE c.table_schema = 'public' AND c.table_name NOT LIKE 'bun_%'
		UNION ALL
		SELECT 'index ' || i.indexname || ' on ' || i.tablename FROM pg_indexes i
		WHERE i.schemaname = 'public' AND i.indexname NOT LIKE 'bun_%'
			AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)
		UNION ALL SELECT 'migration ' || name FROM bun_migrations`
)

func schema(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, strings.NewReplacer(" integer", " bigint", " blob", " bytea").Replace(line))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return lines
}

func TestMigrationsEndInTheSameSchema(t *testing.T) {
	t.Parallel()
	path, dsn := filepath.Join(t.TempDir(), "tally.db"), pgtest.Start(t)
	open(t, store.Options{DSN: "sqlite:" + path})
	open(t, store.Options{DSN: dsn})
	lite := schema(t, raw(t, "sqlite", "file:"+path), schemaOfSQLite)
	big := schema(t, rawPostgres(t, dsn), schemaOfPostgres)
	if diff := cmp.Diff(lite, big); diff != "" || len(lite) < 100 {
		t.Errorf("%d lines in SQLite, other in PostgreSQL:\n%s", len(lite), diff)
	}
}

func TestMigrationsHaveEqualNames(t *testing.T) {
	t.Parallel()
	names := func(folder string) (names []string) {
		files, err := os.ReadDir(filepath.Join("migrations", folder))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			// A migration that is no transaction could be applied in half.
			if !strings.HasSuffix(f.Name(), ".tx.up.sql") {
				t.Errorf("%s does not end in .tx.up.sql", f.Name())
			}
			names = append(names, f.Name())
		}
		return names
	}
	if diff := cmp.Diff(names("sqlite"), names("postgres")); diff != "" {
		t.Error(diff)
	}
}
