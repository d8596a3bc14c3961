package pgtest

import (
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Server is a cluster of one test's own, which that test may stop, restart, double and promote. It is durable as
// the shared one and ends with the test, also when the test process is killed.
type Server struct {
	bin, dir, password string
	port               int
	lifeline           *os.File // closing it ends the cluster
	keeper             *exec.Cmd
}

// keep waits for the end of file descriptor 3, then stops the cluster and deletes its folder. Arguments: the
// folder, pg_ctl.
const keep = `cat <&3; "$2" -D "$1/data" -m immediate stop >/dev/null 2>&1; rm -rf "$1"`

// NewServer starts a cluster. It skips t, or fails it under TALLYSTICK_REQUIRE_POSTGRES=1, when the programs of
// PostgreSQL are not on this machine; a server that TEST_POSTGRES names is nobody's to restart.
func NewServer(t testing.TB) *Server {
	t.Helper()
	bin, err := findBinaries()
	if err != nil && os.Getenv("TALLYSTICK_REQUIRE_POSTGRES") != "1" {
		t.Skip("NOT RUN on PostgreSQL: " + err.Error())
	}
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	s := newServer(t, bin, random(16))
	c := &cluster{dir: s.dir, password: s.password}
	if err := c.initialize(bin); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	s.configure(t, append(settings, "wal_level=replica", "max_wal_senders=10", "hot_standby=on"))
	s.Start(t)
	return s
}

func newServer(t testing.TB, bin, password string) *Server {
	t.Helper()
	dir, err := os.MkdirTemp("", "tally-pg-") //nolint:usetesting // another user owns it, and the keeper deletes it
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	s := &Server{bin: bin, dir: dir, password: password}
	if s.port, err = freePort(); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	if err := errors.Join(giveAway(dir), s.watch()); err != nil {
		t.Fatalf("pgtest: %v", errors.Join(err, os.RemoveAll(dir)))
	}
	t.Cleanup(func() {
		s.lifeline.Close()
		s.keeper.Wait() // it deletes as well as it can; its status says nothing
	})
	return s
}

// watch starts the keeper.
func (s *Server) watch() error {
	end, lifeline, err := os.Pipe()
	if err != nil {
		return err
	}
	defer end.Close()
	s.keeper = exec.Command("/bin/sh", "-c", keep, "sh", s.dir, s.program("pg_ctl"))
	s.prepare(s.keeper)
	s.keeper.ExtraFiles = []*os.File{end}
	s.lifeline = lifeline
	return s.keeper.Start()
}

// configure appends settings to the configuration; the last of each name is the one that holds.
func (s *Server) configure(t testing.TB, settings []string) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(s.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	defer f.Close()
	for _, line := range append(settings, "port="+strconv.Itoa(s.port)) {
		name, value, _ := strings.Cut(line, "=")
		fmt.Fprintf(f, "%s = '%s'\n", name, value)
	}
}

// Start starts the stopped cluster on its port and returns when it accepts connections.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	s.run(t, "pg_ctl", "-D", s.data(), "-l", filepath.Join(s.dir, "postgres.log"), "-w", "-t", "60", "start")
}

// StopAtOnce ends all processes of the cluster without a checkpoint, as a crash does; the next start recovers.
func (s *Server) StopAtOnce(t testing.TB) {
	t.Helper()
	s.run(t, "pg_ctl", "-D", s.data(), "-m", "immediate", "-w", "stop")
}

// Standby makes a copy that follows the cluster. When it returns, each commit waits until the copy has applied it.
func (s *Server) Standby(t testing.TB) *Server {
	t.Helper()
	standby := newServer(t, s.bin, s.password)
	s.run(t, "pg_basebackup", "-D", standby.data(), "-R", "-X", "stream", "-c", "fast", "-d", s.DSN("postgres"))
	standby.configure(t, nil)
	standby.Start(t)
	s.Execute(t, `alter system set synchronous_standby_names = '*'`)
	s.Execute(t, `alter system set synchronous_commit = 'remote_apply'`)
	s.Execute(t, `select pg_reload_conf()`)
	deadline := time.Now().Add(startMax)
	for s.Ask(t, `select count(*)::text from pg_stat_replication where sync_state = 'sync'`) != "1" {
		if time.Now().After(deadline) {
			t.Fatal("pgtest: the standby does not follow")
		}
		time.Sleep(startPause)
	}
	return standby
}

// Promote makes a standby a primary; it returns when it accepts writes.
func (s *Server) Promote(t testing.TB) {
	t.Helper()
	s.run(t, "pg_ctl", "-D", s.data(), "-w", "promote")
}

// Address is host and port.
func (s *Server) Address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// DSN names a database of the cluster.
func (s *Server) DSN(database string) string { return s.DSNThrough(s.Address(), database) }

// DSNThrough names a database as it is reached through another address, that of a proxy.
func (s *Server) DSNThrough(address, database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(superuser, s.password), Host: address, Path: "/" + database,
		RawQuery: "sslmode=disable",
	}
	return u.String()
}

// Execute runs one statement on the database postgres.
func (s *Server) Execute(t testing.TB, statement string) {
	t.Helper()
	if err := execute(s.DSN("postgres"), statement); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
}

// Ask returns the one text that a query on the database postgres gives.
func (s *Server) Ask(t testing.TB, query string) string {
	t.Helper()
	db, err := sql.Open("postgres", s.DSN("postgres"))
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	defer db.Close()
	var out string
	if err := db.QueryRowContext(t.Context(), query).Scan(&out); err != nil {
		t.Fatalf("pgtest: %s: %v", query, err)
	}
	return out
}

// run runs a program of PostgreSQL to its end. Its output goes to a file: what it leaves running would keep a pipe
// open.
func (s *Server) run(t testing.TB, name string, args ...string) {
	t.Helper()
	out, err := os.CreateTemp(t.TempDir(), name)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	defer out.Close()
	cmd := exec.Command(s.program(name), args...)
	s.prepare(cmd)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		text, _ := os.ReadFile(out.Name())                          // an unreadable output adds nothing to the error
		log, _ := os.ReadFile(filepath.Join(s.dir, "postgres.log")) // nor does a log
		t.Fatalf("pgtest: %s: %v\n%s\n%s", name, err, text, log[max(0, len(log)-2000):])
	}
}

func (s *Server) prepare(cmd *exec.Cmd) { (&cluster{dir: s.dir}).prepare(cmd) }

func (s *Server) program(name string) string { return filepath.Join(s.bin, name) }

func (s *Server) data() string { return filepath.Join(s.dir, "data") }
