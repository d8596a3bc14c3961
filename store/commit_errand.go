package store

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"

	"tallystick/engine"
	"tallystick/host"
)

// firstOfChain finds an errand that no earlier one of its chain is in front of.
const firstOfChain = `NOT EXISTS (SELECT 1 FROM errand e WHERE e.source = t.source AND e.about = t.about AND e.number < t.number)`

// errandChanges write what commands left to be done elsewhere, and remove what was carried out.
func errandChanges(b host.Batch) []change {
	next, over := startAlarms(b.StartAlarms)
	return []change{
		rowsOf(inserting, "errand", errandColumns, errandRows(b.Errands)),
		keyOnly("errand", slices.Sorted(slices.Values(b.Done))).matching("t.key = d.key AND " + firstOfChain).all(),
		rowsOf(inserting, "message", messageColumns, messageRows(b.Messages)).setting("CONFLICT (identity) DO NOTHING").all(),
		rowsOf(inserting, "correlation", correlationColumns, correlationRows(b.Correlations)).
			setting("CONFLICT (id) DO NOTHING").all(),
		rowsOf(inserting, "start_lock", startLockColumns, startLockRows(b.StartLocks)).
			setting("CONFLICT (id) DO UPDATE SET instance = EXCLUDED.instance, freed = 0 WHERE start_lock.freed = 1").all(),
		rowsOf(updating, "start_subscription", startAlarmColumns, next).matching("t.key = d.key AND t.due = d.before").
			setting("due = d.due, next = d.due, remaining = d.remaining").all(),
		itemChange(b.Items).all(),
		rowsOf(removing, "start_subscription", startAlarmColumns[:2], over).matching("t.key = d.key AND t.due = d.before").all(),
	}
}

func errandRows(all []host.Errand) []errandRow {
	rows := make([]errandRow, len(all))
	for i := range all {
		e := &all[i]
		rows[i] = errandRow{
			Key: e.Key, Kind: text(e.Kind), Source: e.Source, About: e.About, Number: e.Number,
			Payload: text(e.Payload), Cause: text(e.Cause), Created: micros(e.Created), Next: micros(e.Next),
		}
	}
	return rows
}

func messageRows(all []host.Message) []messageRow {
	rows := make([]messageRow, len(all))
	for i := range all {
		m := &all[i]
		rows[i] = messageRow{
			Key: m.Key, Name: text(m.Name), CorrelationKey: text(m.CorrelationKey), MessageID: text(m.ID), Identity: identity(m),
			Published: micros(m.Published), Expires: micros(m.Expires), Variables: text(m.Variables),
		}
	}
	// Rows are locked in one order by everybody.
	slices.SortFunc(rows, func(a, b messageRow) int { return cmp.Compare(orEmpty(a.Identity), orEmpty(b.Identity)) })
	return rows
}

func orEmpty(t *text) text {
	if t == nil {
		return ""
	}
	return *t
}

// identity is what is unique of a message: nil without an id of its publisher.
func identity(m *host.Message) *text {
	if m.ID == "" {
		return nil
	}
	return textPtr(digestOf(clean(m.Name), clean(m.CorrelationKey), clean(m.ID)))
}

// digestOf is a key of limited length for texts of any length; their own lengths keep them apart.
func digestOf(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return hex.EncodeToString(h.Sum(nil))
}

func correlationID(message int64, processID string) text {
	return text(digestOf(strconv.FormatInt(message, 10), clean(processID)))
}

func correlationRows(all []host.Correlation) []correlationRow {
	rows := make([]correlationRow, len(all))
	for i := range all {
		c := &all[i]
		rows[i] = correlationRow{
			ID: correlationID(c.Message.Key, c.ProcessID), Message: c.Message.Key, Name: text(c.Message.Name),
			CorrelationKey: text(c.Message.CorrelationKey), Subscription: c.Subscription,
			place:   place{Instance: c.Instance, Definition: c.Definition, ProcessID: text(c.ProcessID)},
			Element: text(c.Element), ElementInstance: keyOrNull(c.ElementInstance), At: micros(c.At),
		}
	}
	slices.SortFunc(rows, func(a, b correlationRow) int { return cmp.Compare(a.ID, b.ID) })
	return rows
}

func startLockID(l host.StartLock) text {
	return text(digestOf(clean(l.ProcessID), clean(l.CorrelationKey)))
}

func startLockRows(all []host.StartLock) []startLockRow {
	rows := make([]startLockRow, len(all))
	for i, l := range all {
		rows[i] = startLockRow{
			ID: startLockID(l), ProcessID: text(l.ProcessID), CorrelationKey: text(l.CorrelationKey), Instance: l.Instance,
		}
	}
	slices.SortFunc(rows, func(a, b startLockRow) int { return cmp.Compare(a.ID, b.ID) })
	return rows
}

// startAlarms splits timer start events into those that go on and those that are over.
func startAlarms(all []host.StartAlarm) (next, over []startAlarmRow) {
	for _, a := range all {
		row := startAlarmRow{Key: a.Key, Before: micros(a.Before), Due: microsUp(a.Next.Due), Remaining: a.Next.Remaining}
		if a.Over {
			over = append(over, row)
			continue
		}
		next = append(next, row)
	}
	return next, over
}

// addSubscription folds the records of subscriptions and tells whether e was one. Conditions are nobody's to find.
func (f *folded) addSubscription(e *host.Event, at int64) bool {
	switch r := e.Record.(type) {
	case engine.SubscriptionOpened:
		if r.Type == engine.SubscribesConditional {
			return true
		}
		f.subscriptions.insert(r.Key, subscriptionRow{
			Key: r.Key, place: placeOf(e), Element: text(r.Element), ElementInstance: r.ElementInstance, Type: text(r.Type),
			Name: text(r.Name), CorrelationKey: text(r.CorrelationKey), Interrupting: r.Interrupting, Opened: at,
			subscriptionLife: subscriptionLife{stateCreated, at},
		})
	case engine.SubscriptionTriggered:
		f.subscriptions.change(r.Key).subscriptionLife = subscriptionLife{stateCorrelated, at}
	case engine.SubscriptionClosed:
		f.subscriptions.change(r.Key).subscriptionLife = subscriptionLife{stateDeleted, at}
	default:
		return false
	}
	return true
}
