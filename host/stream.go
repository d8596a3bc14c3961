package host

import (
	"context"
	"slices"
	"sync"
	"time"

	"tallystick/audit"
)

// note is an audit entry of a stream that no instance carries.
type note struct {
	stream string
	draft
	tally *tally // refusals that are counted again when the entry cannot be written
}

// streams keeps the heads of the streams that are not instances'. Writers of one stream on this node take
// turns; other nodes are noticed by Commit.
type streams struct {
	store   Store
	timeout time.Duration // of the store
	origin  string

	mu    sync.Mutex
	heads map[string]*streamHead
}

// streamHead is a head under the hand of one writer at a time.
type streamHead struct {
	turn  turn
	users int // under streams.mu
	known bool
	head  audit.Head
}

// headsMax bounds the heads that are remembered while nobody writes their streams.
const headsMax = 4096

// hold waits for its turn at every stream and reads the heads that are not known. What it returns goes to
// release or keep.
func (s *streams) hold(ctx context.Context, names []string) (map[string]*streamHead, error) {
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	held := make(map[string]*streamHead, len(names))
	// The order of names is the order of turns: two writers cannot wait for each other.
	for _, name := range names {
		h := s.enter(name)
		if err := h.turn.take(ctx); err != nil {
			s.leave(name, h)
			s.release(held, nil)
			return nil, err
		}
		held[name] = h
	}
	if err := s.read(ctx, held); err != nil {
		s.release(held, nil)
		return nil, err
	}
	return held, nil
}

// read fills in the heads that are not known.
func (s *streams) read(ctx context.Context, held map[string]*streamHead) error {
	var unknown []string
	for name, h := range held {
		if !h.known {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	asked, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	heads, err := s.store.Heads(asked, unknown)
	if err != nil {
		return err
	}
	for _, name := range unknown {
		h, ok := heads[name]
		if !ok {
			h = audit.Genesis(s.origin, tenant, name)
		}
		held[name].head, held[name].known = h, true
	}
	return nil
}

func (s *streams) enter(name string) *streamHead {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.heads[name]
	if h == nil {
		h = &streamHead{turn: newTurn()}
		s.heads[name] = h
	}
	h.users++
	return h
}

// release ends the turns. The heads move to those of changes; without changes they are forgotten, since
// nobody knows then what the store has.
func (s *streams) release(held map[string]*streamHead, changes []StreamChange) {
	for name, h := range held {
		h.known = false
		for _, c := range changes {
			if c.After.Stream == name {
				h.head, h.known = c.After, true
			}
		}
	}
	for name, h := range held {
		h.turn.end()
		s.leave(name, h)
	}
}

// leave forgets a stream that nobody is at, unless its head is worth keeping.
func (s *streams) leave(name string, h *streamHead) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h.users--
	if h.users == 0 && len(s.heads) > headsMax {
		delete(s.heads, name)
	}
}

// keep ends the turns of streams that were looked at and not written.
func (s *streams) keep(held map[string]*streamHead) {
	var same []StreamChange
	for _, h := range held {
		same = append(same, StreamChange{Before: h.head, After: h.head})
	}
	s.release(held, same)
}

// link chains notes to the heads that are held.
func link(r *random, held map[string]*streamHead, notes []note) AuditBatch {
	var b AuditBatch
	heads := map[string]*StreamChange{}
	var order []string
	for _, n := range notes {
		c := heads[n.stream]
		if c == nil {
			c = &StreamChange{Before: held[n.stream].head, After: held[n.stream].head}
			heads[n.stream] = c
			order = append(order, n.stream)
		}
		var a AuditRow
		a, c.After = n.draft.link(r, c.After)
		b.Entries = append(b.Entries, a)
	}
	for _, name := range order {
		b.Streams = append(b.Streams, *heads[name])
	}
	return b
}

func streamsOf(notes []note) []string {
	names := make([]string, len(notes))
	for i, n := range notes {
		names[i] = n.stream
	}
	return names
}
