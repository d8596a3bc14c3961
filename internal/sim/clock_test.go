package sim

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestShiftWall shows that a jump moves the wall time and no distance between two readings.
func TestShiftWall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClock()
		before := c.now()
		c.jump(-time.Hour)
		<-time.After(time.Second)
		after := c.now()
		if got := after.Sub(before); got != time.Second {
			t.Errorf("between the readings lies %v", got)
		}
		if got := after.Round(0).Sub(before.Round(0)); got != time.Second-time.Hour {
			t.Errorf("the wall time moved by %v", got)
		}
	})
}
