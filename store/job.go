package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"tallystick/host"
	"tallystick/query"
)

// Activate implements host.Jobs. seal runs inside the transaction and must not ask the store, which may have
// a single connection.
func (d *DB) Activate(
	ctx context.Context, a host.Activation, now time.Time, see query.Access,
	seal func([]host.Job) (host.AuditBatch, error),
) ([]host.Job, error) {
	var jobs []host.Job
	err := d.inSharedTx(ctx, "activate jobs", func(tx bun.Tx) error {
		free, err := handsOut(ctx, tx, a.Type)
		if err != nil {
			return err
		}
		if !free {
			return errNothing
		}
		if jobs, err = d.candidates(ctx, tx, a, now, see); err != nil {
			return err
		}
		if len(jobs) == 0 {
			return errNothing
		}
		if jobs, err = affordable(ctx, tx, jobs, a.Fetch); err != nil {
			return err
		}
		if err := lockJobs(ctx, tx, jobs, now); err != nil {
			return err
		}
		if err := fetchVariables(ctx, tx, jobs, a.Fetch); err != nil {
			return err
		}
		rows, err := seal(jobs)
		if err != nil {
			return err
		}
		return d.appendAudit(ctx, tx, rows)
	})
	if err != nil && !errors.Is(err, errNothing) {
		return nil, err
	}
	return jobs, nil
}

// candidates selects and locks rows of jobs in the order of activation; on PostgreSQL it passes over rows
// that another node is taking at this moment.
func (d *DB) candidates(
	ctx context.Context, tx bun.Tx, a host.Activation, now time.Time, see query.Access,
) ([]host.Job, error) {
	at := micros(now)
	seen := definitions(see, "j.process_id")
	args := []any{head(clean(a.Type), indexed), text(a.Type), at, at}
	var rows []struct {
		Key, Instance, ElementInstance, Definition int64
		RootInstance                               int64
		Type, Element, ProcessID                   string
		Version, Retries, Priority                 int
		Lease                                      int64
		BusinessID, UserTask                       *string
		Tags, Headers, Kind, ListenerEvent         string
	}
	err := tx.NewRaw(activation(seen)+d.dialect.skip, append(append(args, seen.args...), a.Max)...).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	jobs := make([]host.Job, len(rows))
	for i, r := range rows {
		jobs[i] = host.Job{
			Key: r.Key, Type: r.Type, Instance: r.Instance, Root: r.RootInstance, Element: r.Element, ElementInstance: r.ElementInstance,
			Definition: r.Definition, ProcessID: r.ProcessID, DefinitionVersion: r.Version,
			Worker: a.Worker, Lease: r.Lease + 1, Priority: r.Priority, Retries: r.Retries, Deadline: instant(micros(now.Add(a.Timeout))),
		}
		if r.BusinessID != nil {
			jobs[i].BusinessID = *r.BusinessID
		}
		jobs[i].Kind, jobs[i].ListenerEvent = r.Kind, r.ListenerEvent
		err := errors.Join(json.Unmarshal([]byte(r.Tags), &jobs[i].Tags), json.Unmarshal([]byte(r.Headers), &jobs[i].Headers))
		if r.UserTask != nil {
			err = errors.Join(err, json.Unmarshal([]byte(*r.UserTask), &jobs[i].UserTask))
		}
		if err != nil {
			return nil, err
		}
	}
	return jobs, nil
}

// activation selects the jobs of a type that may be locked now, in the order of the index job_queue.
func activation(seen pred) string {
	return `SELECT j.key, j.instance, j.element_instance, j.definition, j.type, j.element, j.process_id,
		p.version, j.retries, j.priority, j.lease, p.business_id, p.tags, j.headers,
		j.kind, j.listener_event, j.user_task, p.root_instance
		FROM job j JOIN process_instance p ON p.key = j.instance
		WHERE substr(j.type, 1, 128) = ? AND j.type = ? AND j.ended IS NULL AND j.retries > 0 AND p.suspended IS NULL
		AND (j.not_before IS NULL OR j.not_before <= ?) AND (j.deadline IS NULL OR j.deadline <= ?)
		AND NOT EXISTS (SELECT 1 FROM incident x WHERE x.state = 'ACTIVE' AND x.job = j.key
			AND ` + inside("x.key", "j.instance") + `)
		AND ` + seen.sql + ` ORDER BY j.priority DESC, j.key LIMIT ?`
}

func lockJobs(ctx context.Context, tx bun.Tx, jobs []host.Job, now time.Time) error {
	result, err := tx.NewRaw("UPDATE job SET worker = ?, deadline = ?, updated = ?, lease = lease + 1 WHERE key IN (?)",
		text(jobs[0].Worker), micros(jobs[0].Deadline), micros(now), bun.List(jobKeys(jobs))).Exec(ctx)
	if err != nil {
		return err
	}
	return affected(result, len(jobs))
}

func jobKeys(jobs []host.Job) []int64 {
	keys := make([]int64, len(jobs))
	for i := range jobs {
		keys[i] = jobs[i].Key
	}
	return keys
}

// appendAudit writes entries outside a batch, in a shared transaction: it compares the policy that they were decided on,
// moves the heads of their streams and adds the rows.
func (d *DB) appendAudit(ctx context.Context, tx bun.Tx, b host.AuditBatch) error {
	f := fence{tx: tx, dialect: d.dialect}
	if err := f.policy(ctx, b.Entries); err != nil {
		return err
	}
	if err := f.streams(ctx, b.Streams); err != nil {
		return err
	}
	if moved := f.moved(); moved != nil {
		return moved
	}
	rows := make([]entryRow, len(b.Entries))
	for i := range b.Entries {
		rows[i] = entryOf(&b.Entries[i])
	}
	return insert(ctx, tx, rows, "")
}

// Extend implements host.Jobs.
func (d *DB) Extend(ctx context.Context, l host.JobLock, now time.Time, rows host.AuditBatch) (bool, error) {
	err := d.inSharedTx(ctx, "extend a lock", func(tx bun.Tx) error {
		result, err := tx.NewRaw(`UPDATE job SET deadline = ?, updated = ?
			WHERE key = ? AND ended IS NULL AND deadline IS NOT NULL AND ? IN (0, lease)`,
			micros(now.Add(l.Timeout)), micros(now), l.Job, l.Lease).Exec(ctx)
		if err != nil {
			return err
		}
		if affected(result, 1) != nil {
			return errNothing
		}
		return d.appendAudit(ctx, tx, rows)
	})
	if errors.Is(err, errNothing) {
		return false, nil
	}
	return err == nil, err
}

// renewal is a lease with its new end.
type renewal struct {
	host.Lease
	until int64
}

var renewalColumns = []column[renewal]{
	{"key", bigint, func(r *renewal) cell { return num(r.Job) }},
	{"lease", bigint, func(r *renewal) cell { return num(r.Token) }},
	{"deadline", bigint, func(r *renewal) cell { return num(r.until) }},
}

// Renew implements host.Jobs.
func (d *DB) Renew(ctx context.Context, leases []host.Lease, until time.Time) error {
	rows := make([]renewal, len(leases))
	for i, l := range leases {
		rows[i] = renewal{l, micros(until)}
	}
	all := []change{rowsOf(updating, "job", renewalColumns, rows).setting("deadline = d.deadline").
		matching("t.key = d.key AND t.lease = d.lease AND t.ended IS NULL")}
	steps, err := d.plan(ctx, all)
	if err != nil {
		return d.fault(err, "prepare to renew locks")
	}
	return d.inTx(ctx, "renew locks", func(tx bun.Tx) error {
		_, err := d.apply(ctx, tx, steps, all)
		return err
	})
}

// JobInfo implements host.Jobs.
func (d *DB) JobInfo(ctx context.Context, job int64) (host.JobInfo, bool, error) {
	var rows []struct {
		ProcessID, Type, Worker string
		Lease                   int64
		Deadline                *int64
	}
	err := d.read.NewRaw("SELECT process_id, type, worker, lease, deadline FROM job WHERE key = ? AND ended IS NULL", job).Scan(ctx, &rows)
	if err != nil || len(rows) == 0 {
		return host.JobInfo{}, false, d.fault(err, "find a job")
	}
	r := rows[0]
	return host.JobInfo{ProcessID: r.ProcessID, Type: r.Type, Worker: r.Worker, Lease: r.Lease, Locked: r.Deadline != nil}, true, nil
}
