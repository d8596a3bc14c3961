package host

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"tallystick/audit"
	"tallystick/engine"
)

// act is a change that concerns no instance and shares the transactions of calls: what it decides is its note.
type act interface {
	// decide refuses, or makes the note; it is asked again after a lost race.
	decide(b *batch, p *pending) error
	// collect adds what is written beside the note.
	collect(out *Batch)
	// beat learns what moved.
	beat(m *Moved)
}

// perform carries out an act and waits for its transaction. The actor is known to hold the right, or decide
// refuses. Of acts with one key, each has a transaction of its own.
func (h *Host) perform(ctx context.Context, by Actor, key string, a act) error {
	p := h.pend(by, Call{Key: key}, duty{})
	p.act, p.note = a, &note{}
	if err := h.gate.put(h.lanes[0], p); err != nil {
		return err
	}
	_, err := p.wait(ctx)
	return err
}

// mayAct refuses, and records the refusal, what the policy in use does not allow; the transaction fences it.
func (h *Host) mayAct(ctx context.Context, by Actor, action string, on Target) error {
	if h.clock.fresh(2*h.opts.PollMax) && h.authorizer.Allow(by, action, on).Allowed {
		return nil
	}
	return h.require(ctx, by, action, on)
}

// decideActs decides every act of the batch, anew in each attempt.
func (b *batch) decideActs() {
	for _, p := range b.calls {
		if p.act != nil && !p.settled {
			p.err = p.act.decide(b, p)
		}
	}
}

// collect adds to the batch what its calls do beside their commands.
func (b *batch) collect(out *Batch) {
	for _, p := range b.calls {
		if p.err != nil || p.settled {
			continue
		}
		if p.act != nil {
			p.act.collect(out)
		}
		if p.deed != nil {
			p.deed.collect(out)
			p.deed.settleItem(p, out)
		}
	}
}

// rivals finds calls of one batch that do the same beside their commands: the first has it. The answer is what a
// store would say to the others, nil when there are none.
func (b *batch) rivals(out *Batch) error {
	m := &Moved{}
	m.Errands = twice(out.Done, func(key int64) int64 { return key }, func(key int64) int64 { return key })
	m.Messages = twice(out.Messages, func(x Message) string {
		if x.ID == "" {
			return strconv.FormatInt(x.Key, 10)
		}
		return fmt.Sprintf("%q %q %q", x.Name, x.CorrelationKey, x.ID)
	}, func(x Message) int64 { return x.Key })
	m.Correlations = twice(out.Correlations, func(c Correlation) string {
		return strconv.FormatInt(c.Message.Key, 10) + " " + c.ProcessID
	}, func(c Correlation) int64 { return c.Instance })
	m.StartLocks = twice(out.StartLocks, func(l StartLock) string {
		return fmt.Sprintf("%q %q", l.ProcessID, l.CorrelationKey)
	}, func(l StartLock) int64 { return l.Instance })
	m.StartAlarms = twice(out.StartAlarms, func(a StartAlarm) int64 { return a.Key }, func(a StartAlarm) int64 { return a.Key })
	m.Items = twice(out.Items, func(o BatchOutcome) BatchItemID { return o.BatchItemID }, func(o BatchOutcome) BatchItemID { return o.BatchItemID })
	if len(m.Items)+len(m.Errands)+len(m.Messages)+len(m.Correlations)+len(m.StartLocks)+len(m.StartAlarms) == 0 {
		return nil
	}
	return m
}

// twice lists the keys of items whose name an earlier item has.
func twice[T any, N, K comparable](all []T, name func(T) N, key func(T) K) []K {
	if len(all) < 2 {
		return nil
	}
	seen := make(map[N]bool, len(all))
	var out []K
	for _, x := range all {
		if n := name(x); seen[n] {
			out = append(out, key(x))
		} else {
			seen[n] = true
		}
	}
	return out
}

func (d *deed) collect(out *Batch) {
	if d.errand != 0 {
		out.Done = append(out.Done, d.errand)
	}
	if d.mark != nil {
		mark := *d.mark
		mark.At = out.At
		out.Correlations = append(out.Correlations, mark)
	}
	if d.lock != nil {
		out.StartLocks = append(out.StartLocks, *d.lock)
	}
	if d.alarm != nil {
		out.StartAlarms = append(out.StartAlarms, *d.alarm)
	}
}

// settleItem writes the outcome of the item that the call carries out.
func (d *deed) settleItem(p *pending, out *Batch) {
	if d.item == nil {
		return
	}
	done := *d.item
	done.Entry, done.At = p.event.String(), out.At
	out.Items = append(out.Items, done)
}

// beat refuses the calls whose deed somebody else has done.
func (b *batch) beat(m *Moved) {
	for _, p := range b.calls {
		if p.act != nil {
			p.act.beat(m)
		}
		if p.deed == nil {
			continue
		}
		if err := p.deed.lostTo(m, p.call.Instance); err != nil {
			p.deed.beaten = err
			b.byKey[p.call.Instance].thought = false
		}
	}
}

// lostTo tells what became of the deed: nil when it stands.
func (d *deed) lostTo(m *Moved, instance int64) error {
	switch {
	case d.errand != 0 && slices.Contains(m.Errands, d.errand):
		return errErrandGone
	case d.item != nil && slices.Contains(m.Items, d.item.BatchItemID):
		return errItemGone
	case d.alarm != nil && slices.Contains(m.StartAlarms, d.alarm.Key):
		return errErrandGone
	case d.mark != nil && slices.Contains(m.Correlations, instance):
		return errCorrelated
	case d.lock != nil && slices.Contains(m.StartLocks, instance):
		return errStartLocked
	}
	return nil
}

// causedBy notes what the call follows from.
func (d *deed) causedBy(entry string) {
	if event, err := audit.ParseEventID(entry); err == nil {
		d.cause = &event
	}
}

// begin gives a start the key of its instance.
func (d *deed) begin(start *engine.StartInstance, key int64) {
	start.Instance = key
	if d == nil {
		return
	}
	if d.mark != nil {
		d.mark.Instance = key
	}
	if d.lock != nil {
		d.lock.Instance = key
	}
}

// message is the key of the message that the call gives to its instance, 0 for none.
func (d *deed) message() int64 {
	if d == nil || d.mark == nil {
		return 0
	}
	return d.mark.Message.Key
}
