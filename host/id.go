package host

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"sync"
	"time"

	"tallystick/audit"
	"tallystick/engine"
)

// random hands out random bytes from one source to many goroutines.
type random struct {
	mu     sync.Mutex
	source *bufio.Reader
}

func newRandom(source io.Reader) *random { return &random{source: bufio.NewReaderSize(source, 4096)} }

// fill panics when the source ends: a commitment without a random salt would give the secret away.
func (r *random) fill(b []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, err := io.ReadFull(r.source, b); err != nil {
		panic(fmt.Sprintf("host: the source of randomness failed: %v", err))
	}
}

func (r *random) salt() (s [32]byte) {
	r.fill(s[:])
	return s
}

// eventID draws a UUID of version 7 (RFC 9562, section 5.7): milliseconds, then random bits.
func (r *random) eventID(at time.Time) (id audit.EventID) {
	r.fill(id[:])
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(at.UnixMilli()))
	copy(id[:6], ms[2:])
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id
}

// spread returns a duration between ¾ and 5⁄4 of d, so that nodes do not move in step.
func (r *random) spread(d time.Duration) time.Duration {
	var b [2]byte
	r.fill(b[:])
	return d*3/4 + d*time.Duration(binary.BigEndian.Uint16(b[:]))/(2<<16)
}

// commandID names a call for ever: from the actor and the key it chose, or as its audit entry when it chose
// none.
func commandID(by Actor, key string, event audit.EventID) string {
	if key == "" {
		return event.String()
	}
	h := sha256.New()
	// The length keeps actor and key apart whatever they contain.
	_, _ = fmt.Fprintf(h, "%d:%s%s", len(by.Ref()), by.Ref(), key)
	return hex.EncodeToString(h.Sum(nil))
}

// turn lets one goroutine at a time do something that may take as long as the store takes; who waits for
// it can give up, which a mutex does not allow.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

func (t turn) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ErrTimeout.With("others were busy with it until the caller left")
	}
}

func (t turn) end() { <-t }

// sequences hands out instance numbers from blocks that the store reserves.
type sequences struct {
	turn       turn
	store      Store
	timeout    time.Duration // of the store
	block      int
	next, last int64
}

func (s *sequences) draw(ctx context.Context) (int64, error) {
	if err := s.turn.take(ctx); err != nil {
		return 0, err
	}
	defer s.turn.end()
	if s.next == s.last {
		first, err := s.reserve(ctx)
		if err != nil {
			return 0, err
		}
		s.next, s.last = first, first+int64(s.block)
	}
	s.next++
	return engine.InstanceKey(s.next - 1), nil
}

// reserve asks for a block. It ends in time, since others wait for the turn.
func (s *sequences) reserve(ctx context.Context) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	return s.store.Sequences(ctx, s.block)
}
