package host

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"tallystick/audit"
)

// repeats is what an act answers repetitions of its request by: the key and digest of a Call. Without a key every
// request is another.
type repeats struct {
	key    string
	digest [32]byte
	id     string
}

func repeatsOf(by Actor, key string, digest [32]byte) repeats {
	return repeats{key, digest, commandID(by, key, audit.EventID{})}
}

// recall reads the answer that an earlier request with the same key got; false when there was none.
func (r repeats) recall(ctx context.Context, h *Host, answer any) (bool, error) {
	if r.key == "" {
		return false, nil
	}
	kept, err := h.outcomes(ctx, []string{r.id})
	outcome, ok := kept[r.id]
	if err != nil || !ok {
		return false, err
	}
	if outcome.Digest != r.digest {
		return false, ErrReused
	}
	return true, json.Unmarshal(outcome.Receipt, answer)
}

// keep makes the row that answers a repetition.
func (r repeats) keep(b *batch, by Actor, answer any) ([]CommandRow, error) {
	if r.key == "" {
		return nil, nil
	}
	receipt, err := json.Marshal(answer)
	return []CommandRow{{ID: r.id, Actor: by.Ref(), Digest: r.digest, Receipt: receipt, At: b.now.At}}, err
}

// beaten reports whether another request with the key was carried out; that the answer of the commit was lost says
// nothing of it.
func (r repeats) beaten(m *Moved) bool { return slices.Contains(m.Commands, r.id) && !m.unanswered }

// again attempts an act until no other request with its key, nor an earlier attempt, was faster: the next attempt
// finds what that was answered.
func (h *Host) again(attempt func() error) error {
	repeated := false
	for range h.opts.AttemptsMax {
		err := attempt()
		if !errors.Is(err, errRepeated) {
			return maybeDone(err, repeated)
		}
		repeated = true
	}
	return maybeDone(ErrContended, repeated)
}
