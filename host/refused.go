package host

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"tallystick/audit"
	"tallystick/internal/canon"
)

// refusedKey is what makes two refusals the same.
type refusedKey struct {
	actor, action, scope, reason string
}

// refusals counts refusals, so that nobody can fill the audit log by being refused: the first ones of a
// minute are written one by one, the rest as one entry with their number.
type refusals struct {
	mu   sync.Mutex
	seen map[refusedKey]*refusedCount
}

type refusedCount struct {
	by     Actor
	since  time.Time
	number int // of the current minute
	missed int // of those that had an entry of their own, how many could not be written
}

const (
	refusedSingly  = 20
	refusedWindow  = time.Minute
	refusedKeysMax = 10_000
)

func newRefusals() *refusals { return &refusals{seen: map[refusedKey]*refusedCount{}} }

// admit counts a refusal and reports whether it gets an entry of its own.
func (r *refusals) admit(by Actor, action, scope, reason string, now time.Time) bool {
	key := refusedKey{by.Ref(), action, scope, reason}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen[key] == nil && len(r.seen) >= refusedKeysMax {
		// Whoever varies names to get past the limit is counted by action alone.
		by, key = Actor{Kind: "system", Name: "many"}, refusedKey{actor: "system:many", action: key.action}
	}
	c := r.seen[key]
	if c == nil {
		c = &refusedCount{by: by, since: now}
		r.seen[key] = c
	}
	c.number++
	return c.number <= refusedSingly
}

// again counts refusals whose entry could not be written: the next count includes them.
func (r *refusals) again(t tally, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.seen[t.key]
	if c == nil {
		c = &refusedCount{by: t.by, since: now}
		r.seen[t.key] = c
	}
	c.missed += t.number
}

// tally is the number of refusals that were counted and not written.
type tally struct {
	by     Actor
	key    refusedKey
	number int
}

// over takes out the minutes that are over, or all.
func (r *refusals) over(now time.Time, all bool) []tally {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []tally
	for key, c := range r.seen {
		if !all && now.Sub(c.since) < refusedWindow {
			continue
		}
		if n := max(0, c.number-refusedSingly) + c.missed; n > 0 {
			out = append(out, tally{c.by, key, n})
		}
		delete(r.seen, key)
	}
	return out
}

// Refused records a refusal that happened outside: no right for a route, a failed login. Beyond 20 equal
// ones within a minute the rest is recorded as one entry with their number.
func (h *Host) Refused(ctx context.Context, by Actor, action string, on Target, reason string) {
	h.refuse(by, action, on, Verdict{Policy: h.authorizer.Version()}, reason)
}

func (h *Host) refuse(by Actor, action string, on Target, v Verdict, reason string) {
	if !h.refusals.admit(by, action, on.Scope, reason, h.clock.node()) {
		return
	}
	n := h.refusalNote(by, action, on, v, reason)
	n.tally = &tally{by, refusedKey{by.Ref(), action, on.Scope, reason}, 1}
	h.queueRefusal(n)
}

func (h *Host) queueRefusal(n *note) {
	if _, err := h.queueNote(*n); err != nil {
		h.refusals.again(*n.tally, h.clock.node())
		h.opts.Log.Warn("a refusal could not be recorded yet", slog.Any("actor", n.tally.by.Ref()), slog.Any("action", n.tally.key.action), slog.Any("err", err))
	}
}

// refusalNote drafts the entry of a refusal.
func (h *Host) refusalNote(by Actor, action string, on Target, v Verdict, reason string) *note {
	e := h.entry(moment{Node: h.clock.node()}, by, "authz", action)
	e.Outcome = audit.OutcomeDenied
	e.Resource = audit.Given(on.Scope)
	e.Reason = audit.Given(ErrDenied.Code)
	judged(&e, v)
	n := &note{stream: "authz/default/" + h.opts.Node, draft: draft{entry: e}}
	if action == ActionAuthenticate {
		n.stream = "authn/default/" + h.opts.Node
		n.entry.Category = "authn"
	}
	n.private = []byte(canon.Object(map[string]canon.JSON{"reason": canon.String(reason)}))
	return n
}

// flushRefusals writes how many refusals were only counted.
func (h *Host) flushRefusals(all bool) {
	for _, t := range h.refusals.over(h.clock.node(), all) {
		v := Verdict{Policy: h.authorizer.Version()}
		n := h.refusalNote(t.by, t.key.action, Target{Scope: t.key.scope}, v, t.key.reason)
		n.entry.Reason = audit.Given(fmt.Sprintf("%s, %d more times", ErrDenied.Code, t.number))
		n.tally = &t
		h.queueRefusal(n)
	}
}
