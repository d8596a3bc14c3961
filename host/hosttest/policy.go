package hosttest

import (
	"context"
	"slices"
	"sync/atomic"

	"tallystick/host"
	"tallystick/query"
)

var _ host.Authorizer = (*Policy)(nil)

// Policy is a host.Authorizer that decides by a function of the policy version. Without one everything is
// allowed. Unknown are actions that the policy does not know.
type Policy struct {
	Decide  func(version int64, by host.Actor, action, scope string) bool
	Unknown []string

	version atomic.Int64
}

// NewPolicy returns a policy at version 1, that of a new Store.
func NewPolicy(decide func(version int64, by host.Actor, action, scope string) bool) *Policy {
	p := &Policy{Decide: decide}
	p.version.Store(1)
	return p
}

// Allow implements host.Authorizer.
func (p *Policy) Allow(by host.Actor, action string, on host.Target) host.Verdict {
	v := host.Verdict{Policy: p.version.Load(), Rules: []string{"test"}}
	v.Allowed = p.Decide == nil || p.Decide(v.Policy, by, action, on.Scope)
	if v.Allowed && on.Concerns != nil && !on.Concerns(by) {
		v.Allowed, v.Reason = false, "it does not concern the actor"
	}
	return v
}

// Access implements host.Authorizer: all or nothing, by the scope "def:*".
func (p *Policy) Access(by host.Actor, action string) query.Access {
	return query.Access{All: p.Decide == nil || p.Decide(p.version.Load(), by, action, "def:*")}
}

// Refresh implements host.Authorizer.
func (p *Policy) Refresh(_ context.Context, version int64) error {
	for have := p.version.Load(); have < version; have = p.version.Load() {
		p.version.CompareAndSwap(have, version)
	}
	return nil
}

// Version implements host.Authorizer.
func (p *Policy) Version() int64 { return p.version.Load() }

// Known implements host.Authorizer.
func (p *Policy) Known(action string) bool { return !slices.Contains(p.Unknown, action) }
