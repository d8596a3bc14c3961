package host

import (
	"context"
	"errors"

	"tallystick/engine"
)

// match gives a message to those who wait for it. One that is not to be kept is over then.
//
// Nothing is lost between a message and a subscription that come at the same time: the message is durable
// before those who wait are looked up, and the subscription before messages are looked up, so at least one of the
// two sees the other, on whichever nodes. That both do is harmless: a message enters a process once.
func (h *Host) match(ctx context.Context, e *Errand) error {
	m, ok, err := ask2(ctx, h, func(ctx context.Context) (Message, bool, error) { return h.store.Message(ctx, e.About) })
	if err != nil {
		return err
	}
	if ok {
		if err := h.spread(ctx, m.Name, m.CorrelationKey, "", e); err != nil {
			return err
		}
	}
	return h.dismiss(ctx, Dismissal{Errands: []int64{e.Key}, Message: e.About})
}

// spread gives the messages of a name and key to those who wait, in all processes or in one: to each process
// the oldest first, so that they come in the order of their publication.
func (h *Host) spread(ctx context.Context, name, key, processID string, e *Errand) error {
	catchers, err := ask1(ctx, h, func(ctx context.Context) ([]Catcher, error) { return h.store.MessageCatchers(ctx, name, key) })
	if err != nil {
		return err
	}
	for _, waiting := range byProcess(catchers) {
		if processID != "" && waiting[0].ProcessID != processID {
			continue
		}
		if err := h.feed(ctx, name, key, waiting, e); err != nil {
			return err
		}
	}
	return nil
}

// byProcess groups catchers by their process, in the order of the first.
func byProcess(all []Catcher) [][]Catcher {
	at := map[string]int{}
	var groups [][]Catcher
	for _, c := range all {
		i, ok := at[c.ProcessID]
		if !ok {
			i = len(groups)
			at[c.ProcessID] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], c)
	}
	return groups
}

// feed gives waiting messages to the catchers of one process until either is used up.
func (h *Host) feed(ctx context.Context, name, key string, waiting []Catcher, e *Errand) error {
	t := h.errands.turnOf(name, key)
	if err := t.take(ctx); err != nil {
		return err
	}
	defer t.end()
	for len(waiting) > 0 {
		c := waiting[0]
		m, ok, err := h.oldest(ctx, name, key, c.ProcessID)
		if err != nil || !ok {
			return err
		}
		_, err = h.correlate(ctx, System("message"), m, c, &deed{cause: causeOf(e)})
		switch {
		case errors.Is(err, errCorrelated):
			continue // another node was faster; the next message may be for this catcher
		case refusedForGood(err), err == nil && c.Instance != 0:
			waiting = waiting[1:]
		case err != nil:
			return err
		}
	}
	return nil
}

func (h *Host) oldest(ctx context.Context, name, key, processID string) (Message, bool, error) {
	return ask2(ctx, h, func(ctx context.Context) (Message, bool, error) {
		return h.store.Waiting(ctx, name, key, processID, h.clock.moment().Store)
	})
}

// seek looks for a message for a new subscription.
func (h *Host) seek(ctx context.Context, e *Errand, record engine.Record) error {
	r := record.(engine.SubscriptionOpened)
	st, err := h.look(ctx, e.Source)
	if err != nil && !errors.Is(err, engine.ErrInstanceNotFound) {
		return err
	}
	t := h.errands.turnOf(r.Name, r.CorrelationKey)
	if err := t.take(ctx); err != nil {
		return err
	}
	defer t.end()
	c := Catcher{
		Subscription: r.Key, Instance: e.Source, ProcessID: st.ProcessID, Element: r.Element,
		ElementInstance: r.ElementInstance, Name: r.Name, CorrelationKey: r.CorrelationKey,
	}
	for err == nil && st.Status == string(engine.Active) {
		m, ok, err := h.oldest(ctx, r.Name, r.CorrelationKey, c.ProcessID)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		_, err = h.correlate(ctx, System("message"), m, c, &deed{errand: e.Key, cause: causeOf(e)})
		if errors.Is(err, errCorrelated) {
			continue
		}
		if !refusedForGood(err) {
			return err
		}
		break // it does not wait any more
	}
	return h.dismiss(ctx, Dismissal{Errands: []int64{e.Key}})
}

// correlate gives a message to a catcher, or starts an instance with it; the process has it then.
func (h *Host) correlate(ctx context.Context, by Actor, m Message, c Catcher, beside *deed) (Receipt, error) {
	ref := m.ref()
	beside.mark = &Correlation{
		Message: ref, Subscription: c.Subscription, Instance: c.Instance, Definition: c.Definition,
		ProcessID: c.ProcessID, Element: c.Element, ElementInstance: c.ElementInstance,
	}
	vars := variablesOf(m.Variables)
	if c.Instance != 0 {
		command := engine.CorrelateMessage{Subscription: c.Subscription, Message: ref, Variables: vars}
		return h.doWith(ctx, by, Call{Key: beside.once, Digest: beside.digest, Instance: c.Instance, Command: command, Reason: beside.reason}, beside)
	}
	if m.CorrelationKey != "" {
		beside.lock = &StartLock{ProcessID: c.ProcessID, CorrelationKey: m.CorrelationKey}
	}
	command := engine.StartInstance{Start: c.Element, Part: c.Part, Message: &ref, Variables: vars}
	call := Call{Key: beside.once, Digest: beside.digest, Process: ProcessRef{Key: c.Definition}, Command: command, Reason: beside.reason}
	return h.doWith(ctx, by, call, beside)
}

// freeStart lets the correlation key of an ended instance start another one: first for messages that wait.
func (h *Host) freeStart(ctx context.Context, e *Errand) error {
	locks, err := ask1(ctx, h, func(ctx context.Context) ([]StartLock, error) { return h.store.FreeStart(ctx, e.Source) })
	if err != nil {
		return err
	}
	for _, l := range locks {
		if err := h.startNext(ctx, l, e); err != nil {
			return err
		}
	}
	return h.dismiss(ctx, Dismissal{Errands: []int64{e.Key}, Freed: e.Source})
}

// startNext gives the messages that waited for the key to the start events of the process.
func (h *Host) startNext(ctx context.Context, l StartLock, e *Errand) error {
	starts, err := ask1(ctx, h, func(ctx context.Context) ([]StartEvent, error) {
		return h.store.StartEvents(ctx, engine.SubscribesMessage, l.ProcessID)
	})
	if err != nil {
		return err
	}
	for _, s := range starts {
		if err := h.spread(ctx, s.Name, l.CorrelationKey, l.ProcessID, e); err != nil {
			return err
		}
	}
	return nil
}
