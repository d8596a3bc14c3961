package ordeal

import (
	"fmt"
	"slices"
	"time"
)

// Times are measured durations.
type Times []time.Duration

// String tells how many there are, their median, 99th percentile and maximum.
func (t Times) String() string {
	if len(t) == 0 {
		return "none"
	}
	s := slices.Sorted(slices.Values(t))
	at := func(percent int) time.Duration { return s[min(len(s)-1, len(s)*percent/100)].Round(time.Millisecond) }
	return fmt.Sprintf("%d, median %s, p99 %s, max %s", len(s), at(50), at(99), at(100))
}

// Above counts those longer than limit.
func (t Times) Above(limit time.Duration) int {
	n := 0
	for _, d := range t {
		if d > limit {
			n++
		}
	}
	return n
}
