package store

import (
	"cmp"
	"context"
	"slices"

	"github.com/uptrace/bun"

	"tallystick/host"
)

// itemRow is the outcome of an item of a batch operation.
type itemRow struct {
	Batch     int64
	Key       int64
	State     text
	Code      *text
	Message   *text
	Processed int64
	Entry     *text
}

var itemColumns = []column[itemRow]{
	{"batch", bigint, func(r *itemRow) cell { return num(r.Batch) }},
	{"key", bigint, func(r *itemRow) cell { return num(r.Key) }},
	{"state", txt, func(r *itemRow) cell { return str(r.State) }},
	{"code", txt, func(r *itemRow) cell { return strOrNull(r.Code) }},
	{"message", txt, func(r *itemRow) cell { return strOrNull(r.Message) }},
	{"processed", bigint, func(r *itemRow) cell { return num(r.Processed) }},
	{"entry", txt, func(r *itemRow) cell { return strOrNull(r.Entry) }},
}

// itemChange writes outcomes of items that are open.
func itemChange(all []host.BatchOutcome) change {
	rows := make([]itemRow, len(all))
	for i, o := range all {
		rows[i] = itemRow{
			Batch: o.Batch, Key: o.Key, State: text(o.State), Code: textOrNull(o.Code), Message: textOrNull(o.Message),
			Processed: micros(o.At), Entry: textOrNull(o.Entry),
		}
	}
	// Rows are locked in one order by everybody.
	slices.SortFunc(rows, func(a, b itemRow) int { return cmp.Or(cmp.Compare(a.Batch, b.Batch), cmp.Compare(a.Key, b.Key)) })
	return rowsOf(updating, "batch_operation_item", itemColumns, rows).
		matching("t.batch = d.batch AND t.key = d.key AND t.state = 'ACTIVE'").
		setting("state = d.state, code = d.code, message = d.message, processed = d.processed, entry = d.entry")
}

// items looks for items that somebody else has carried out, or that were canceled.
func (f *fence) items(ctx context.Context, all []host.BatchOutcome) error {
	byBatch := map[int64][]int64{}
	for _, o := range all {
		byBatch[o.Batch] = append(byBatch[o.Batch], o.Key)
	}
	open := map[host.BatchItemID]bool{}
	for batch, keys := range byBatch {
		var found []int64
		err := f.tx.NewRaw("SELECT key FROM batch_operation_item WHERE batch = ? AND key IN (?) AND state = 'ACTIVE'", batch, bun.List(keys)).Scan(ctx, &found)
		if err != nil {
			return err
		}
		for _, key := range found {
			open[host.BatchItemID{Batch: batch, Key: key}] = true
		}
	}
	for _, o := range all {
		if !open[o.BatchItemID] {
			f.lost.Items, f.any = append(f.lost.Items, o.BatchItemID), true
		}
	}
	return nil
}
