package sim

import (
	"context"
	"strconv"
	"time"

	"tallystick/host"
	"tallystick/internal/canon"
)

// The operations on errands and messages.
const (
	opErrands  op = "errands"
	opDismiss  op = "dismiss"
	opMessages op = "messages"
	opFree     op = "free"
	opStarts   op = "dueStarts"
)

// ClaimErrands implements host.Store.
func (w *wire) ClaimErrands(ctx context.Context, now, until time.Time, limit int) ([]host.Errand, error) {
	t := &ticket{op: opErrands, features: 1 << fErrandClaim}
	return send(ctx, w, t, func(ctx context.Context) ([]host.Errand, error) {
		all, err := w.store.ClaimErrands(ctx, now, until, limit)
		t.idle = len(all) == 0
		return all, err
	})
}

// Dismiss implements host.Store.
func (w *wire) Dismiss(ctx context.Context, d host.Dismissal) (bool, error) {
	return send(ctx, w, &ticket{op: opDismiss, detail: numbers(d.Errands), features: 1 << fDismissal},
		func(ctx context.Context) (bool, error) { return w.store.Dismiss(ctx, d) })
}

// PendingCall implements host.Store.
func (w *wire) PendingCall(ctx context.Context, elementInstance int64) (int64, error) {
	return send(ctx, w, &ticket{op: opMessages, detail: strconv.FormatInt(elementInstance, 10) + " pending"},
		func(ctx context.Context) (int64, error) { return w.store.PendingCall(ctx, elementInstance) })
}

// Called implements host.Store.
func (w *wire) Called(ctx context.Context, elementInstance int64) (int64, error) {
	return send(ctx, w, &ticket{op: opMessages, detail: strconv.FormatInt(elementInstance, 10) + " called"},
		func(ctx context.Context) (int64, error) { return w.store.Called(ctx, elementInstance) })
}

type oneMessage struct {
	message host.Message
	ok      bool
}

// Message implements host.Store.
func (w *wire) Message(ctx context.Context, key int64) (host.Message, bool, error) {
	a, err := send(ctx, w, &ticket{op: opMessages, detail: strconv.FormatInt(key, 10)}, func(ctx context.Context) (oneMessage, error) {
		m, ok, err := w.store.Message(ctx, key)
		return oneMessage{m, ok}, err
	})
	return a.message, a.ok, err
}

// Waiting implements host.Store.
func (w *wire) Waiting(ctx context.Context, name, key, process string, now time.Time) (host.Message, bool, error) {
	a, err := send(ctx, w, &ticket{op: opMessages, detail: name + " " + key + " " + process}, func(ctx context.Context) (oneMessage, error) {
		m, ok, err := w.store.Waiting(ctx, name, key, process, now)
		return oneMessage{m, ok}, err
	})
	return a.message, a.ok, err
}

// MessageCatchers implements host.Store.
func (w *wire) MessageCatchers(ctx context.Context, name, key string) ([]host.Catcher, error) {
	return send(ctx, w, &ticket{op: opMessages, detail: name + " " + key},
		func(ctx context.Context) ([]host.Catcher, error) { return w.store.MessageCatchers(ctx, name, key) })
}

// SignalCatchers implements host.Store.
func (w *wire) SignalCatchers(ctx context.Context, names []string) ([]host.Catcher, error) {
	return send(ctx, w, &ticket{op: opMessages, detail: "signal"},
		func(ctx context.Context) ([]host.Catcher, error) { return w.store.SignalCatchers(ctx, names) })
}

// StartEvents implements host.Store.
func (w *wire) StartEvents(ctx context.Context, kind, process string) ([]host.StartEvent, error) {
	return send(ctx, w, &ticket{op: opMessages, detail: kind + " " + process},
		func(ctx context.Context) ([]host.StartEvent, error) { return w.store.StartEvents(ctx, kind, process) })
}

// FreeStart implements host.Store.
func (w *wire) FreeStart(ctx context.Context, instance int64) ([]host.StartLock, error) {
	return send(ctx, w, &ticket{op: opFree, detail: numbers([]int64{instance})},
		func(ctx context.Context) ([]host.StartLock, error) { return w.store.FreeStart(ctx, instance) })
}

// SweepMessages implements host.Store.
func (w *wire) SweepMessages(ctx context.Context, now time.Time, limit int) (int, error) {
	return send(ctx, w, &ticket{op: opFree, detail: "sweep"},
		func(ctx context.Context) (int, error) { return w.store.SweepMessages(ctx, now, limit) })
}

// DueStarts implements host.Store.
func (w *wire) DueStarts(ctx context.Context, now, until time.Time, limit int) ([]host.DueStart, error) {
	t := &ticket{op: opStarts, features: 1 << fTimerClaim}
	return send(ctx, w, t, func(ctx context.Context) ([]host.DueStart, error) {
		due, err := w.store.DueStarts(ctx, now, until, limit)
		t.idle = len(due) == 0
		return due, err
	})
}

// DataStore implements host.Store.
func (w *wire) DataStore(ctx context.Context, store string) (canon.JSON, bool, error) {
	type answer struct {
		value canon.JSON
		ok    bool
	}
	a, err := send(ctx, w, &ticket{op: opMessages, detail: "data store " + store}, func(ctx context.Context) (answer, error) {
		value, ok, err := w.store.DataStore(ctx, store)
		return answer{value, ok}, err
	})
	return a.value, a.ok, err
}
