package store_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tallystick/fault"
	"tallystick/internal/pgtest"
	"tallystick/store"
)

// holdDSN makes the test binary open a store and hold it until it is killed.
const holdDSN = "STORE_TEST_HOLD"

func hold(dsn string) {
	if _, err := store.Open(context.Background(), store.Options{DSN: dsn}); err != nil {
		fmt.Fprintln(os.Stdout, err)
		os.Exit(1)
	}
	fmt.Fprintln(os.Stdout, "open")
	select {}
}

func refuse(t *testing.T, dsn, code string) {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{DSN: dsn})
	if err == nil {
		db.Close()
	}
	if fault.CodeOf(err) != code {
		t.Errorf("%s: got %v, want %s", dsn, err, code)
	}
}

func TestOpenRefusesDSN(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{
		"", "tally.db", "mysql://x", "sqlite:", "sqlite:a?mode=memory", "postgres://localhost/tally",
		"postgres://localhost/tally?sslmode=nonsense", "postgres://user:secret@local host:x/?sslmode=disable",
	} {
		db, err := store.Open(t.Context(), store.Options{DSN: dsn})
		if err == nil {
			db.Close()
		}
		if fault.CodeOf(err) != "store.dsn" || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: got %v", dsn, err)
		}
	}
}

func TestOpenRefusesUnreachableServer(t *testing.T) {
	t.Parallel()
	refuse(t, "postgres://127.0.0.1:1/tally?sslmode=disable&connect_timeout=2", "store.unavailable")
}

func TestSecondOpenIsRefused(t *testing.T) {
	t.Parallel()
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "tally.db")
	db, err := store.Open(t.Context(), store.Options{DSN: dsn})
	if err != nil {
		t.Fatal(err)
	}
	refuse(t, dsn, "store.locked")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, store.Options{DSN: dsn})
}

func TestSecondProcessIsRefused(t *testing.T) {
	t.Parallel()
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "tally.db")
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), holdDSN+"="+dsn)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "open\n" {
		t.Fatalf("the child says %q, %v", line, err)
	}
	refuse(t, dsn, "store.locked")
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	child.Wait() // it was killed
	open(t, store.Options{DSN: dsn})
}

func TestOriginStays(t *testing.T) {
	t.Parallel()
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "tally.db")
	var origins []string
	for range 2 {
		db, err := store.Open(t.Context(), store.Options{DSN: dsn})
		if err != nil {
			t.Fatal(err)
		}
		origins = append(origins, db.Origin())
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	other := openSQLite(t, store.Options{}).Origin()
	if origins[0] != origins[1] || !strings.HasPrefix(other, "tallystick/") || other == origins[0] {
		t.Errorf("origins %v, of another installation %s", origins, other)
	}
}

func TestFilesAreTheOwnersAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "tally.db")
	if err := os.WriteFile(path, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	open(t, store.Options{DSN: "sqlite:" + path})
	files, err := os.ReadDir(dir)
	if err != nil || len(files) < 3 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has the mode %v, %v", f.Name(), info.Mode(), err)
		}
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tally.db")
	db, err := store.Open(t.Context(), store.Options{DSN: "sqlite:" + path})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	execute(t, raw(t, "sqlite", "file:"+path), "INSERT INTO bun_migrations (name, group_id) VALUES ('9999', 2)")
	refuse(t, "sqlite:"+path, "store.unsupported")
}

func execute(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func TestNodesMigrateOneAfterTheOther(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Start(t)
	var wg sync.WaitGroup
	origins := make([]string, 4)
	for i := range origins {
		wg.Go(func() {
			db, err := store.Open(t.Context(), store.Options{DSN: dsn})
			if err != nil {
				t.Error(err)
				return
			}
			origins[i] = db.Origin()
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, o := range origins {
		if o == "" || o != origins[0] {
			t.Errorf("origins %v", origins)
		}
	}
}
