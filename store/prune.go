package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tallystick/host"
	"tallystick/query"
)

var _ host.History = (*DB)(nil)

// pruneWindow is how many instances of a process one call looks at, whether or not they are old enough.
const pruneWindow = 2000

// Prune implements host.History. It walks the instances of a process by their keys, which rise with the time of
// their start, so that it needs no index on the end. An instance is removed when its root has ended as long ago,
// when nothing of it is active, and when the head of its audit stream is there to be kept.
func (d *DB) Prune(ctx context.Context, p host.Pruning, seal func(host.Pruned) (host.AuditBatch, error)) (host.Pruned, error) {
	keys, done, err := d.oldInstances(ctx, p)
	if err != nil || len(keys) == 0 {
		return done, err
	}
	err = d.inSharedTx(ctx, "prune history", func(tx bun.Tx) error {
		old, err := d.lockOld(ctx, tx, keys, p.Before)
		if err != nil {
			return err
		}
		if len(old) == 0 {
			return errNothing
		}
		for _, i := range old {
			done.Instances = append(done.Instances, i.Key)
		}
		if done.Rows, err = d.forget(ctx, tx, old); err != nil {
			return err
		}
		rows, err := seal(done)
		if err != nil {
			return err
		}
		return d.appendAudit(ctx, tx, rows)
	})
	if err != nil && !errors.Is(err, errNothing) {
		return host.Pruned{}, d.prunedMeanwhile(err)
	}
	return done, nil
}

// prunedMeanwhile makes a chunk that lost a race inside the database come again.
func (d *DB) prunedMeanwhile(err error) error {
	if d.classify(err) == raced {
		return &host.Moved{}
	}
	return err
}

// oldInstances looks at the next instances of a process and picks those that ended before the time.
func (d *DB) oldInstances(ctx context.Context, p host.Pruning) ([]int64, host.Pruned, error) {
	var rows []struct {
		Key, Started int64
		Ended        *int64
	}
	err := d.read.NewRaw(`SELECT key, started, ended FROM process_instance
		WHERE substr(process_id, 1, 128) = ? AND process_id = ? AND key > ? ORDER BY key LIMIT ?`,
		text(head(clean(p.ProcessID), indexed)), text(p.ProcessID), p.After, pruneWindow).Scan(ctx, &rows)
	if err != nil {
		return nil, host.Pruned{}, d.fault(err, "look for old instances")
	}
	done := host.Pruned{Next: p.After}
	var keys []int64
	early := false // nodes draw keys in blocks: a later start may have a smaller key, but not by a window
	for _, r := range rows {
		if len(keys) == p.Max {
			done.More = true
			return keys, done, nil
		}
		done.Next = r.Key
		early = early || r.Started < micros(p.Before)
		if r.Ended != nil && *r.Ended < micros(p.Before) {
			keys = append(keys, r.Key)
		}
	}
	done.More = early && len(rows) == pruneWindow
	return keys, done, nil
}

// oldInstance is an instance that goes.
type oldInstance struct {
	Key  int64
	Tags string
}

// lockOld locks those of the instances that may go, and passes over those that another node has.
func (d *DB) lockOld(ctx context.Context, tx bun.Tx, keys []int64, before time.Time) (old []oldInstance, err error) {
	err = tx.NewRaw(`SELECT p.key, p.tags FROM process_instance p
		WHERE p.key IN (?) AND p.ended < ? AND p.seq IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM instance i WHERE i.key = p.key)
		AND NOT EXISTS (SELECT 1 FROM process_instance r WHERE r.key = p.root_instance AND (r.ended IS NULL OR r.ended >= ?))
		ORDER BY p.key`+strings.Replace(d.dialect.skip, "OF j", "OF p", 1),
		bun.List(keys), micros(before), micros(before)).Scan(ctx, &old)
	return old, err
}

// inInstance are the tables whose rows lie inside instances, with the column that says where.
var inInstance = []struct{ table, key string }{
	{"element_instance", "key"},
	{"variable", "key"},
	{"job", "key"},
	{"user_task", "key"},
	{"task_candidate", "task"},
	{"incident", "key"},
	{"decision_instance", "key"},
	{"subscription", "key"},
}

// forgetCorrelations leaves those of messages that are still kept: without its mark, a message would enter the
// process a second time. They go with the message (SweepMessages).
func forgetCorrelations(ctx context.Context, tx bun.Tx, removed map[string]int64, keys []int64) error {
	return remove(ctx, tx, removed, "correlation", `DELETE FROM correlation WHERE instance IN (?)
		AND NOT EXISTS (SELECT 1 FROM message m WHERE m.key = correlation.message)`, bun.List(keys))
}

// forget keeps the heads, removes the rows of the instances from every table and counts them.
func (d *DB) forget(ctx context.Context, tx bun.Tx, old []oldInstance) (map[string]int64, error) {
	keys := make([]int64, len(old))
	for i := range old {
		keys[i] = old[i].Key
	}
	err := run(ctx, tx, `INSERT INTO audit_stream (tenant, stream, seq, hash)
		SELECT ?, stream, seq, hash FROM process_instance WHERE key IN (?)`, query.Tenant, bun.List(keys))
	if err != nil {
		return nil, err
	}
	removed := map[string]int64{}
	for _, t := range inInstance {
		if err := remove(ctx, tx, removed, t.table, d.removalInside(t.table, t.key, keys)); err != nil {
			return nil, err
		}
	}
	if err := d.forgetTags(ctx, tx, removed, old, keys); err != nil {
		return nil, err
	}
	if err := forgetCorrelations(ctx, tx, removed, keys); err != nil {
		return nil, err
	}
	return removed, remove(ctx, tx, removed, "process_instance", "DELETE FROM process_instance WHERE key IN (?)", bun.List(keys))
}

// removalInside removes the rows inside instances by ranges of an index: PostgreSQL joins the ranges, SQLite has no
// USING and finds the rows first.
func (d *DB) removalInside(table, key string, instances []int64) string {
	var values strings.Builder
	for i, k := range instances {
		if i > 0 {
			values.WriteString(", ")
		}
		values.WriteString("(" + strconv.FormatInt(k, 10) + ")")
	}
	with := "WITH d (instance) AS (VALUES " + values.String() + ") "
	in := inside("x."+key, "d.instance")
	if d.dialect.name == "postgres" {
		return with + fmt.Sprintf("DELETE FROM %s AS x USING d WHERE %s", table, in)
	}
	return with + fmt.Sprintf("DELETE FROM %s WHERE %s IN (SELECT x.%s FROM d CROSS JOIN %s x WHERE %s)", table, key, key, table, in)
}

// forgetTags goes through the index on names, because tags have none on instances: the instances know their tags.
func (d *DB) forgetTags(ctx context.Context, tx bun.Tx, removed map[string]int64, old []oldInstance, keys []int64) error {
	var heads []text
	for _, i := range old {
		var tags []string
		if err := json.Unmarshal([]byte(i.Tags), &tags); err != nil {
			return err
		}
		for _, t := range tags {
			heads = append(heads, text(head(clean(t), indexed)))
		}
	}
	if len(heads) == 0 {
		return nil
	}
	return remove(ctx, tx, removed, "instance_tag", "DELETE FROM instance_tag WHERE substr(name, 1, 128) IN (?) AND instance IN (?)",
		bun.List(heads), bun.List(keys))
}

// remove runs a DELETE and counts what it took from a table.
func remove(ctx context.Context, tx bun.Tx, removed map[string]int64, table, statement string, args ...any) error {
	result, err := tx.NewRaw(statement, args...).Exec(ctx)
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	removed[table] = n
	return err
}
