package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"tallystick/audit"
	"tallystick/fault"
	"tallystick/host"
)

// Load implements host.Store.
func (d *DB) Load(ctx context.Context, instances []int64) (host.Loaded, error) {
	var rows []struct {
		Policy, Library, Clock int64
		Key                    *int64
		Version, Seq           int64
		Tenant, Stream         string
		Hash, State            []byte
	}
	keys := instances
	if len(keys) == 0 {
		keys = []int64{0} // no instance has the key 0
	}
	// One statement for both: the row of the installation comes also when no instance does.
	err := d.read.NewRaw(`SELECT s.policy_version AS policy, s.library_version AS library, `+d.dialect.clockExpr()+` AS clock,
		i.key, coalesce(i.version, 0) AS version, coalesce(i.seq, 0) AS seq, coalesce(i.tenant, '') AS tenant,
		coalesce(i.stream, '') AS stream, i.hash, i.state
		FROM installation s LEFT JOIN instance i ON i.key IN (?) WHERE s.id = 1`, bun.List(keys)).Scan(ctx, &rows)
	if err != nil {
		return host.Loaded{}, d.fault(err, "load instances")
	}
	if len(rows) == 0 {
		return host.Loaded{}, fault.New(fault.Internal, "store.failed", "the installation has no row")
	}
	loaded := host.Loaded{
		Instances: make(map[int64]host.Stored, len(rows)), Policy: rows[0].Policy, Library: rows[0].Library,
		Now: d.dialect.now(rows[0].Clock),
	}
	for _, r := range rows {
		if r.Key == nil {
			continue
		}
		head := audit.Head{Origin: d.origin, Tenant: r.Tenant, Stream: r.Stream, Seq: r.Seq}
		copy(head.Hash[:], r.Hash)
		loaded.Instances[*r.Key] = host.Stored{State: unpack(r.State), Version: r.Version, Head: head}
	}
	return loaded, nil
}

// Outcomes implements host.Store.
func (d *DB) Outcomes(ctx context.Context, ids []string) (map[string]host.Outcome, error) {
	outcomes := make(map[string]host.Outcome, len(ids))
	if len(ids) == 0 {
		return outcomes, nil
	}
	cleaned := make(map[string]string, len(ids))
	wanted := make([]string, len(ids))
	for i, id := range ids {
		wanted[i] = clean(id)
		cleaned[wanted[i]] = id
	}
	var rows []struct {
		ID              string
		Digest, Receipt []byte
	}
	err := d.read.NewRaw("SELECT id, digest, receipt FROM command WHERE id IN (?)", bun.List(wanted)).Scan(ctx, &rows)
	if err != nil {
		return nil, d.fault(err, "find outcomes")
	}
	for _, r := range rows {
		o := host.Outcome{Receipt: r.Receipt}
		copy(o.Digest[:], r.Digest)
		outcomes[cleaned[r.ID]] = o
	}
	return outcomes, nil
}

// Heads implements host.Store.
func (d *DB) Heads(ctx context.Context, streams []string) (map[string]audit.Head, error) {
	heads := make(map[string]audit.Head, len(streams))
	if len(streams) == 0 {
		return heads, nil
	}
	var rows []streamRow
	err := d.read.NewRaw("SELECT tenant, stream, seq, hash FROM audit_stream WHERE stream IN (?)", bun.List(cleanAll(streams))).
		Scan(ctx, &rows)
	if err != nil {
		return nil, d.fault(err, "read the heads of audit streams")
	}
	for _, r := range rows {
		h := audit.Head{Origin: d.origin, Tenant: string(r.Tenant), Stream: string(r.Stream), Seq: r.Seq}
		copy(h.Hash[:], r.Hash)
		heads[h.Stream] = h
	}
	return heads, nil
}

// Sequences implements host.Store.
func (d *DB) Sequences(ctx context.Context, n int) (first int64, err error) {
	if n < 1 {
		return 0, fault.New(fault.Internal, "store.failed", "%d sequence numbers were asked for", n)
	}
	err = d.inTx(ctx, "reserve sequence numbers", func(tx bun.Tx) error {
		return tx.NewRaw("UPDATE sequence SET next = next + ? WHERE name = 'instance' RETURNING next - ?", n, n).
			Scan(ctx, &first)
	})
	return first, err
}

// dueTimers is the first look, outside of a transaction: mostly there is nothing, and then nobody is held up.
const dueTimers = "SELECT t.key FROM timer t WHERE t.next <= ? AND " + restless + "t.instance) ORDER BY t.next, t.key LIMIT ?"

// restless leaves out what belongs to suspended instances.
const restless = "NOT EXISTS (SELECT 1 FROM process_instance z WHERE z.suspended IS NOT NULL AND z.key = "

// Due implements host.Store. On PostgreSQL it passes over rows that another node is claiming at this moment.
func (d *DB) Due(ctx context.Context, now, until time.Time, limit int) ([]host.DueTimer, error) {
	var keys []int64
	err := d.read.NewRaw(dueTimers, micros(now), limit).Scan(ctx, &keys)
	if err != nil || len(keys) == 0 {
		return nil, d.fault(err, "list due timers")
	}
	var rows []timerRow
	err = d.inTx(ctx, "claim timers", func(tx bun.Tx) error {
		return tx.NewRaw("UPDATE timer SET next = ? WHERE key IN ("+dueTimers+d.dialect.skipAll+") RETURNING key, instance, due",
			micros(until), micros(now), limit).Scan(ctx, &rows)
	})
	slices.SortFunc(rows, func(a, b timerRow) int { return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.Key, b.Key)) })
	due := make([]host.DueTimer, len(rows))
	for i, r := range rows {
		due[i] = host.DueTimer{Instance: r.Instance, Timer: r.Key, Due: instant(r.Due)}
	}
	return due, err
}

// NextDue implements host.Store.
func (d *DB) NextDue(ctx context.Context) (time.Time, bool, error) {
	var due *int64
	err := d.read.NewRaw(`SELECT min(next) FROM (SELECT next FROM (SELECT t.next FROM timer t WHERE `+restless+`t.instance)
		ORDER BY t.next, t.key LIMIT 1) AS timers UNION ALL SELECT min(next) FROM start_subscription WHERE next IS NOT NULL) AS both_kinds`).Scan(ctx, &due)
	if err != nil || due == nil {
		return time.Time{}, false, d.fault(err, "find the next timer")
	}
	return instant(*due), true, nil
}

// Status implements host.Store.
func (d *DB) Status(ctx context.Context, instance int64) (host.InstanceStatus, bool, error) {
	var rows []struct{ State, ProcessID string }
	err := d.read.NewRaw("SELECT state, process_id FROM process_instance WHERE key = ?", instance).Scan(ctx, &rows)
	if err != nil || len(rows) == 0 {
		return host.InstanceStatus{}, false, d.fault(err, "tell how an instance stands")
	}
	return host.InstanceStatus{Status: rows[0].State, ProcessID: rows[0].ProcessID}, true, nil
}

// EntryHash implements host.Store.
func (d *DB) EntryHash(ctx context.Context, stream string, seq int64) (hash [32]byte, ok bool, err error) {
	var rows []struct{ Hash []byte }
	err = d.write.NewRaw("SELECT hash FROM audit_entry WHERE stream = ? AND seq = ?", text(stream), seq).Scan(ctx, &rows)
	if err != nil || len(rows) == 0 {
		return hash, false, d.fault(err, "find an entry of the audit log")
	}
	copy(hash[:], rows[0].Hash)
	return hash, true, nil
}

// PolicyVersion is the version of accounts, roles and tokens; every change of them raises it.
func (d *DB) PolicyVersion(ctx context.Context) (version int64, err error) {
	err = d.read.NewRaw("SELECT policy_version FROM installation WHERE id = 1").Scan(ctx, &version)
	return version, d.fault(err, "tell the policy version")
}
