package sim

import (
	"strings"
	"testing"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/host/hosttest"
)

// TestLedgerFindsWhatIsPlanted tells clients what the log does not bear out.
func TestLedgerFindsWhatIsPlanted(t *testing.T) {
	finish := host.Call{Key: "k", Lease: 1, Command: engine.CompleteJob{Job: 7}}
	for name, c := range map[string]struct {
		plant func(*ledger)
		found string
	}{
		"a call accepted that is not in the log": {func(l *ledger) { l.accept(ann, finish, 0, 0, host.Receipt{CommandID: "x"}) }, "not in the log"},
		"a call accepted and then refused": {func(l *ledger) {
			l.accept(ann, finish, 0, 0, host.Receipt{CommandID: "x"})
			l.refuse(ann, finish, engine.ErrJobNotFound)
		}, "then refused"},
		"two answers to one command": {func(l *ledger) {
			l.accept(ann, finish, 0, 0, host.Receipt{CommandID: "x", Instance: 1})
			l.accept(ann, finish, 0, 0, host.Receipt{CommandID: "x", Instance: 2})
		}, "two ways"},
		"two results of one job": {func(l *ledger) {
			l.accept(ann, finish, 7, 0, host.Receipt{CommandID: "x"})
			l.accept(ann, finish, 7, 0, host.Receipt{CommandID: "y"})
		}, "two results"},
		"a result under an old lease": {func(l *ledger) { l.accept(ann, finish, 7, 2, host.Receipt{CommandID: "x"}) }, "lease 2 before"},
		"one lease for two": {func(l *ledger) {
			l.hear(host.Job{Key: 7, Lease: 1})
			l.hear(host.Job{Key: 7, Lease: 1})
		}, "after lease"},
		"a request accepted that is not in the log": {func(l *ledger) { l.request(finish, host.Receipt{}, nil) }, "0 times"},
		"a key used for something else":             {func(l *ledger) { l.reused(finish, nil) }, "something else"},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLedger()
			c.plant(l)
			if err := l.check(hosttest.New()); err == nil || !strings.Contains(err.Error(), c.found) {
				t.Errorf("found %v", err)
			}
		})
	}
	if err := newLedger().check(hosttest.New()); err != nil {
		t.Error(err)
	}
}
