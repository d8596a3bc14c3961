package host

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"tallystick/engine"
	"tallystick/fault"
)

// batchKind is what a type of batch operations does to an item.
type batchKind struct {
	action string // of the command, for requests about one instance
	call   func(o *BatchOperation, i BatchItem) (Call, error)
	over   []error // refusals that say that nothing is left to do, beside that the instance has ended

	deletes bool // instead of a command
}

// batchKinds has every type that can be created.
var batchKinds = map[string]batchKind{
	BatchCancel: {action: ActionInstanceCancel, call: plainly(engine.CancelInstance{})},
	BatchSuspend: {
		action: ActionInstanceSuspend, call: plainly(engine.SuspendInstance{}), over: []error{engine.ErrInstanceSuspended},
	},
	BatchResume: {
		action: ActionInstanceSuspend, call: plainly(engine.ResumeInstance{}), over: []error{engine.ErrNotSuspended},
	},
	BatchModify:  {action: ActionInstanceModify, call: modifying},
	BatchMigrate: {action: ActionInstanceMigrate, call: migratingTo},
	BatchDelete:  {action: ActionInstanceDelete, deletes: true},
	BatchResolve: {
		action: ActionIncidentResolve, over: []error{engine.ErrIncidentNotFound},
		call: func(_ *BatchOperation, i BatchItem) (Call, error) {
			return Call{Command: engine.ResolveIncident{Incident: i.Key}}, nil
		},
	},
}

// plainly is the same command for every instance.
func plainly(c engine.Command) func(*BatchOperation, BatchItem) (Call, error) {
	return func(*BatchOperation, BatchItem) (Call, error) { return Call{Command: c}, nil }
}

// itemCall is an item in hand.
type itemCall struct {
	of      *BatchOperation
	item    BatchItem
	pending *pending
	err     error
}

// begin queues the command of the item, in the name of who created the batch operation: whether it is allowed is
// decided then and there. Its outcome is written by the transaction of the command, so it is done once.
func (i *itemCall) begin(ctx context.Context, h *Host) {
	kind := batchKinds[i.of.Type]
	if kind.deletes {
		return // there is no command; end does it
	}
	call, err := kind.call(i.of, i.item)
	if err != nil {
		i.err = err
		return
	}
	call.Instance, call.Reason = i.item.Instance, i.reason()
	beside := &deed{item: i.completed()}
	beside.causedBy(i.of.Cause)
	for {
		i.pending, i.err = h.submitWith(ctx, i.of.Actor, call, beside)
		if !errors.Is(i.err, ErrOverloaded) || !sleep(ctx, h.random.spread(10*time.Millisecond)) {
			return
		}
	}
}

func (i *itemCall) reason() string {
	if i.of.Reason != "" {
		return i.of.Reason
	}
	return "batch operation " + strconv.FormatInt(i.of.Key, 10)
}

// completed is the outcome that is written by the transaction that carries the item out.
func (i *itemCall) completed() *BatchOutcome {
	return &BatchOutcome{BatchItemID: BatchItemID{i.item.Batch, i.item.Key}, State: ItemCompleted}
}

// end waits for the command of the item, or deletes the instance.
func (i *itemCall) end(ctx context.Context, h *Host) error {
	switch {
	case i.err != nil:
		return i.err
	case i.pending == nil:
		return h.Delete(ctx, i.of.Actor, Deletion{Instance: i.item.Instance, Reason: i.reason(), item: i.completed(), cause: i.of.Cause})
	}
	_, err := i.pending.wait(ctx)
	return err
}

// outcome is what has to be written down about an item: false when the command did so, when somebody else was
// faster, and when the trouble may pass; then the item comes again.
func (i *itemCall) outcome(ctx context.Context, h *Host, err error) (BatchOutcome, bool) {
	o := BatchOutcome{BatchItemID: BatchItemID{i.item.Batch, i.item.Key}, State: ItemFailed}
	kind := fault.KindOf(err)
	if err == nil || errors.Is(err, errItemGone) || kind == fault.Overloaded || kind == fault.Timeout {
		return o, false
	}
	o.Code, o.Message = fault.CodeOf(err), shorten(err.Error())
	if kind == fault.Internal {
		h.opts.Log.ErrorContext(ctx, "an item of a batch operation could not be carried out",
			slog.Int64("batch", i.item.Batch), slog.Int64("item", i.item.Key), slog.Any("err", err))
		o.Code, o.Message = errBatchItem.Code, errBatchItem.Message
	}
	over := append([]error{engine.ErrInstanceEnded, engine.ErrInstanceNotFound}, batchKinds[i.of.Type].over...)
	for _, e := range over {
		if errors.Is(err, e) {
			o.State = ItemSkipped
		}
	}
	return o, true
}

// itemMessageMax bounds the message of a refusal that is kept with an item.
const itemMessageMax = 1000

func shorten(text string) string {
	if r := []rune(text); len(r) > itemMessageMax {
		return string(r[:itemMessageMax]) + "…"
	}
	return text
}
