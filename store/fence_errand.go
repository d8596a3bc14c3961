package store

import (
	"context"
	"strconv"

	"github.com/uptrace/bun"

	"tallystick/host"
)

// errands looks for what a batch did beside its commands and somebody else has done.
func (f *fence) errands(ctx context.Context, b host.Batch) error {
	for _, look := range []func() error{
		func() error { return f.done(ctx, b.Done) },
		func() error { return f.messages(ctx, b.Messages) },
		func() error { return f.correlations(ctx, b.Correlations) },
		func() error { return f.startLocks(ctx, b.StartLocks) },
		func() error { return f.startAlarms(ctx, b.StartAlarms) },
		func() error { return f.items(ctx, b.Items) },
	} {
		if err := look(); err != nil {
			return err
		}
	}
	return nil
}

// absent tells which of the keys a query does not find.
func (f *fence) absent(ctx context.Context, keys []int64, query string) ([]int64, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	var found []int64
	if err := f.tx.NewRaw(query, bun.List(keys)).Scan(ctx, &found); err != nil {
		return nil, err
	}
	there := make(map[int64]bool, len(found))
	for _, k := range found {
		there[k] = true
	}
	var lost []int64
	for _, k := range keys {
		if !there[k] {
			lost = append(lost, k)
		}
	}
	return lost, nil
}

func (f *fence) done(ctx context.Context, keys []int64) error {
	lost, err := f.absent(ctx, keys, "SELECT t.key FROM errand t WHERE t.key IN (?) AND "+firstOfChain)
	f.lost.Errands, f.any = lost, f.any || len(lost) > 0
	return err
}

// taken tells which of the ids a query finds.
func (f *fence) taken(ctx context.Context, ids []string, query string) (map[string]bool, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var found []string
	err := f.tx.NewRaw(query, bun.List(ids)).Scan(ctx, &found)
	taken := make(map[string]bool, len(found))
	for _, id := range found {
		taken[id] = true
	}
	return taken, err
}

func (f *fence) messages(ctx context.Context, all []host.Message) error {
	var ids []string
	for i := range all {
		if id := identity(&all[i]); id != nil {
			ids = append(ids, string(*id))
		}
	}
	taken, err := f.taken(ctx, ids, "SELECT identity FROM message WHERE identity IN (?)")
	for i := range all {
		if id := identity(&all[i]); id != nil && taken[string(*id)] {
			f.lost.Messages, f.any = append(f.lost.Messages, all[i].Key), true
		}
	}
	return err
}

func (f *fence) correlations(ctx context.Context, all []host.Correlation) error {
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = string(correlationID(all[i].Message.Key, all[i].ProcessID))
	}
	taken, err := f.taken(ctx, ids, "SELECT id FROM correlation WHERE id IN (?)")
	for i := range all {
		if taken[ids[i]] {
			f.lost.Correlations, f.any = append(f.lost.Correlations, all[i].Instance), true
		}
	}
	return err
}

func (f *fence) startLocks(ctx context.Context, all []host.StartLock) error {
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = string(startLockID(all[i]))
	}
	taken, err := f.taken(ctx, ids, "SELECT id FROM start_lock WHERE id IN (?) AND freed = 0")
	for i := range all {
		if taken[ids[i]] {
			f.lost.StartLocks, f.any = append(f.lost.StartLocks, all[i].Instance), true
		}
	}
	return err
}

func (f *fence) startAlarms(ctx context.Context, all []host.StartAlarm) error {
	for _, a := range all {
		lost, err := f.absent(ctx, []int64{a.Key}, "SELECT key FROM start_subscription WHERE key IN (?) AND due = "+strconv.FormatInt(micros(a.Before), 10))
		if err != nil {
			return err
		}
		f.lost.StartAlarms, f.any = append(f.lost.StartAlarms, lost...), f.any || len(lost) > 0
	}
	return nil
}
