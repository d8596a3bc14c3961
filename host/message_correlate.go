package host

import (
	"context"
	"errors"

	"tallystick/audit"
)

// Correlate gives a message to those who wait for it now and returns its key and the first instance that it
// went to; ErrMessageUnwanted when nobody waits. The message is not kept. A request that is repeated with its key
// gets the answer of the first one, once that went to somebody.
func (h *Host) Correlate(ctx context.Context, by Actor, p Publication) (message, instance int64, err error) {
	if err := p.check(); err != nil {
		return 0, 0, err
	}
	if kept, ok, err := h.correlated(ctx, by, p); ok || err != nil {
		return kept.Message, kept.Instance, err
	}
	m := Message{Name: p.Name, CorrelationKey: p.CorrelationKey, ID: p.ID, Variables: objectOf(p.Variables)}
	if m.Key, err = h.sequences.draw(ctx); err != nil {
		return 0, 0, err
	}
	catchers, err := ask1(ctx, h, func(ctx context.Context) ([]Catcher, error) {
		return h.store.MessageCatchers(ctx, p.Name, p.CorrelationKey)
	})
	if err != nil {
		return 0, 0, err
	}
	r, refusal := h.deliver(ctx, by, p, m, catchers)
	if refusal == nil {
		return r.Message, r.Instance, nil
	}
	if errors.Is(refusal, ErrMessageUnwanted) {
		// Who may give messages to nobody does not learn either whether somebody waits.
		if err := h.mayAct(ctx, by, ActionMessageCorrelate, Target{Scope: "msg:" + p.Name}); err != nil {
			refusal = err
		}
	}
	return m.Key, r.Instance, refusal
}

// correlated finds the answer that an earlier request with the same key got.
func (h *Host) correlated(ctx context.Context, by Actor, p Publication) (Receipt, bool, error) {
	if p.Key == "" {
		return Receipt{}, false, nil
	}
	id := commandID(by, p.Key, audit.EventID{})
	kept, err := h.outcomes(ctx, []string{id})
	outcome, ok := kept[id]
	if err != nil || !ok {
		return Receipt{}, false, err
	}
	r, err := replay(outcome, p.Digest)
	return r, true, err
}

// deliver gives a message to one catcher of each process and returns the first receipt, whose command keeps the
// answer for repetitions; without one the error says why.
func (h *Host) deliver(ctx context.Context, by Actor, p Publication, m Message, catchers []Catcher) (Receipt, error) {
	var begun Receipt
	refusal := error(ErrMessageUnwanted)
	for _, waiting := range byProcess(catchers) {
		if begun.Instance != 0 {
			p.Key = ""
		}
		r, err := h.first(ctx, by, m, waiting, p)
		switch {
		case err == nil && r.Repeated:
			return r, nil // a twin of the request was faster, and goes on
		case err == nil && begun.Instance == 0:
			begun = r
		case errors.Is(err, ErrDenied):
			refusal = err
		case err != nil && !refusedForGood(err), errors.Is(err, ErrReused):
			return begun, err
		}
	}
	if begun.Instance != 0 {
		return begun, nil
	}
	return begun, refusal
}

// first gives a message to the first catcher of a process that takes it.
func (h *Host) first(ctx context.Context, by Actor, m Message, waiting []Catcher, p Publication) (r Receipt, err error) {
	for _, c := range waiting {
		r, err = h.correlate(ctx, by, m, c, &deed{request: p.RequestID, reason: p.Reason, once: p.Key, digest: p.Digest})
		if err == nil || !refusedForGood(err) || errors.Is(err, ErrReused) {
			return r, err
		}
	}
	return r, err
}
