package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/internal/canon"
)

const messageRead = "SELECT m.key, m.name, m.correlation_key, m.message_id, m.published, m.expires, m.variables FROM message m WHERE "

func (r *messageRow) message() host.Message {
	return host.Message{
		Key: r.Key, Name: string(r.Name), CorrelationKey: string(r.CorrelationKey), ID: string(r.MessageID),
		Published: instant(r.Published), Expires: instant(r.Expires), Variables: canon.JSON(r.Variables),
	}
}

func (d *DB) oneMessage(ctx context.Context, query string, args ...any) (host.Message, bool, error) {
	var rows []messageRow
	err := d.read.NewRaw(messageRead+query, args...).Scan(ctx, &rows)
	if err != nil || len(rows) == 0 {
		return host.Message{}, false, d.fault(err, "find a message")
	}
	return rows[0].message(), true, nil
}

// Message implements host.Store.
func (d *DB) Message(ctx context.Context, key int64) (host.Message, bool, error) {
	return d.oneMessage(ctx, "m.key = ?", key)
}

// Waiting implements host.Store. A message that is not to be kept is there until it has been matched.
func (d *DB) Waiting(ctx context.Context, name, correlationKey, processID string, now time.Time) (host.Message, bool, error) {
	return d.oneMessage(ctx, named("m")+` AND (m.expires > ? OR m.expires <= m.published)
		AND NOT EXISTS (SELECT 1 FROM correlation c WHERE c.message = m.key AND c.process_id = ?)
		ORDER BY m.published, m.key LIMIT 1`, append(names(name, correlationKey), micros(now), text(processID))...)
}

// named is the condition on name and correlation key, through the index on their heads.
func named(table string) string {
	return "substr(" + table + ".name, 1, 128) = ? AND substr(" + table + ".correlation_key, 1, 128) = ? AND " +
		table + ".name = ? AND " + table + ".correlation_key = ?"
}

func names(name, correlationKey string) []any {
	return []any{
		text(head(clean(name), indexed)), text(head(clean(correlationKey), indexed)), text(name), text(correlationKey),
	}
}

// catcherRow is a subscription or, without an instance, a start event.
type catcherRow struct {
	Key, Instance, Definition, ElementInstance int64
	ProcessID, Element, Name, CorrelationKey   string
	Part, Together                             int
}

func (r *catcherRow) catcher() host.Catcher {
	return host.Catcher{
		Subscription: r.Key, Instance: r.Instance, Definition: r.Definition, ProcessID: r.ProcessID, Element: r.Element,
		ElementInstance: r.ElementInstance, Part: r.Part, Name: r.Name, CorrelationKey: r.CorrelationKey, Together: r.Together == 1,
	}
}

const subscriptionRead = `SELECT s.key, s.instance, s.definition, s.element_instance, s.process_id, s.element, s.name,
	s.correlation_key FROM subscription s WHERE s.state = 'CREATED' AND s.type = ? AND ` + restless + "s.instance) AND "

// MessageCatchers implements host.Store.
func (d *DB) MessageCatchers(ctx context.Context, name, correlationKey string) ([]host.Catcher, error) {
	var rows []catcherRow
	err := d.read.NewRaw(subscriptionRead+named("s")+" ORDER BY s.opened, s.key",
		append([]any{engine.SubscribesMessage}, names(name, correlationKey)...)...).Scan(ctx, &rows)
	if err != nil {
		return nil, d.fault(err, "find who waits for a message")
	}
	return d.withStarts(ctx, rows, engine.SubscribesMessage, []string{name})
}

// SignalCatchers implements host.Store.
func (d *DB) SignalCatchers(ctx context.Context, signals []string) ([]host.Catcher, error) {
	var rows []catcherRow
	for _, name := range signals {
		var some []catcherRow
		err := d.read.NewRaw(subscriptionRead+"substr(s.name, 1, 128) = ? AND s.name = ? ORDER BY s.opened, s.key",
			engine.SubscribesSignal, text(head(clean(name), indexed)), text(name)).Scan(ctx, &some)
		if err != nil {
			return nil, d.fault(err, "find who waits for a signal")
		}
		rows = append(rows, some...)
	}
	return d.withStarts(ctx, rows, engine.SubscribesSignal, signals)
}

// withStarts adds the start events of the names behind those that wait.
func (d *DB) withStarts(ctx context.Context, rows []catcherRow, kind string, names []string) ([]host.Catcher, error) {
	catchers := make([]host.Catcher, 0, len(rows))
	for i := range rows {
		catchers = append(catchers, rows[i].catcher())
	}
	for _, name := range names {
		var starts []catcherRow
		err := d.read.NewRaw(`SELECT s.key, s.definition, s.process_id, s.element, s.part, s.name, s.together FROM start_subscription s
			WHERE s.type = ? AND substr(s.name, 1, 128) = ? AND s.name = ? ORDER BY s.key`,
			kind, text(head(clean(name), indexed)), text(name)).Scan(ctx, &starts)
		if err != nil {
			return nil, d.fault(err, "find start events")
		}
		for i := range starts {
			catchers = append(catchers, starts[i].catcher())
		}
	}
	return catchers, nil
}

// FreeStart implements host.Store.
func (d *DB) FreeStart(ctx context.Context, instance int64) ([]host.StartLock, error) {
	var rows []startLockRow
	err := d.read.NewRaw("SELECT id, process_id, correlation_key, instance FROM start_lock WHERE instance = ?", instance).Scan(ctx, &rows)
	if err != nil || len(rows) == 0 {
		return nil, d.fault(err, "find start locks")
	}
	err = d.inTx(ctx, "free a start lock", func(tx bun.Tx) error {
		return run(ctx, tx, "UPDATE start_lock SET freed = 1 WHERE instance = ?", instance)
	})
	locks := make([]host.StartLock, len(rows))
	for i, r := range rows {
		locks[i] = host.StartLock{ProcessID: string(r.ProcessID), CorrelationKey: string(r.CorrelationKey), Instance: r.Instance}
	}
	return locks, err
}

// SweepMessages implements host.Store. One that is not to be kept stays until it was matched. With a message go the
// marks of instances whose history has been pruned.
func (d *DB) SweepMessages(ctx context.Context, now time.Time, limit int) (n int, err error) {
	var keys []int64
	err = d.read.NewRaw("SELECT key FROM message WHERE expires <= ? AND expires > published ORDER BY expires LIMIT ?", micros(now), limit).
		Scan(ctx, &keys)
	if err != nil || len(keys) == 0 {
		return 0, d.fault(err, "look for messages that are over")
	}
	slices.Sort(keys)
	err = d.inTx(ctx, "remove messages that are over", func(tx bun.Tx) error {
		if err := run(ctx, tx, "DELETE FROM message WHERE key IN (?)", bun.List(keys)); err != nil {
			return err
		}
		return run(ctx, tx, `DELETE FROM correlation WHERE message IN (?)
			AND NOT EXISTS (SELECT 1 FROM process_instance p WHERE p.key = correlation.instance)`, bun.List(keys))
	})
	return len(keys), err
}

// startRow is a start event.
type startRow struct {
	Key, Definition    int64
	ProcessID, Element string
	Part               int
	Type, Name         string
	Together           int
	Opened             int64
	Due, Anchor        *int64
	Remaining          int
	Every              string
}

const startRead = `SELECT key, definition, process_id, element, part, type, name, together, opened, due, remaining, every, anchor
	FROM start_subscription WHERE `

func (r *startRow) alarm() engine.Alarm {
	a := engine.Alarm{Remaining: r.Remaining, Interval: r.Every}
	if r.Due != nil {
		a.Due = instant(*r.Due)
	}
	if r.Anchor != nil {
		a.Anchor = instant(*r.Anchor)
	}
	return a
}

// StartEvents implements host.Store.
func (d *DB) StartEvents(ctx context.Context, kind, processID string) ([]host.StartEvent, error) {
	var rows []startRow
	err := d.read.NewRaw(startRead+"type = ? AND (? = '' OR substr(process_id, 1, 128) = ? AND process_id = ?) ORDER BY key",
		kind, text(processID), text(head(clean(processID), indexed)), text(processID)).Scan(ctx, &rows)
	starts := make([]host.StartEvent, len(rows))
	for i := range rows {
		r := &rows[i]
		starts[i] = host.StartEvent{
			Key: r.Key, Definition: r.Definition, ProcessID: r.ProcessID, Element: r.Element, Part: r.Part, Type: r.Type,
			Name: r.Name, Together: r.Together == 1, Alarm: r.alarm(),
		}
	}
	return starts, d.fault(err, "list start events")
}

var dueStarts = `SELECT x.key FROM start_subscription x WHERE x.next <= ?
	AND NOT ` + resting("x.process_id", "(SELECT d.version FROM definition d WHERE d.key = x.definition)") + ` ORDER BY x.next, x.key LIMIT ?`

// DueStarts implements host.Store.
func (d *DB) DueStarts(ctx context.Context, now, until time.Time, limit int) ([]host.DueStart, error) {
	var keys []int64
	err := d.read.NewRaw(dueStarts, micros(now), limit).Scan(ctx, &keys)
	if err != nil || len(keys) == 0 {
		return nil, d.fault(err, "list timer start events")
	}
	var rows []startRow
	err = d.inTx(ctx, "claim timer start events", func(tx bun.Tx) error {
		return tx.NewRaw("UPDATE start_subscription SET next = ? WHERE key IN ("+dueStarts+d.dialect.skipAll+`)
			RETURNING key, definition, process_id, element, part, type, name, together, opened, due, remaining, every, anchor`,
			micros(until), micros(now), limit).Scan(ctx, &rows)
	})
	slices.SortFunc(rows, func(a, b startRow) int { return cmp.Compare(a.Key, b.Key) })
	due := make([]host.DueStart, len(rows))
	for i := range rows {
		r := &rows[i]
		due[i] = host.DueStart{
			Key: r.Key, Definition: r.Definition, ProcessID: r.ProcessID, Element: r.Element, Part: r.Part, Alarm: r.alarm(),
		}
	}
	return due, err
}
