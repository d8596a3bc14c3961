package authz

import (
	"math"
	"net/netip"
	"sync"
	"time"

	"tallystick/fault"
)

// How many failed logins a minute may see. Each limit has its own reason:
//
//   - of one user name from one address: that is a person with a wrong password, or somebody who guesses it.
//   - of one user name from everywhere: wider, so that a stranger at one address cannot lock a user out.
//   - of whatever names from one address: each failure costs an argon2 computation, and invented names are as many as
//     somebody likes. A whole office, or everybody behind one proxy, is one address, so the limit is that of a dozen
//     programs with a wrong password, each of which the first limit stops at five. Logins that succeed do not count.
const (
	brakeWindow  = time.Minute
	brakePair    = 5
	brakeName    = 20
	brakeAddress = 60
	brakeMax     = 1 << 16 // counts that are remembered
)

// brake counts failed logins. An attempt is counted before the password is looked at and taken back when it
// was right: attempts side by side cannot slip through.
type brake struct {
	mu     sync.Mutex
	counts map[brakeKey]*brakeCount
}

// brakeKey is a user name at an address.
type brakeKey struct{ name, address string }

type brakeCount struct {
	failed int
	since  time.Time
}

// brakeAll is the address of the count over all addresses, and the name of the count over all names; no real
// address or name looks like it.
const brakeAll = "*"

// brakeLimit is a count that an attempt belongs to.
type brakeLimit struct {
	key     brakeKey
	failed  int
	refusal *fault.Error
}

func (k brakeKey) limits() [3]brakeLimit {
	return [3]brakeLimit{
		{k, brakePair, ErrThrottled},
		{brakeKey{k.name, brakeAll}, brakeName, ErrThrottled},
		{brakeKey{brakeAll, k.address}, brakeAddress, ErrAddressThrottled},
	}
}

// brakeOrigin is what counts as one address: of IPv6 the network, because everybody has 2^64 addresses in theirs.
func brakeOrigin(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	a = a.WithZone("").Unmap()
	if a.Is4() {
		return a.String()
	}
	return netip.PrefixFrom(a, 64).Masked().String()
}

// check refuses an attempt that is not heard, and says for how long.
func (b *brake) check(key brakeKey, now time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.refusal(key, now)
}

// take counts an attempt unless it is refused.
func (b *brake) take(key brakeKey, now time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.refusal(key, now); err != nil {
		return err
	}
	for _, l := range key.limits() {
		b.count(l.key, now).failed++
	}
	return nil
}

// giveBack takes back an attempt that was no failure. A count of nothing is forgotten: attempts that cost nothing
// must not fill the memory.
func (b *brake) giveBack(key brakeKey) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range key.limits() {
		c := b.counts[l.key]
		if c == nil {
			continue
		}
		if c.failed--; c.failed <= 0 {
			delete(b.counts, l.key)
		}
	}
}

// refusal is that of the longest wait.
func (b *brake) refusal(key brakeKey, now time.Time) error {
	var longest time.Duration
	var refusal error
	for _, l := range key.limits() {
		c := b.counts[l.key]
		if c == nil || c.failed < l.failed {
			continue
		}
		if wait := c.since.Add(brakeWindow).Sub(now); wait > longest {
			longest = wait
			refusal = l.refusal.With("%s in %.0f seconds", l.refusal.Message, math.Ceil(wait.Seconds()))
		}
	}
	return refusal
}

func (b *brake) count(key brakeKey, now time.Time) *brakeCount {
	if b.counts == nil {
		b.counts = map[brakeKey]*brakeCount{}
	}
	c := b.counts[key]
	if c != nil && now.Sub(c.since) < brakeWindow {
		return c
	}
	if c == nil && len(b.counts) >= brakeMax {
		b.makeRoom(now)
	}
	c = &brakeCount{since: now}
	b.counts[key] = c
	return c
}

// makeRoom forgets what is over and, when that is not enough, an eighth of the rest, whichever comes: filling
// the memory takes tens of thousands of argon2 computations in a minute, so nobody pushes a count out in time.
func (b *brake) makeRoom(now time.Time) {
	for key, c := range b.counts {
		if now.Sub(c.since) >= brakeWindow {
			delete(b.counts, key)
		}
	}
	for key := range b.counts {
		if len(b.counts) <= brakeMax-brakeMax/8 {
			return
		}
		delete(b.counts, key)
	}
}
