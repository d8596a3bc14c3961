package host

import (
	"context"
	"errors"

	"tallystick/audit"
	"tallystick/fault"
)

// ghost is what a commit may still bring whose answer was lost: nobody saw it in the store yet, but the database
// may carry it out until the end of its connection. Versions let only one of the two attempts through; the
// ghost tells which of them it was.
type ghost struct {
	stream  string
	seq     int64
	hash    audit.Hash
	receipt Receipt
}

func (h *Host) appeared(ctx context.Context, g ghost) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, h.opts.StoreTimeout)
	defer cancel()
	hash, ok, err := h.store.EntryHash(ctx, g.stream, g.seq)
	return ok && hash == g.hash, err
}

// haunt notes for each call and act what the lost commit would leave of it.
func (b *batch) haunt(out *Batch) {
	for i := range out.Audit.Entries {
		row := &out.Audit.Entries[i]
		for _, p := range b.calls {
			if p.act != nil && !p.settled && p.event == row.Entry.EventID {
				p.ghosts = append(p.ghosts, ghost{row.Entry.Stream, row.Entry.Seq, row.Hash, p.receipt})
			}
		}
	}
	for _, g := range b.groups {
		rows := make(map[audit.EventID]*AuditRow, len(g.result.audit))
		for i := range g.result.audit {
			rows[g.result.audit[i].Entry.EventID] = &g.result.audit[i]
		}
		for _, p := range g.calls {
			if row := rows[p.event]; row != nil && !p.settled {
				p.ghosts = append(p.ghosts, ghost{row.Entry.Stream, row.Entry.Seq, row.Hash, p.receipt})
			}
		}
	}
}

// actGhosts are the ghosts of the acts that are still to be carried out.
func (b *batch) actGhosts() []ghost {
	var all []ghost
	for _, p := range b.calls {
		if p.act != nil && !p.settled && p.err == nil {
			all = append(all, p.ghosts...)
		}
	}
	return all
}

// recognize answers the calls that an earlier attempt carried out after all. It looks after the instances were
// loaded: what comes later still is fenced by their versions.
func (b *batch) recognize(ctx context.Context) (found bool, err error) {
	for _, p := range b.calls {
		for i := 0; i < len(p.ghosts) && !p.settled; i++ {
			there, err := b.host.appeared(ctx, p.ghosts[i])
			if err != nil {
				return found, err
			}
			if there {
				found = true
				p.settled, p.receipt, p.err, p.refusal = true, p.ghosts[i].receipt, nil, nil
				if p.act == nil {
					b.byKey[p.call.Instance].thought = false
				}
			}
		}
	}
	return found, nil
}

// unsure is the error of a call that failed while an earlier attempt may still come through.
func unsure(err error, ghosts []ghost) error { return maybeDone(err, len(ghosts) > 0) }

// maybeDone is err, or ErrUnknown where err would say that nothing was done and doubt is left.
func maybeDone(err error, doubt bool) error {
	if kind := fault.KindOf(err); doubt && (kind == fault.Overloaded || kind == fault.Timeout) {
		return ErrUnknown
	}
	return err
}

// lostAnswer reports whether err is the lost race of a batch whose answer was lost.
func lostAnswer(err error) bool {
	moved, ok := errors.AsType[*Moved](err)
	return ok && moved.unanswered
}
