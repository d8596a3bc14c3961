package pgtest

import (
	"bufio"
	"database/sql"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// asChild makes TestMain play a test process that is about to be killed.
const asChild = "PGTEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(asChild) == "" {
		Main(m)
	}
	s, err := shared()
	if err != nil {
		panic(err)
	}
	os.Stdout.WriteString(s.admin + " " + running.cluster.dir + "\n")
	select {}
}

func connect(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func text(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	var got string
	if err := db.QueryRowContext(t.Context(), query).Scan(&got); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return got
}

func TestStartGivesSeparateEmptyDatabases(t *testing.T) {
	t.Parallel()
	first, second := connect(t, Start(t)), connect(t, Start(t))
	if _, err := first.ExecContext(t.Context(), `create table mark (id bigint)`); err != nil {
		t.Fatal(err)
	}
	const count = `select count(*)::text from information_schema.tables where table_schema = 'public'`
	if got := text(t, first, count); got != "1" {
		t.Errorf("first database has %s tables, want 1", got)
	}
	if got := text(t, second, count); got != "0" {
		t.Errorf("second database has %s tables, want 0", got)
	}
}

func TestStartKeepsDurability(t *testing.T) {
	t.Parallel()
	if os.Getenv("TEST_POSTGRES") != "" {
		t.Skip("NOT RUN: the settings of the server in TEST_POSTGRES are its owner's; unset it to run this")
	}
	db := connect(t, Start(t))
	for _, setting := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		if got := text(t, db, "show "+setting); got != "on" {
			t.Errorf("%s is %s, want on", setting, got)
		}
	}
}

func TestStartDropsTheDatabaseInUse(t *testing.T) {
	var name string
	t.Run("use", func(t *testing.T) {
		db, err := sql.Open("postgres", Start(t)) // stays open, as after a killed process
		if err != nil {
			t.Fatal(err)
		}
		name = text(t, db, `select current_database()`)
	})
	db := connect(t, Start(t))
	got := text(t, db, `select count(*)::text from pg_database where datname = '`+name+`'`)
	if name == "" || got != "0" {
		t.Errorf("database %q is still there", name)
	}
}

func TestKilledProcessLeavesNothing(t *testing.T) {
	t.Parallel()
	if _, err := findBinaries(); err != nil && os.Getenv("TALLYSTICK_REQUIRE_POSTGRES") != "1" {
		t.Skip("NOT RUN on PostgreSQL: " + err.Error())
	}
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), asChild+"=1", "TEST_POSTGRES=")
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the child gave no DSN: %v", err)
	}
	dsn, dir, _ := strings.Cut(strings.TrimSpace(line), " ")
	db := connect(t, dsn)
	text(t, db, `select 'connected'`)
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	child.Wait()
	// The server ends this statement; were it still alive, the statement would succeed.
	if _, err := db.ExecContext(t.Context(), `select pg_sleep(30)`); err == nil {
		t.Fatal("PostgreSQL outlived the process that started it")
	}
	waitGone(t, dir)
}

func waitGone(t *testing.T, dir string) {
	t.Helper()
	tick, deadline := time.NewTicker(50*time.Millisecond), time.After(30*time.Second)
	defer tick.Stop()
	for {
		if _, err := os.Stat(dir); os.IsNotExist(err) {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s is still there", dir)
		}
	}
}

func TestWithDatabase(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"postgres://u:p@h:1/postgres?sslmode=disable": "postgres://u:p@h:1/x?sslmode=disable",
		"host=h user=u": "host=h user=u dbname=x",
	}
	for dsn, want := range cases {
		if got, err := withDatabase(dsn, "x"); err != nil || got != want {
			t.Errorf("withDatabase(%q) = %q, %v; want %q", dsn, got, err, want)
		}
	}
	if _, err := url.Parse((&cluster{port: 5432, password: "p"}).dsn("x")); err != nil {
		t.Error(err)
	}
}

func TestVersionIsReadFromTheFolder(t *testing.T) {
	t.Parallel()
	cases := map[string]int{"/usr/lib/postgresql/9/bin": 9, "/usr/lib/postgresql/17/bin": 17, "/opt/bin": 0}
	for dir, want := range cases {
		if got := version(dir); got != want {
			t.Errorf("version(%q) = %d, want %d", dir, got, want)
		}
	}
}
