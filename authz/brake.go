package authz

import (
	"sync"
	"time"
)

// How many failed logins a minute may see: of one user name from one address, and of one user name from
// everywhere. The second is wider, so that a stranger at one address cannot lock a user out.
const (
	brakeWindow = time.Minute
	brakePair   = 5
	brakeName   = 20
	brakeMax    = 1 << 16 // names and pairs that are remembered
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

// brakeEverywhere is the address of the count over all addresses; no real address looks like it.
const brakeEverywhere = "*"

// limits lists the counts that an attempt belongs to, with their limits.
func (k brakeKey) limits() map[brakeKey]int {
	return map[brakeKey]int{k: brakePair, {k.name, brakeEverywhere}: brakeName}
}

// wait is how long no attempt is heard; 0 when one is.
func (b *brake) wait(key brakeKey, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.longest(key, now)
}

// take counts an attempt unless none is heard.
func (b *brake) take(key brakeKey, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if wait := b.longest(key, now); wait > 0 {
		return wait
	}
	for k := range key.limits() {
		b.count(k, now).failed++
	}
	return 0
}

// giveBack takes back an attempt that was no failure.
func (b *brake) giveBack(key brakeKey) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for k := range key.limits() {
		if c := b.counts[k]; c != nil && c.failed > 0 {
			c.failed--
		}
	}
}

func (b *brake) longest(key brakeKey, now time.Time) time.Duration {
	var longest time.Duration
	for k, limit := range key.limits() {
		c := b.counts[k]
		if c == nil || c.failed < limit {
			continue
		}
		longest = max(longest, c.since.Add(brakeWindow).Sub(now))
	}
	return longest
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
