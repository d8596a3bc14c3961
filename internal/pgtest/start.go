package pgtest

import (
	"errors"
	"os"
	"sync"
	"testing"
)

// server is where databases are created: a cluster of our own or the one TEST_POSTGRES names.
type server struct {
	admin string // DSN of a database that exists already
}

var shared = sync.OnceValues(open)

// Start returns the DSN (for lib/pq) of a fresh, empty database that is dropped when t ends.
// It skips t, or fails it under TALLYSTICK_REQUIRE_POSTGRES=1, when no PostgreSQL can be had.
func Start(t testing.TB) string {
	t.Helper()
	s, err := shared()
	if errors.Is(err, errNoBinaries) && os.Getenv("TALLYSTICK_REQUIRE_POSTGRES") != "1" {
		t.Skip("NOT RUN on PostgreSQL: " + err.Error())
	}
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	name := "tally_" + random(8)
	if err := execute(s.admin, `create database `+name); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		// FORCE, because a test of a killed process leaves connections behind.
		if err := execute(s.admin, `drop database if exists `+name+` with (force)`); err != nil {
			t.Errorf("pgtest: %v", err)
		}
	})
	dsn, err := withDatabase(s.admin, name)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return dsn
}

// Main runs the tests of a package, stops the cluster if one was started and ends the process
// with the code of the run. Call it from TestMain.
func Main(m *testing.M) {
	code := m.Run()
	Stop()
	os.Exit(code)
}

// Stop stops and deletes the cluster of this process, if there is one. For a TestMain that does
// more than Main; Start must not be called afterwards.
func Stop() {
	running.Lock()
	defer running.Unlock()
	if running.cluster != nil {
		running.cluster.stop()
		running.cluster = nil
	}
}

// running lets Stop find the cluster without starting one.
var running struct {
	sync.Mutex
	cluster *cluster
}

func open() (*server, error) {
	if dsn := os.Getenv("TEST_POSTGRES"); dsn != "" {
		return &server{admin: dsn}, nil
	}
	bin, err := findBinaries()
	if err != nil {
		return nil, err
	}
	c, err := startCluster(bin)
	if err != nil {
		return nil, err
	}
	running.Lock()
	defer running.Unlock()
	running.cluster = c
	return &server{admin: c.dsn("postgres")}, nil
}
