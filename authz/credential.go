package authz

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"time"
)

// Passwords that were right are remembered for a minute, so that clients with Basic authentication do not pay
// argon2 for every request.
const (
	provenLife = time.Minute
	provenMax  = 10_000
)

// How many passwords are checked side by side: half of the cores, so that a flood of logins leaves the other half to
// the work; of a single core there is no half. And how many wait for each of them: the last one waits two or
// three seconds, less than clients do. Who comes later is told at once to come again.
const passwordQueue = 64

func passwordSlots(cores int) int { return max(1, cores/2) }

// credential is a keyed digest of user name and password: memory holds nothing to guess a password by
// without the key.
type credential [sha256.Size]byte

// proof says which hash a credential has matched. A changed password has another hash, and the hash of
// today comes with the accounts of the policy version, so that an old proof ends with the version.
type proof struct {
	hash  string
	until time.Time
}

// vault remembers proven credentials, and lets one of several equal attempts at a time do the work.
type vault struct {
	key     [32]byte
	slots   chan struct{} // bounds the memory and the cores of argon2
	places  chan struct{} // in a slot or in the queue for one
	mu      sync.Mutex
	proven  map[credential]proof
	pending map[credential]chan struct{}
}

func newVault(slots int) *vault {
	v := &vault{
		slots: make(chan struct{}, slots), places: make(chan struct{}, slots*(1+passwordQueue)),
		proven: map[credential]proof{}, pending: map[credential]chan struct{}{},
	}
	rand.Read(v.key[:]) // never fails (crypto/rand)
	return v
}

func (v *vault) credential(user, password string) credential {
	mac := hmac.New(sha256.New, v.key[:])
	var size [8]byte
	binary.BigEndian.PutUint64(size[:], uint64(len(user)))
	mac.Write(size[:])
	mac.Write([]byte(user))
	mac.Write([]byte(password))
	return credential(mac.Sum(nil))
}

// enter is true when the credential is proven for the hash. Otherwise the caller is the only one to try it
// until it leaves.
func (v *vault) enter(ctx context.Context, c credential, hash string, now time.Time) (bool, error) {
	for {
		v.mu.Lock()
		if p, ok := v.proven[c]; ok && p.hash == hash && now.Before(p.until) {
			v.mu.Unlock()
			return true, nil
		}
		busy := v.pending[c]
		if busy == nil {
			v.pending[c] = make(chan struct{})
			v.mu.Unlock()
			return false, nil
		}
		v.mu.Unlock()
		select {
		case <-busy:
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}

func (v *vault) leave(c credential) {
	v.mu.Lock()
	defer v.mu.Unlock()
	close(v.pending[c])
	delete(v.pending, c)
}

// work runs f when there is a slot for it. It refuses with ErrBusy when the queue for one is full.
func (v *vault) work(ctx context.Context, f func()) error {
	select {
	case v.places <- struct{}{}:
	default:
		return ErrBusy
	}
	defer func() { <-v.places }()
	select {
	case v.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-v.slots }()
	f()
	return nil
}

func (v *vault) prove(c credential, hash string, now time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.proven) >= provenMax {
		clear(v.proven)
	}
	v.proven[c] = proof{hash, now.Add(provenLife)}
}
