package ordeal

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"tallystick/internal/pgtest"
)

func message(kind byte, body string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)+lengthBytes))
	if kind != 0 {
		b = append([]byte{kind}, b...)
	}
	return append(b, body...)
}

func TestFramesFindCommit(t *testing.T) {
	t.Parallel()
	ssl := message(0, string(binary.BigEndian.AppendUint32(nil, sslRequest)))
	start := message(0, "\x00\x03\x00\x00user\x00u\x00\x00")
	cases := map[string]struct {
		sent []byte
		want bool
	}{
		"simple":             {message('Q', "COMMIT\x00"), true},
		"in small letters":   {message('Q', " commit\x00"), true},
		"prepared":           {message('P', "name\x00COMMIT\x00\x00\x00"), true},
		"another statement":  {message('Q', "SELECT 'COMMIT'\x00"), false},
		"text of a value":    {message('B', "COMMIT\x00"), false},
		"after another":      {append(message('Q', "SELECT 1\x00"), message('Q', "COMMIT\x00")...), true},
		"name of a prepared": {message('P', "COMMIT\x00SELECT 1\x00\x00\x00"), false},
	}
	for name, c := range cases {
		for _, head := range [][]byte{start, append(append([]byte{}, ssl...), start...)} {
			whole := append(append([]byte{}, head...), c.sent...)
			if got := (&frames{}).commits(whole); got != c.want {
				t.Errorf("%s: %t, want %t", name, got, c.want)
			}
			f, got := &frames{}, false
			for _, b := range whole {
				got = f.commits([]byte{b}) || got
			}
			if got != c.want {
				t.Errorf("%s byte by byte: %t, want %t", name, got, c.want)
			}
		}
	}
}

// TestProxyCutsAtCommit shows both sides of an unknown outcome: the client hears the same, the database differs.
func TestProxyCutsAtCommit(t *testing.T) {
	t.Parallel()
	direct, p, db := proxied(t)
	_, err := db.ExecContext(t.Context(), `create table mark (forwarded boolean)`)
	must(t, err)
	count := func(forwarded bool) (n int) {
		must(t, direct.QueryRowContext(t.Context(), `select count(*) from mark where forwarded = $1`, forwarded).Scan(&n))
		return n
	}
	for _, forward := range []bool{true, false} {
		tx, err := db.BeginTx(t.Context(), nil)
		must(t, err)
		_, err = tx.ExecContext(t.Context(), `insert into mark values ($1)`, forward)
		must(t, err)
		cut := make(chan bool)
		go func() { cut <- p.CutAtCommit(t.Context(), forward, 10*time.Second) }()
		for p.trap.Load() == nil {
			pause(t.Context(), time.Millisecond)
		}
		if err := tx.Commit(); err == nil {
			t.Errorf("forward %t: the commit was answered", forward)
		}
		if !<-cut {
			t.Errorf("forward %t: no COMMIT was seen", forward)
		}
	}
	waitFor(t, "the forwarded commit", func() bool { return count(true) == 1 })
	if got := count(false); got != 0 {
		t.Errorf("%d rows of a COMMIT that was held back", got)
	}
}

// proxied opens a fresh database directly and through a proxy.
func proxied(t *testing.T) (direct *sql.DB, p *Proxy, through *sql.DB) {
	t.Helper()
	dsn := pgtest.Start(t)
	p, behind := between(t, dsn)
	open := func(dsn string) *sql.DB {
		db, err := sql.Open("postgres", dsn)
		must(t, err)
		t.Cleanup(func() { db.Close() })
		return db
	}
	return open(dsn), p, open(behind)
}

func TestProxyBreaks(t *testing.T) {
	t.Parallel()
	_, p, db := proxied(t)
	alive := func(c *sql.Conn) error { return c.QueryRowContext(t.Context(), `select 1`).Scan(new(int)) }
	for name, c := range map[string]struct {
		harm func() int
		ends bool
	}{
		"cut":                    {p.Cut, true},
		"reset":                  {p.Reset, true},
		"stall":                  {func() int { return p.Stall(t.Context(), 50*time.Millisecond) }, false},
		"stall and cut":          {func() int { return p.StallThenCut(t.Context(), 50*time.Millisecond) }, true},
		"half-close to database": {func() int { return p.HalfClose(true) }, true},
		"half-close to node":     {func() int { return p.HalfClose(false) }, true},
	} {
		conn, err := db.Conn(t.Context())
		must(t, err)
		must(t, alive(conn))
		if n := c.harm(); n == 0 {
			t.Errorf("%s: there was no connection", name)
		}
		if err := alive(conn); (err != nil) != c.ends {
			t.Errorf("%s: %v, ends %t", name, err, c.ends)
		}
		if err := conn.Close(); err != nil && !errors.Is(err, sql.ErrConnDone) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// waitFor waits until something holds.
func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for begin := time.Now(); !holds(); pause(t.Context(), 10*time.Millisecond) {
		if time.Since(begin) > 30*time.Second {
			t.Fatalf("%s did not come", what)
		}
	}
}
