package bench

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tallystick/store"
)

// recording is a run as the database saw it: what had been there before, and the run itself.
type recording struct {
	database string
	before   []*transaction
	run      []*transaction
	commands int
	took     time.Duration
	counts   map[string]int64 // rows afterwards, to be sure that the replay wrote the same
}

// record runs instances of a workload by a number of clients and keeps what they sent to the database.
func (s *scope) record(database string, w workload, clients, instances int) recording {
	r := &recorder{}
	dsn := s.database(database)
	out := recording{database: database, commands: w.commands * instances}
	within(s, func(s *scope) {
		n := s.openRecorded(dsn, r)
		d := inside{n.host}
		s.must(w.once(s.Context(), d)) // compiles, fills pools
		mark := r.mark()
		var left atomic.Int64
		left.Store(int64(instances))
		begin := time.Now()
		s.must(drive(s.Context(), clients, &left, func(ctx context.Context) error { return w.once(ctx, d) }).wait())
		out.took = time.Since(begin)
		n.stop()
		all := r.stop()
		out.before, out.run = all[:mark], all[mark:]
	})
	out.counts = s.counts(dsn)
	return out
}

// openRecorded opens a node whose recorder starts once the schema is there.
func (s *scope) openRecorded(dsn string, r *recorder) *node {
	db, err := store.Open(s.Context(), store.Options{DSN: dsn})
	s.must(err)
	s.must(db.Close())
	r.start()
	return s.open(setting{store: store.Options{DSN: dsn, Wrap: r.wrap}})
}

// replay sends the recording to a fresh database and returns how long the run took there.
func (s *scope) replay(rec recording) time.Duration {
	var took time.Duration
	within(s, func(s *scope) {
		dsn := s.database(rec.database)
		r := &recorder{}
		db, err := store.Open(s.Context(), store.Options{DSN: dsn, Wrap: r.wrap})
		s.must(err)
		s.must(db.Close())
		connect := r.connectors[0] // of the pool that writes, with the settings of the store
		l := s.dial(connect, rec.before, rec.run)
		_, err = l.play(s.Context(), rec.before, send)
		s.must(err)
		written := s.writtenRows(dsn)
		took, err = l.play(s.Context(), rec.run, send)
		s.must(errors.Join(err, l.close()))
		if rec.database == "postgres" { // a function that writes is one row to the driver
			share(rec.run, s.writtenRows(dsn)-written)
		}
		got := s.counts(dsn)
		for table, want := range rec.counts {
			if got[table] != want {
				s.Fatalf("the replay left %d rows in %s, the run %d", got[table], table, want)
			}
		}
	})
	return took
}

// writtenRows asks PostgreSQL how many rows were inserted, changed and deleted so far. What a connection did is
// added when it has ended, so the answer is taken once it stands still.
func (s *scope) writtenRows(dsn string) int64 {
	if !strings.HasPrefix(dsn, "postgres") {
		return 0
	}
	db := s.raw(dsn)
	defer db.Close()
	last := int64(-1)
	for {
		var n int64
		s.must(db.QueryRowContext(s.Context(), `SELECT tup_inserted + tup_updated + tup_deleted
			FROM pg_stat_database WHERE datname = current_database()`).Scan(&n))
		if n == last {
			return n
		}
		last = n
		pause(100 * time.Millisecond)
	}
}

// share gives rows to transactions by the bytes that they sent.
func share(all []*transaction, rows int64) {
	total := 0
	for _, t := range all {
		total += t.bytes
	}
	for _, t := range all {
		t.rows = max(1, rows*int64(t.bytes)/int64(max(1, total)))
	}
}

// counts tells how many rows the tables have that every workload fills.
func (s *scope) counts(dsn string) map[string]int64 {
	db := s.raw(dsn)
	defer db.Close()
	out := map[string]int64{}
	for _, table := range []string{"instance", "process_instance", "element_instance", "audit_entry", "command"} {
		var n int64
		s.must(db.QueryRowContext(s.Context(), "SELECT count(*) FROM "+table).Scan(&n))
		out[table] = n
	}
	return out
}

// lines are the connections of a replay, by their numbers in the recording. Like those of a run, they are
// used for what comes before it too, so that none begins it cold.
type lines map[int]*line

// dial opens as many connections as the transactions came from.
func (s *scope) dial(connect driver.Connector, all ...[]*transaction) lines {
	out := lines{}
	for _, t := range slices.Concat(all...) {
		if out[t.conn] != nil {
			continue
		}
		c, err := connect.Connect(s.Context())
		s.must(err)
		out[t.conn] = &line{conn: c.(fullConn), prepared: map[string]fullStmt{}}
	}
	return out
}

func (l lines) close() error {
	var failed error
	for _, one := range l {
		failed = errors.Join(failed, one.conn.Close())
	}
	return failed
}

// play sends transactions, each on its connection. One begins when all that had ended before it in the
// recording have ended, so nothing is missing that it rests on and nothing is more serial than it was.
func (l lines) play(ctx context.Context, all []*transaction, send sending) (time.Duration, error) {
	p := newPlayer(all, send)
	mine := map[int][]*transaction{}
	for _, t := range all {
		mine[t.conn] = append(mine[t.conn], t)
	}
	errs := make(chan error, len(mine))
	var running sync.WaitGroup
	begin := time.Now()
	for number, own := range mine {
		running.Go(func() { errs <- p.play(ctx, l[number], own) })
	}
	running.Wait()
	took := time.Since(begin)
	close(errs)
	var failed error
	for err := range errs {
		failed = errors.Join(failed, err)
	}
	return took, failed
}

// player keeps the order between lines.
type player struct {
	send    sending
	mu      sync.Mutex
	turn    *sync.Cond
	ends    []int // when each transaction ended in the recording, ascending
	done    []bool
	prefix  int // all before it have ended here
	stopped bool
}

func newPlayer(all []*transaction, send sending) *player {
	p := &player{send: send, done: make([]bool, len(all))}
	for _, t := range all {
		p.ends = append(p.ends, t.ended)
	}
	slices.Sort(p.ends)
	p.turn = sync.NewCond(&p.mu)
	return p
}

func (p *player) play(ctx context.Context, l *line, mine []*transaction) error {
	for _, t := range mine {
		if !p.await(t) {
			return nil
		}
		err := p.send(ctx, l, t)
		p.finish(t, err)
		if err != nil {
			return err
		}
	}
	return nil
}

// await waits for the turn of a transaction; false when another one failed.
func (p *player) await(t *transaction) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.free(t) && !p.stopped {
		p.turn.Wait()
	}
	return !p.stopped
}

// free reports whether everything has ended that had ended before t began.
func (p *player) free(t *transaction) bool {
	before, _ := slices.BinarySearch(p.ends, t.begun)
	return p.prefix >= before
}

func (p *player) finish(t *transaction, err error) {
	at, _ := slices.BinarySearch(p.ends, t.ended)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done[at] = true
	p.stopped = p.stopped || err != nil
	for p.prefix < len(p.done) && p.done[p.prefix] {
		p.prefix++
	}
	p.turn.Broadcast()
}

// line is one connection of a replay, used at the level of the driver.
type line struct {
	conn     fullConn
	prepared map[string]fullStmt
}

// sending carries out one transaction on a line.
type sending func(ctx context.Context, l *line, t *transaction) error

// send sends a transaction as it was recorded, without what only reads.
func send(ctx context.Context, l *line, t *transaction) error {
	tx, err := l.conn.BeginTx(ctx, driver.TxOptions{})
	if err != nil {
		return err
	}
	rows, bytes := int64(0), 0
	for _, s := range t.writing() {
		result, err := l.execute(ctx, s)
		if err != nil {
			return errors.Join(fmt.Errorf("%.200s: %w", s.query, err), tx.Rollback())
		}
		n, err := result.RowsAffected()
		if err != nil {
			return errors.Join(err, tx.Rollback())
		}
		rows, bytes = rows+n, bytes+s.size()
	}
	t.rows, t.bytes = rows, bytes
	return tx.Commit()
}

func (l *line) execute(ctx context.Context, s statement) (driver.Result, error) {
	if !s.prepared {
		return l.conn.ExecContext(ctx, s.query, s.args)
	}
	stmt, ok := l.prepared[s.query]
	if !ok {
		fresh, err := l.conn.PrepareContext(ctx, s.query)
		if err != nil {
			return nil, err
		}
		stmt = fresh.(fullStmt)
		// What COPY prepares is over with its last row.
		if !strings.HasPrefix(strings.ToUpper(strings.TrimSpace(s.query)), "COPY") {
			l.prepared[s.query] = stmt
		}
	}
	return stmt.ExecContext(ctx, s.args)
}
