package hosttest

import (
	"strings"
	"testing"
	"time"

	"tallystick/engine"
	"tallystick/host"
)

const (
	caller = int64(5)<<24 + 9 // an element instance that called
	called = int64(7) << 24
)

// TestWatchFindsWhatIsPlanted lets a store take what no host may write.
func TestWatchFindsWhatIsPlanted(t *testing.T) {
	started := func(r engine.InstanceStarted) host.Event {
		return host.Event{Instance: called, ProcessID: "p", Record: r}
	}
	sent := engine.MessageRef{Key: 3, Name: "m", CorrelationKey: "k"}
	marked := []host.Correlation{{Message: sent, ProcessID: "p"}}
	for name, c := range map[string]struct {
		plant func(*Store)
		found string
	}{
		"an errand goes without its effect": {func(s *Store) {
			s.errands[called] = host.Errand{Key: called, Kind: host.ErrandReturn, About: caller}
			s.watchCommit(host.Batch{Done: []int64{called}, Events: []host.Event{{Instance: 5 << 24, Record: engine.VariableSet{}}}})
		}, "does something else"},
		"an instance is called without an errand": {func(s *Store) {
			s.watchCommit(host.Batch{Events: []host.Event{started(engine.InstanceStarted{Caller: caller})}})
		}, "no errand says so"},
		"a call is answered without an errand": {func(s *Store) {
			s.watchCommit(host.Batch{Events: []host.Event{{Record: engine.CallAnswered{ElementInstance: caller}}}})
		}, "no errand says so"},
		"a message enters without a mark": {func(s *Store) {
			s.watchCommit(host.Batch{Events: []host.Event{started(engine.InstanceStarted{Message: sent})}})
		}, "without a mark"},
		"a message enters twice": {func(s *Store) {
			for range 2 {
				s.watchCommit(host.Batch{Correlations: marked, Events: []host.Event{started(engine.InstanceStarted{Message: sent})}})
			}
		}, "entered process p twice"},
		"a key starts two at a time": {func(s *Store) {
			s.instances[called] = instance{}
			for key := int64(3); key < 5; key++ {
				m := engine.MessageRef{Key: key, CorrelationKey: "k"}
				s.watchCommit(host.Batch{
					Correlations: []host.Correlation{{Message: m, ProcessID: "p"}}, Events: []host.Event{started(engine.InstanceStarted{Message: m})},
				})
			}
		}, "was active"},
		"a timer starts nothing": {func(s *Store) {
			s.watchCommit(host.Batch{StartAlarms: []host.StartAlarm{{Key: 1}}})
		}, "nothing started"},
		"a timer starts without a next date": {func(s *Store) {
			s.starts[1] = host.StartEvent{Key: 1, Definition: 2, Element: "e", Alarm: engine.Alarm{Due: time.Now()}}
			s.watchCommit(host.Batch{Events: []host.Event{started(engine.InstanceStarted{Definition: 2, Start: "e"})}})
		}, "next date was not set"},
		"a timer starts early": {func(s *Store) {
			s.watchCommit(host.Batch{StartAlarms: []host.StartAlarm{{Key: 1, Before: time.Now().Add(time.Hour)}}})
		}, "early"},
		"a cancellation is dropped": {func(s *Store) {
			s.instances[called], s.called[caller] = instance{}, called
			s.watchDismissal([]host.Errand{{Kind: host.ErrandCancel, About: -caller}})
		}, "the cancellation"},
		"a release is dropped": {func(s *Store) {
			s.instances[called] = instance{}
			s.watchDismissal([]host.Errand{{Kind: host.ErrandRelease, About: called}})
		}, "was dropped"},
		"a signal is dropped": {func(s *Store) {
			s.subscriptions[4] = subscription{}
			s.watchDismissal([]host.Errand{{Kind: host.ErrandSignal, Payload: []byte(`{"subscription":4}`)}})
		}, "a signal for 4"},
		"a message is lost": {func(s *Store) {
			s.messages[3] = host.Message{Key: 3, Name: "m"}
			s.subscriptions[4] = subscription{Catcher: host.Catcher{Name: "m", Element: "wait"}, kind: engine.SubscribesMessage}
			s.watchDismissal(nil)
		}, "so does wait"},
		"a start is lost": {func(s *Store) {
			s.messages[3] = host.Message{Key: 3, Name: "m"}
			s.starts[1] = host.StartEvent{Name: "m", Element: "begin", Type: engine.SubscribesMessage}
			s.watchDismissal(nil)
		}, "the start event begin"},
		"an errand is left":  {func(s *Store) { s.errands[1] = host.Errand{Kind: "match"} }, "is left"},
		"a message is left":  {func(s *Store) { s.messages[1] = host.Message{Name: "m"} }, "was not to be kept"},
		"a lock is left":     {func(s *Store) { s.locks[lockName{"p", "k"}] = startLock{instance: called} }, "has ended"},
		"a caller has ended": {func(s *Store) { s.instances[called] = calledInstance(t) }, "was called by one that has ended"},
	} {
		t.Run(name, func(t *testing.T) {
			s := New()
			c.plant(s)
			err := s.VerifyQuiet()
			for _, found := range s.watch.found {
				t.Log(found)
				if err == nil || strings.Contains(found.Error(), c.found) {
					err = found
				}
			}
			if err == nil || !strings.Contains(err.Error(), c.found) {
				t.Errorf("found %v", err)
			}
		})
	}
	if err := New().VerifyQuiet(); err != nil {
		t.Error(err)
	}
}

// calledInstance is an instance that was called by one that is not there.
func calledInstance(t *testing.T) instance {
	t.Helper()
	st := engine.Replay([]engine.Record{engine.InstanceStarted{Instance: called, Definition: 1, Caller: caller}})
	state, err := st.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return instance{Stored: host.Stored{State: state}, status: string(engine.Active)}
}
