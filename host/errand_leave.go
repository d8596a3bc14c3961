package host

import (
	"context"
	"encoding/json"
	"slices"

	"tallystick/engine"
	"tallystick/internal/canon"
)

// errandsPerCommit is the room for errands between two versions of an instance.
const errandsPerCommit = 1 << 24

// leave adds the errands that the records of the batch ask for. This node carries them out at once when it has
// room: until the claim runs out they are nobody else's.
func (b *batch) leave(ctx context.Context, out *Batch) error {
	l := leaving{batch: b, out: out}
	for _, g := range b.groups {
		if !g.result.changed {
			continue
		}
		for i, e := range g.result.events {
			l.number = g.result.row.version*errandsPerCommit + int64(i)
			if err := l.event(ctx, g, i, e); err != nil {
				return err
			}
		}
	}
	claimed := b.now.Store.Add(b.host.opts.ErrandClaim)
	hold := b.host.errands.room(len(out.Errands))
	for i := range out.Errands {
		e := &out.Errands[i]
		e.Created, e.Next = b.now.Store, b.now.Store
		if hold {
			e.Next = claimed
		}
	}
	b.held = hold
	return nil
}

// leaving collects the errands of a batch.
type leaving struct {
	batch  *batch
	out    *Batch
	number int64
}

// event adds what a record asks for.
func (l *leaving) event(ctx context.Context, g *group, at int, e Event) error {
	switch r := e.Record.(type) {
	case engine.ProcessCalled:
		return l.add(ctx, g, ErrandCall, r.ElementInstance, r)
	case engine.CallCanceled:
		// A cancellation does not wait for the start of what it cancels: its chain is another.
		return l.add(ctx, g, ErrandCancel, -r.ElementInstance, r)
	case engine.CallReturned:
		return l.add(ctx, g, ErrandReturn, r.Caller, r)
	case engine.CallErrorThrown:
		return l.add(ctx, g, ErrandError, r.Caller, r)
	case engine.CallEscalationThrown:
		return l.add(ctx, g, ErrandEscalation, r.Caller, r)
	case engine.CallCompensated:
		return l.add(ctx, g, ErrandCompensate, r.Called, r)
	case engine.CallReleased:
		return l.add(ctx, g, ErrandRelease, r.Called, r)
	case engine.MessageThrown:
		return l.message(ctx, g, r)
	case engine.SignalThrown:
		return l.signal(ctx, g, at, r)
	case engine.SubscriptionOpened:
		if r.Type == engine.SubscribesMessage && waits(g.result.row.state, r.Key) {
			return l.add(ctx, g, ErrandSeek, r.Key, r)
		}
	case engine.InstanceResumed:
		return l.seekAgain(ctx, g)
	case engine.InstanceMigrated:
		if g.result.vacated {
			return l.add(ctx, g, ErrandFree, g.key, r)
		}
	case engine.InstanceCompleted, engine.InstanceTerminated:
		if g.result.keyed {
			return l.add(ctx, g, ErrandFree, g.key, r)
		}
	}
	return nil
}

// seekAgain looks for what came for the subscriptions of an instance while it was suspended.
func (l *leaving) seekAgain(ctx context.Context, g *group) error {
	for _, s := range g.result.row.state.Subscriptions() {
		if s.Type == engine.SubscribesMessage {
			if err := l.add(ctx, g, ErrandSeek, s.Key, engine.SubscriptionOpened(s)); err != nil {
				return err
			}
		}
	}
	return nil
}

// add leaves an errand that is the record itself.
func (l *leaving) add(ctx context.Context, g *group, kind string, about int64, r engine.Record) error {
	payload, err := engine.EncodeRecords([]engine.Record{r})
	if err != nil {
		return err
	}
	_, err = l.put(ctx, g, kind, about, payload)
	return err
}

func (l *leaving) put(ctx context.Context, g *group, kind string, about int64, payload []byte) (int64, error) {
	key, err := l.batch.host.sequences.draw(ctx)
	if err != nil {
		return 0, err
	}
	if about == 0 {
		about = key
	}
	l.out.Errands = append(l.out.Errands, Errand{
		Key: key, Kind: kind, Source: g.key, About: about, Number: l.number, Payload: payload, Cause: g.cause(),
	})
	return key, nil
}

// message publishes what an instance sends: it waits as long as messages of instances do.
func (l *leaving) message(ctx context.Context, g *group, r engine.MessageThrown) error {
	key, err := l.put(ctx, g, ErrandMatch, 0, []byte("[]"))
	if err != nil {
		return err
	}
	at := l.batch.now.Store
	l.out.Messages = append(l.out.Messages, Message{
		Key: key, Name: r.Name, CorrelationKey: r.CorrelationKey, Published: at,
		Expires: at.Add(l.batch.host.opts.MessageTTL), Variables: orEmpty(r.Variables),
	})
	return nil
}

// signal leaves one errand for everybody who catches the signal at this moment: those in the store and those of
// this batch, unless they began to wait after it was thrown (4.17 of the semantics).
func (l *leaving) signal(ctx context.Context, g *group, at int, r engine.SignalThrown) error {
	asked, cancel := context.WithTimeout(ctx, l.batch.host.opts.StoreTimeout)
	defer cancel()
	catchers, err := l.batch.host.store.SignalCatchers(asked, []string{r.Name})
	if err != nil {
		return err
	}
	for _, c := range l.batch.catchers(g, at, r.Name, catchers) {
		payload, err := json.Marshal(signalOf(c, orEmpty(r.Variables)))
		if err != nil {
			return err
		}
		if _, err := l.put(ctx, g, ErrandSignal, 0, payload); err != nil {
			return err
		}
	}
	return nil
}

// catchers brings the catchers in the store up to the place of a record in the batch.
func (b *batch) catchers(g *group, at int, name string, stored []Catcher) []Catcher {
	gone := map[int64]bool{}
	var fresh []Catcher
	for _, other := range b.groups {
		for i, e := range other.result.events {
			if other == g && i >= at {
				break
			}
			switch r := e.Record.(type) {
			case engine.SubscriptionOpened:
				if r.Type == engine.SubscribesSignal && r.Name == name {
					fresh = append(fresh, Catcher{Subscription: r.Key, Instance: other.key, ProcessID: e.ProcessID, Element: r.Element})
				}
			case engine.SubscriptionTriggered:
				gone[r.Key] = true
			case engine.SubscriptionClosed:
				gone[r.Key] = true
			}
		}
		if other == g {
			break
		}
	}
	var all []Catcher
	for _, c := range append(stored, fresh...) {
		if c.Instance == 0 || !gone[c.Subscription] {
			all = append(all, c)
		}
	}
	return alone(all)
}

// waits reports whether a subscription is still open.
func waits(st engine.State, subscription int64) bool {
	return slices.ContainsFunc(st.Subscriptions(), func(s engine.Subscription) bool { return s.Key == subscription })
}

// cause is the entry of the first command of the group.
func (g *group) cause() string {
	for i := range g.result.drafts {
		if d := &g.result.drafts[i]; d.command {
			return d.entry.EventID.String()
		}
	}
	return ""
}

func orEmpty(vars canon.JSON) canon.JSON {
	if vars == "" {
		return "{}"
	}
	return vars
}
