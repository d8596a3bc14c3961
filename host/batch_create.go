package host

import (
	"context"
	"encoding/json"
	"strconv"

	"tallystick/audit"
	"tallystick/internal/canon"
	"tallystick/query"
)

// scopeBatch is what actions on batch operations are done to.
const scopeBatch = "batch:"

// BatchRequest asks for a batch operation over the instances that match Filter and that the actor may see.
type BatchRequest struct {
	// Key and Digest are those of a Call.
	Key    string
	Digest [32]byte

	Type    string
	Payload json.RawMessage
	// Filter are the conditions of a search for instances, Text the same as it was asked.
	Filter query.Request
	Text   string
	// Instance takes one instance instead: then the right to do to it what Type says is enough.
	Instance int64

	Reason    string
	RequestID string
}

// BatchReceipt says what a batch operation was created as.
type BatchReceipt struct {
	Batch int64  `json:"batch"`
	Type  string `json:"type"`
	Items int64  `json:"items"` // that matched when it was planned
}

// PlanBatch tells how many items a batch operation would have, and refuses what CreateBatch would refuse.
func (h *Host) PlanBatch(ctx context.Context, by Actor, r BatchRequest) (int64, error) {
	if _, _, err := h.admitBatch(ctx, by, r); err != nil {
		return 0, err
	}
	return h.planBatch(ctx, by, r)
}

// CreateBatch creates a batch operation: what matches is frozen in one transaction with its audit entry, and
// carried out afterwards by whichever nodes, each item as a command of the actor.
func (h *Host) CreateBatch(ctx context.Context, by Actor, r BatchRequest) (BatchReceipt, error) {
	var made BatchReceipt
	action, on, err := h.admitBatch(ctx, by, r)
	if err != nil {
		return made, err
	}
	key, err := h.sequences.draw(ctx)
	if err != nil {
		return made, err
	}
	event := h.random.eventID(h.clock.node())
	id := commandID(by, r.Key, event)
	err = h.write(ctx, func(ctx context.Context, now moment) (Batch, []note, bool, error) {
		kept, err := h.recallBatch(ctx, r, id)
		if kept != nil || err != nil {
			made = orZero(kept)
			return Batch{}, nil, true, err
		}
		v := h.authorizer.Allow(by, action, on)
		if !v.Allowed {
			return Batch{}, nil, false, denied(v, action, on.Scope)
		}
		items, err := h.planBatch(ctx, by, r)
		if err != nil {
			return Batch{}, nil, false, err
		}
		made = BatchReceipt{Batch: key, Type: r.Type, Items: items}
		out := Batch{Policy: v.Policy, Operations: []BatchChange{{Create: h.creation(by, r, key, event, now)}}}
		if r.Key != "" {
			receipt, err := json.Marshal(made)
			if err != nil {
				return out, nil, false, err
			}
			out.Commands = []CommandRow{{ID: id, Actor: by.Ref(), Digest: r.Digest, Receipt: receipt, At: now.At}}
		}
		n := h.batchNote(now, by, action, v, key, r.private(items))
		n.entry.EventID, n.entry.RequestID = event, audit.Given(r.RequestID)
		return out, []note{n}, false, nil
	})
	if err == nil {
		h.batches.ring()
	}
	return made, err
}

func orZero[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// admitBatch refuses what the actor may not create and what cannot be carried out; it tells the right that was asked for.
func (h *Host) admitBatch(ctx context.Context, by Actor, r BatchRequest) (string, Target, error) {
	action, on, err := h.batchDuty(ctx, r)
	if err == nil {
		err = h.require(ctx, by, action, on)
	}
	if err == nil {
		err = h.instructed(ctx, r)
	}
	return action, on, err
}

// batchDuty is the right that a request needs. The items need theirs when their turn comes.
func (h *Host) batchDuty(ctx context.Context, r BatchRequest) (string, Target, error) {
	kind, ok := batchKinds[r.Type]
	if !ok {
		return "", Target{}, ErrBatch.With("there are no batch operations of type %q", r.Type)
	}
	if len(r.Text)+len(r.Payload) > batchTextMax {
		return "", Target{}, ErrBatch.With("filter and instructions have at most %d bytes", batchTextMax)
	}
	if r.Instance == 0 {
		return ActionBatchCreate, Target{Scope: scopeBatch}, nil
	}
	st, err := h.look(ctx, r.Instance)
	return kind.action, Target{Scope: "def:" + st.ProcessID}, err
}

// batchTextMax bounds what is kept of a request.
const batchTextMax = 256 << 10

// planBatch counts what matches and refuses when it is too much.
func (h *Host) planBatch(ctx context.Context, by Actor, r BatchRequest) (int64, error) {
	n, err := ask1(ctx, h, func(ctx context.Context) (int64, error) { return h.store.CountItems(ctx, h.selection(by, r)) })
	if err == nil && n > int64(h.opts.BatchSizeMax) {
		err = ErrBatchTooLarge.With("%d items match, and a batch operation has at most %d", n, h.opts.BatchSizeMax)
	}
	return n, err
}

// selection is what the actor may see of what the request asks for.
func (h *Host) selection(by Actor, r BatchRequest) BatchSelection {
	s := BatchSelection{Type: r.Type, Limit: h.opts.BatchSizeMax, Filter: r.Filter}
	s.Filter.Access = h.authorizer.Access(by, ActionInstanceRead)
	if r.Instance != 0 {
		s.Filter = query.Request{
			Conds:  []query.Cond{{Field: "processInstanceKey", Op: query.Eq, Value: r.Instance}},
			Access: query.Access{All: true}, // the right to it was asked for
		}
	}
	return s
}

func (h *Host) creation(by Actor, r BatchRequest, key int64, event audit.EventID, now moment) *BatchCreation {
	payload := r.Payload
	if len(payload) == 0 {
		payload = json.RawMessage("{}")
	}
	return &BatchCreation{
		BatchOperation: BatchOperation{
			Key: key, Type: r.Type, State: BatchCreated, Actor: by, Payload: payload, Reason: r.Reason, Cause: event.String(),
		},
		Selection: h.selection(by, r), Filter: r.Text, At: now.At,
	}
}

// recallBatch finds the answer that an earlier request with the same key got.
func (h *Host) recallBatch(ctx context.Context, r BatchRequest, id string) (*BatchReceipt, error) {
	if r.Key == "" {
		return nil, nil
	}
	kept, err := h.outcomes(ctx, []string{id})
	outcome, ok := kept[id]
	if err != nil || !ok {
		return nil, err
	}
	if outcome.Digest != r.Digest {
		return nil, ErrReused
	}
	var made BatchReceipt
	return &made, json.Unmarshal(outcome.Receipt, &made)
}

// private is what the audit entry of the creation says beside who and when.
func (r BatchRequest) private(items int64) map[string]canon.JSON {
	fields := map[string]canon.JSON{
		"type": canon.String(r.Type), "filter": canon.String(r.Text), "instructions": canon.String(string(r.Payload)),
		"items": canon.Int(items),
	}
	if r.Reason != "" {
		fields["reason"] = canon.String(r.Reason)
	}
	return fields
}

// batchNote drafts an entry about a batch operation.
func (h *Host) batchNote(now moment, by Actor, action string, v Verdict, key int64, private map[string]canon.JSON) note {
	e := h.entry(now, by, "batch", action)
	judged(&e, v)
	e.Resource = audit.Given("batch:" + strconv.FormatInt(key, 10))
	return note{stream: "batch/default/" + h.opts.Node, draft: draft{entry: e, private: []byte(canon.Object(private))}}
}
