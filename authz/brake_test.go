package authz

import (
	"fmt"
	"testing"
	"time"
)

func TestBrake(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var b brake
	try := func(name, address string) bool { return b.take(brakeKey{name, address}, now) == 0 }

	for i := range brakePair {
		if !try("ann", "10.0.0.1") {
			t.Fatalf("attempt %d was not heard", i+1)
		}
	}
	if try("ann", "10.0.0.1") {
		t.Error("the sixth attempt was heard")
	}
	if !try("ann", "10.0.0.2") || !try("bob", "10.0.0.1") {
		t.Error("one name at one address stops others")
	}
	now = now.Add(20 * time.Second)
	if wait := b.wait(brakeKey{"ann", "10.0.0.1"}, now); wait != 40*time.Second {
		t.Errorf("wait %v, want 40s", wait)
	}
	now = now.Add(40 * time.Second)
	if wait := b.wait(brakeKey{"ann", "10.0.0.1"}, now); wait != 0 {
		t.Errorf("after a minute still %v", wait)
	}
	for range brakePair {
		try("ann", "10.0.0.1")
	}
	if try("ann", "10.0.0.1") {
		t.Error("the second minute has no limit")
	}
}

func TestBrakeOverAllAddresses(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var b brake
	heard := 0
	for i := range 100 {
		if b.take(brakeKey{"ann", fmt.Sprintf("10.0.0.%d", i)}, now) == 0 {
			heard++
		}
	}
	if heard != brakeName {
		t.Errorf("%d attempts from a hundred addresses were heard, want %d", heard, brakeName)
	}
}

func TestBrakeGivesBack(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var b brake
	key := brakeKey{"ann", "10.0.0.1"}
	for i := range 100 {
		if b.take(key, now) != 0 {
			t.Fatalf("attempt %d was not heard", i)
		}
		b.giveBack(key)
	}
	b.giveBack(key) // more than was taken
	for range brakePair {
		b.take(key, now)
	}
	if b.wait(key, now) == 0 {
		t.Error("giving back makes room for failures")
	}
}

func TestBrakeIsBounded(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var b brake
	for i := range brakeMax {
		b.take(brakeKey{fmt.Sprintf("u%d", i), "10.0.0.1"}, now)
	}
	if n := len(b.counts); n > brakeMax {
		t.Errorf("%d counts are kept", n)
	}
	now = now.Add(brakeWindow)
	b.take(brakeKey{"ann", "10.0.0.1"}, now)
	if n := len(b.counts); n > 2 {
		t.Errorf("%d counts are kept after they are over", n)
	}
}
