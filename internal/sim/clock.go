package sim

import (
	"sync"
	"time"
	"unsafe"
)

// clock is the clock of a node: its wall time may jump, its pace may drift.
type clock struct {
	mu     sync.Mutex
	since  time.Time // of the drift
	gained time.Duration
	ppm    int
	offset time.Duration
}

func newClock() *clock { return &clock{since: time.Now()} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	return shiftWall(metered.Add(now.Sub(epoch)+c.gain(now)), c.offset)
}

// metered has a monotonic reading, which the times of a bubble lack. Its wall time does not matter: nodes go by
// the clock of the store.
var metered = time.Now()

func (c *clock) gain(now time.Time) time.Duration {
	return c.gained + now.Sub(c.since)*time.Duration(c.ppm)/1_000_000
}

// jump moves the wall time.
func (c *clock) jump(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += d
}

// drift changes the pace, by so many parts of a million.
func (c *clock) drift(ppm int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	c.gained, c.since, c.ppm = c.gain(now), now, ppm
}

// shiftWall moves the wall time of t by whole seconds and leaves its monotonic reading alone, as an operator
// or a time server does. Package time has no way to make such a value; TestShiftWall notices when its inside
// changes.
func shiftWall(t time.Time, d time.Duration) time.Time {
	const monotonic, second = 1 << 63, 1 << 30
	wall := (*uint64)(unsafe.Pointer(&t)) //nolint:gosec // the only way to a wall time that has jumped
	if *wall&monotonic == 0 {
		panic("sim: a time without a monotonic reading cannot jump")
	}
	*wall += uint64(d/time.Second) * second
	return t
}
