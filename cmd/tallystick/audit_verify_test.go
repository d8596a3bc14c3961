package main

import (
	"io"
	"path/filepath"
	"strings"
	"testing"

	"tallystick/internal/pgtest"
)

// TestVerifyBesideTheServer checks the database of a server that is at work, with the command that an auditor
// types, and finds it at work afterwards.
func TestVerifyBesideTheServer(t *testing.T) {
	for name, dsn := range map[string]string{
		"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "data", "tally.db"), "postgres": pgtest.Start(t),
	} {
		t.Run(name, func(t *testing.T) {
			n := startNode(t, "--db", dsn)
			var out, said strings.Builder
			code := run(t.Context(), []string{"audit", "verify", dsn},
				stdio{in: strings.NewReader(""), out: &out, err: &said, env: func(string) string { return "" }})
			if code != exitOK || !strings.Contains(out.String(), "0 breaks") {
				t.Errorf("exit code %d: %s%s", code, &out, &said)
			}
			n.want(n.address, "/readyz", "", 200, "ready")
		})
	}
}

func TestVerifyNamesTheMissingDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none.db")
	var said strings.Builder
	code := run(t.Context(), []string{"audit", "verify", "sqlite:" + path},
		stdio{out: io.Discard, err: &said, env: func(string) string { return "" }})
	if code != exitNotFound || !strings.Contains(said.String(), path) {
		t.Errorf("exit code %d: %s", code, &said)
	}
}
