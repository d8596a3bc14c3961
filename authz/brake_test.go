package authz

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestBrake(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var b brake
	try := func(name, address string) bool { return b.take(brakeKey{name, address}, now) == nil }

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
	if err := b.check(brakeKey{"ann", "10.0.0.1"}, now); !errors.Is(err, ErrThrottled) || !strings.Contains(err.Error(), "in 40 seconds") {
		t.Errorf("%v, want a wait of 40 seconds", err)
	}
	now = now.Add(40 * time.Second)
	if err := b.check(brakeKey{"ann", "10.0.0.1"}, now); err != nil {
		t.Errorf("after a minute still %v", err)
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
		if b.take(brakeKey{"ann", fmt.Sprintf("10.0.0.%d", i)}, now) == nil {
			heard++
		}
	}
	if heard != brakeName {
		t.Errorf("%d attempts from a hundred addresses were heard, want %d", heard, brakeName)
	}
}

// Whoever invents a name for each attempt is stopped by the address; others, and the same a minute later, are not.
func TestBrakeOfAnAddress(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var b brake
	var last error
	heard := 0
	for i := range 200 {
		err := b.take(brakeKey{fmt.Sprintf("u%d", i), "10.0.0.1"}, now)
		if err == nil {
			heard++
		} else {
			last = err
		}
	}
	if heard != brakeAddress || !errors.Is(last, ErrAddressThrottled) {
		t.Errorf("%d invented names were heard, want %d; then %v", heard, brakeAddress, last)
	}
	if err := b.check(brakeKey{"u1", "10.0.0.2"}, now); err != nil {
		t.Errorf("another address: %v", err)
	}
	if err := b.check(brakeKey{"ann", "10.0.0.1"}, now.Add(brakeWindow)); err != nil {
		t.Errorf("after a minute: %v", err)
	}
}

// Many who succeed behind one address are not in each other's way.
func TestBrakeOfAnAddressCountsNoSuccess(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var b brake
	for i := range 10 * brakeAddress {
		key := brakeKey{fmt.Sprintf("u%d", i), "10.0.0.1"}
		if err := b.take(key, now); err != nil {
			t.Fatalf("login %d: %v", i, err)
		}
		b.giveBack(key)
	}
}

func TestBrakeOrigin(t *testing.T) {
	for address, want := range map[string]string{
		"10.0.0.1": "10.0.0.1", "::ffff:10.0.0.1": "10.0.0.1",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "2001:db8:1:2:ffff::": "2001:db8:1:2::/64", "2001:db8:1:3::": "2001:db8:1:3::/64",
		"::1": "::/64", "fe80::1%eth0": "fe80::/64",
		"": "", "@": "@", "*": "*",
	} {
		if got := brakeOrigin(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}

func TestBrakeGivesBack(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var b brake
	key := brakeKey{"ann", "10.0.0.1"}
	for i := range 100 {
		if err := b.take(key, now); err != nil {
			t.Fatalf("attempt %d: %v", i, err)
		}
		b.giveBack(key)
	}
	b.giveBack(key) // more than was taken
	if n := len(b.counts); n != 0 {
		t.Errorf("%d counts of nothing are kept", n)
	}
	for range brakePair {
		b.take(key, now)
	}
	if b.check(key, now) == nil {
		t.Error("giving back makes room for failures")
	}
}

func TestBrakeIsBounded(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var b brake
	for i := range brakeMax {
		b.take(brakeKey{fmt.Sprintf("u%d", i), fmt.Sprintf("10.0.%d.%d", i>>8, i&255)}, now)
	}
	if n := len(b.counts); n > brakeMax || n < brakeMax/2 {
		t.Errorf("%d counts are kept", n)
	}
	now = now.Add(brakeWindow)
	b.take(brakeKey{"ann", "10.0.0.1"}, now)
	if n := len(b.counts); n > 3 {
		t.Errorf("%d counts are kept after they are over", n)
	}
}
