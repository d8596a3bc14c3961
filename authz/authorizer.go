package authz

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tallystick/host"
	"tallystick/query"
)

var _ host.Authorizer = (*Authorizer)(nil)

// Options configure an Authorizer. Everything is optional.
type Options struct {
	// Accounts finds users and tokens. Without it no password or token is accepted.
	Accounts Accounts
	// Extra are policy rows beside the built-in ones: {"p", subject, scope, action, effect} and
	// {"g", subject, role}.
	Extra [][]string
	// Rows reads further rows each time the policy version rises.
	Rows func(ctx context.Context) ([][]string, error)
	// Now is the clock of token expiry and of the brake on failed logins: time.Now.
	Now func() time.Time
}

// Authorizer decides what actors may do. It is safe for concurrent use.
type Authorizer struct {
	options Options
	current atomic.Pointer[snapshot]
	loading sync.Mutex // one Refresh at a time
}

// New returns an Authorizer with policy version 0; the host refreshes it. It fails with ErrRule when a row
// is malformed.
func New(o Options) (*Authorizer, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	a := &Authorizer{options: o}
	return a, a.load(context.Background(), 0)
}

func (a *Authorizer) load(ctx context.Context, version int64) error {
	rows := a.options.Extra
	if a.options.Rows != nil {
		more, err := a.options.Rows(ctx)
		if err != nil {
			return err
		}
		rows = append(rows[:len(rows):len(rows)], more...)
	}
	rules, err := readRows(rows)
	if err != nil {
		return err
	}
	n, err := newSnapshot(version, rules, a.options.Accounts)
	if err != nil {
		return ErrRule.With("the policy cannot be loaded: %v", err)
	}
	a.current.Store(n)
	return nil
}

// Refresh replaces the policy by that of a newer version; an older or equal version changes nothing. When
// it fails the policy in use stays, and so does its version, which no write can commit under any more.
func (a *Authorizer) Refresh(ctx context.Context, version int64) error {
	a.loading.Lock()
	defer a.loading.Unlock()
	if version <= a.Version() {
		return nil
	}
	return a.load(ctx, version)
}

// Version is the policy version in use.
func (a *Authorizer) Version() int64 { return a.current.Load().version }

// Known reports whether the action exists.
func (a *Authorizer) Known(act string) bool { return knownActions[act] }

// Allow decides one action on one target. What is not allowed is denied, and so is what cannot be decided.
func (a *Authorizer) Allow(by host.Actor, act string, on host.Target) host.Verdict {
	n := a.current.Load()
	v := host.Verdict{Policy: n.version}
	if !knownActions[act] {
		v.Reason = fmt.Sprintf("there is no action %q", act)
		return v
	}
	actor, problem := n.effective(by)
	if problem != "" {
		v.Reason = problem
		return v
	}
	d, related := n.allow(actor, act, on)
	v.Rules = d.rules
	switch {
	case d.err != nil:
		v.Reason = "the policy cannot be evaluated"
	case d.effect == forbidden:
		v.Reason = "a rule of the policy forbids it: " + strings.Join(d.rules, ", ")
	case d.effect != allowed:
		v.Reason = missing(actor, act, on.Scope)
	case !related:
		v.Reason = fmt.Sprintf("the task does not concern %s", actor.Ref())
	default:
		v.Allowed = true
	}
	return v
}

// Access tells what a list action may show to the actor; nothing when it cannot be decided.
func (a *Authorizer) Access(by host.Actor, act string) query.Access {
	n := a.current.Load()
	actor, problem := n.effective(by)
	if problem != "" || !knownActions[act] {
		return query.Access{}
	}
	return n.access(actor, act)
}

// allow decides by the rules and tells whether the relation rule, if there is one, holds.
func (n *snapshot) allow(a host.Actor, act string, on host.Target) (decision, bool) {
	subjects := subjectsOf(a)
	if act == host.ActionTaskRead && !n.access(a, act).Own {
		return n.decideAllTasks(subjects, on.Scope), true
	}
	d := n.decide(subjects, on.Scope, act)
	return d, d.effect != allowed || on.Concerns == nil || on.Concerns(a)
}

func missing(a host.Actor, act, scope string) string {
	if len(a.Roles) == 0 {
		return fmt.Sprintf("%s needs %s on %s and has no role", a.Ref(), act, scope)
	}
	return fmt.Sprintf("%s needs %s on %s; the roles %s do not hold it",
		a.Ref(), act, scope, strings.Join(a.Roles, ", "))
}
