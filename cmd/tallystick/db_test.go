package main

import (
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tallystick/internal/pgtest"
)

// types runs one command line in this process.
func types(t *testing.T, args ...string) (code int, out, said string) {
	t.Helper()
	var o, e strings.Builder
	code = run(t.Context(), args, stdio{in: strings.NewReader(""), out: &o, err: &e, env: func(string) string { return "" }})
	return code, o.String(), e.String()
}

// TestMovingHouse works on one kind of database, moves to the other with instances open, and finishes them there;
// then it moves back and verifies.
func TestMovingHouse(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "tallystick")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	file := func() string { return "sqlite:" + filepath.Join(t.TempDir(), "data", "house.db") }
	t.Run("sqlite to postgres", func(t *testing.T) { moveHouse(t, binary, file(), pgtest.Start(t), file()) })
	t.Run("postgres to sqlite", func(t *testing.T) { moveHouse(t, binary, pgtest.Start(t), file(), pgtest.Start(t)) })
}

func moveHouse(t *testing.T, binary, first, second, third string) {
	s := &story{t: t, binary: binary, dsn: first}
	s.start()
	s.people()
	s.ends(s.claim("C-1", "gold", 49, 3, 0, "SHIRT-M"), "refunded")
	open := s.claim("C-4", "silver", 480, 20, 3, "LAMP-3")
	task := s.task("ida", open, "Inspect return")
	s.refused(s.as("oscar").complete(task, "approve"), http.StatusForbidden, http.StatusNotFound)
	late := s.claim("C-5", "silver", 480, 20, 3, "LAMP-3")
	s.task("ida", late, "Inspect return")
	if code, _, said := types(t, "db", "copy", "--from", first, "--to", second); code != exitConflict {
		t.Errorf("a source at work: exit code %d: %s", code, said)
	}
	s.stop()

	s.moves(first, second)
	s.dsn = second
	s.start()
	s.must(s.as("ida").complete(task, "approve"))
	s.ends(open, "refunded")
	s.clock(25 * time.Hour)
	s.task("sue", late, "Decide escalated return")
	s.clock(26*time.Hour + 6*24*time.Hour)
	s.ends(late, "expired")
	s.verified()
	s.moves(second, third)
	if code, _, said := types(t, "db", "copy", "--from", second, "--to", third); code != exitConflict || !strings.Contains(said, "not empty") {
		t.Errorf("a target that is full: exit code %d: %s", code, said)
	}
}

// moves copies a database and demands a sound report.
func (s *story) moves(from, to string) {
	s.t.Helper()
	code, out, said := types(s.t, "db", "copy", "--from", from, "--to", to)
	if code != exitOK || !strings.Contains(out, "all tables equal") || !strings.Contains(out, "0 breaks") {
		s.t.Fatalf("exit code %d\n%s\n%s", code, out, said)
	}
}

func TestCopyCommandRefuses(t *testing.T) {
	here := "sqlite:" + filepath.Join(t.TempDir(), "a.db")
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"db"}, exitUsage, ""},
		{[]string{"db", "copy", "--from", here}, exitUsage, "to"},
		{[]string{"db", "copy", "--from", here, "--to", here}, exitFailure, "the same"},
		{[]string{"db", "copy", "--from", here, "--to", here + "2"}, exitNotFound, "a.db"},
		{[]string{"db", "copy", "--from", "x:y", "--to", here}, exitFailure, "DSN"},
	} {
		if code, _, said := types(t, c.args...); code != c.code || !strings.Contains(said, c.says) {
			t.Errorf("%v: exit code %d, want %d: %s", c.args, code, c.code, said)
		}
	}
}
