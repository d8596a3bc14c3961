package bench

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// usage is what was used up to a moment. Differences of two are the cost of what ran between them.
type usage struct {
	at          time.Time
	cpu         time.Duration // of this process: engine, SQLite and, over HTTP, the clients too
	database    time.Duration // of the PostgreSQL server with all its children
	written     int64         // WAL of PostgreSQL, or bytes that this process sent to the disk
	allocated   uint64
	allocations uint64
}

// gauge reads usage; postmaster is 0 when the database is in this process.
type gauge struct {
	postmaster int
	control    *sql.DB
}

// newGauge finds the PostgreSQL server behind a DSN.
func newGauge(ctx context.Context, dsn string) (*gauge, error) {
	if !strings.HasPrefix(dsn, "postgres") {
		return &gauge{}, nil
	}
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	var backend int
	if err := db.QueryRowContext(ctx, "SELECT pg_backend_pid()").Scan(&backend); err != nil {
		return nil, err
	}
	s, err := readStat(backend)
	if err != nil {
		return nil, fmt.Errorf("the PostgreSQL server must run on this machine: %w", err)
	}
	return &gauge{postmaster: s.parent, control: db}, nil
}

func (g *gauge) close() {
	if g.control != nil {
		g.control.Close()
	}
}

func (g *gauge) read(ctx context.Context) (usage, error) {
	cpu, err := ownTime()
	if err != nil {
		return usage{}, err
	}
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	u := usage{cpu: cpu, allocated: mem.TotalAlloc, allocations: mem.Mallocs}
	if g.postmaster == 0 {
		u.written, err = processField("/proc/self/io", "write_bytes:")
	} else {
		if err = g.control.QueryRowContext(ctx, "SELECT pg_current_wal_insert_lsn() - '0/0'").Scan(&u.written); err == nil {
			u.database, err = familyTime(g.postmaster)
		}
	}
	u.at = time.Now()
	return u, err
}

// stat is what /proc tells of a process.
type stat struct {
	parent         int
	own, ofTheDead time.Duration
}

// tick is the unit of CPU times in /proc, 1/100 s on every Linux that Go runs on.
const tick = 10 * time.Millisecond

func readStat(pid int) (stat, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return stat{}, err
	}
	// The name of the program, in parentheses, may hold spaces; fields are counted after it.
	f := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
	number := func(i int) int64 {
		n, e := strconv.ParseInt(f[i], 10, 64)
		if e != nil {
			err = e
		}
		return n
	}
	s := stat{
		parent: int(number(1)), own: tick * time.Duration(number(11)+number(12)),
		ofTheDead: tick * time.Duration(number(13)+number(14)),
	}
	return s, err
}

// familyTime is the CPU time of a process, of its children that run and of those that have ended.
func familyTime(parent int) (time.Duration, error) {
	head, err := readStat(parent)
	if err != nil {
		return 0, err
	}
	sum := head.own + head.ofTheDead
	all, err := filepath.Glob("/proc/[0-9]*")
	for _, dir := range all {
		pid, e := strconv.Atoi(filepath.Base(dir))
		if e != nil {
			continue
		}
		if s, e := readStat(pid); e == nil && s.parent == parent { // others may end meanwhile
			sum += s.own
		}
	}
	return sum, err
}

// processField reads one number of a file of /proc.
func processField(file, name string) (int64, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			return strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
		}
	}
	return 0, fmt.Errorf("%s has no %s", file, name)
}

// residentMiB is the memory of a process.
func residentMiB(pid string) (float64, error) {
	kib, err := processField("/proc/"+pid+"/status", "VmRSS:")
	return float64(kib) / 1024, err
}

// cpuModel names the processor.
func cpuModel() string {
	data, _ := os.ReadFile("/proc/cpuinfo") // without it the name stays unknown
	for line := range strings.Lines(string(data)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown processor"
}
