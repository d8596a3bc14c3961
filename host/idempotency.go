package host

import (
	"context"
	"encoding/json"
)

// recall answers the calls whose command id has a kept outcome: the same request gets its first receipt,
// another request under the same key is refused.
func (b *batch) recall(ctx context.Context) error {
	var ids []string
	asking := map[string]*pending{}
	for _, p := range b.calls {
		if p.note != nil || p.settled || !p.suspect && (p.asked || !p.keyed()) {
			continue
		}
		asking[p.id] = p
		ids = append(ids, p.id)
	}
	if len(ids) == 0 {
		return nil
	}
	outcomes, err := b.host.outcomes(ctx, ids)
	if err != nil {
		return err
	}
	for id, p := range asking {
		p.asked, p.suspect = true, false
		if kept, ok := outcomes[id]; ok {
			p.settled, p.refusal = true, nil
			p.receipt, p.err = replay(kept, p.call.Digest)
		}
	}
	return nil
}

func (h *Host) outcomes(ctx context.Context, ids []string) (map[string]Outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, h.opts.StoreTimeout)
	defer cancel()
	return h.store.Outcomes(ctx, ids)
}

func replay(kept Outcome, digest [32]byte) (Receipt, error) {
	if kept.Digest != digest {
		return Receipt{}, ErrReused
	}
	var r Receipt
	if err := json.Unmarshal(kept.Receipt, &r); err != nil {
		return Receipt{}, err
	}
	r.Repeated = true
	return r, nil
}

func encodeReceipt(r Receipt) ([]byte, error) { return json.Marshal(r) }
