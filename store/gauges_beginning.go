package store

import (
	"context"

	"github.com/uptrace/bun"

	"tallystick/query"
)

// Where the beginnings of things are kept, by what they are.
var beginnings = map[string]string{
	"instance": "SELECT key, process_id AS name, started AS at FROM process_instance WHERE key IN (?)",
	"job":      "SELECT key, type AS name, created AS at FROM job WHERE key IN (?)",
	"task":     "SELECT key, process_id AS name, created AS at FROM user_task WHERE key IN (?)",
}

// InstanceBeginnings tells when process instances began; keys that are unknown are left out.
func (d *DB) InstanceBeginnings(ctx context.Context, keys []int64) ([]query.Beginning, error) {
	return d.beginnings(ctx, "instance", keys)
}

// JobBeginnings tells when jobs were created; keys that are unknown are left out.
func (d *DB) JobBeginnings(ctx context.Context, keys []int64) ([]query.Beginning, error) {
	return d.beginnings(ctx, "job", keys)
}

// TaskBeginnings tells when user tasks were created; keys that are unknown are left out.
func (d *DB) TaskBeginnings(ctx context.Context, keys []int64) ([]query.Beginning, error) {
	return d.beginnings(ctx, "task", keys)
}

func (d *DB) beginnings(ctx context.Context, what string, keys []int64) ([]query.Beginning, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	var rows []struct {
		Key  int64
		Name string
		At   int64
	}
	if err := d.read.NewRaw(beginnings[what], bun.List(keys)).Scan(ctx, &rows); err != nil {
		return nil, d.fault(err, "tell when things began")
	}
	found := make([]query.Beginning, len(rows))
	for i, r := range rows {
		found[i] = query.Beginning{Key: query.Key(r.Key), Name: r.Name, At: instant(r.At)}
	}
	return found, nil
}
