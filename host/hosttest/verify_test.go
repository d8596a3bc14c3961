package hosttest

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tallystick/engine"
	"tallystick/engine/enginetest"
	"tallystick/host"
	"tallystick/internal/canon"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const story = `process order
start -> split
split: and
split -> review -> join
split -> ship -> join
join: and
join -> end
review: user users=ann
ship: service type=ext
late: timer on=review after=PT1H keep
late -> nudge -> nudged
nudge: service type=ext
nudged: end`

// sound returns a store with two instances, one of them half done, in which everything is as it should be.
func sound(t *testing.T) *Store {
	t.Helper()
	xml, err := enginetest.FlowXML(story)
	if err != nil {
		t.Fatal(err)
	}
	s := New()
	synctest.Test(t, func(t *testing.T) {
		h, err := host.New(host.Options{
			Store: s, Jobs: s, Library: s, Authorizer: NewPolicy(nil), Node: "n", Origin: Origin,
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- h.Run(ctx) }()
		if _, _, err := h.Deploy(ctx, ann, "d", []host.Resource{{Name: "order.bpmn", Data: xml}}); err != nil {
			t.Error(err)
		}
		for _, key := range []string{"a", "b"} {
			r, err := h.Do(ctx, ann, host.Call{
				Key: key, Process: host.ProcessRef{ID: "order"},
				Command: engine.StartInstance{Variables: engine.Variables{"n": canon.Int(1)}},
			})
			if err != nil {
				t.Fatal(err)
			}
			<-time.After(61 * time.Minute)
			st, _ := s.State(r.Instance)
			for _, j := range st.Jobs() {
				_, err = h.Do(ctx, ann, host.Call{Key: key + j.Element, Command: engine.CompleteJob{Job: j.Key}})
				if err != nil {
					t.Error(err)
				}
			}
			if key == "a" {
				_, err = h.Do(ctx, ann, host.Call{Command: engine.CompleteTask{Task: st.Tasks()[0].Key}})
			} else {
				_, err = h.Do(ctx, ann, host.Call{Command: engine.SetVariables{Scope: r.Instance, Variables: engine.Variables{"n": canon.Int(2)}}})
			}
			if err != nil {
				t.Error(err)
			}
		}
		last, err := h.Do(ctx, ann, host.Call{Process: host.ProcessRef{ID: "order"}, Command: engine.StartInstance{}})
		if err != nil || last.Status != string(engine.Active) {
			t.Errorf("%+v, %v", last, err)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	if err := s.Verify(); err != nil {
		t.Fatal(err)
	}
	return s
}

var ann = host.Actor{Kind: "user", Name: "ann", Method: "basic"}

// TestVerifyFindsWhatIsPlanted breaks each invariant in a copy of a sound store.
func TestVerifyFindsWhatIsPlanted(t *testing.T) {
	s := sound(t)
	for name, c := range map[string]struct {
		plant func(*Store)
		found string
	}{
		"an entry was changed":        {func(s *Store) { s.entries[3].Entry.Actor = "user:eve" }, "entry.altered"},
		"an entry is missing":         {func(s *Store) { s.entries = slices.Delete(s.entries, 2, 3) }, "stream.gap"},
		"the end of the log is gone":  {func(s *Store) { s.entries = s.entries[:len(s.entries)-1] }, "is not what its log says"},
		"a head is another":           {func(s *Store) { moveHead(s) }, "its head says"},
		"a state is not what was":     {func(s *Store) { changeState(s) }, "is not what its log says"},
		"an instance is lost":         {func(s *Store) { delete(s.instances, s.Active()[0]) }, "in the log and not in the store"},
		"the list says another state": {func(s *Store) { s.change(func(i *instance) { i.status = "COMPLETED" }) }, "is listed as"},
		"an event is lost":            {func(s *Store) { s.journal = slices.Delete(s.journal, 4, 5) }, "projections were told"},
		"an event came twice":         {func(s *Store) { s.journal = append(s.journal, s.journal[4]) }, "projections were told"},
		"a job row is lost":           {func(s *Store) { deleteOne(s.jobs) }, "has no row"},
		"a job row has no owner":      {func(s *Store) { s.jobs[77] = &job{Job: host.Job{Key: 77, Instance: 5}} }, "has no owner"},
		"a job row has more retries":  {func(s *Store) { one(s.jobs).Retries = 9 }, "retries"},
		"a timer row is lost":         {func(s *Store) { deleteOne(s.timers) }, "has no row"},
		"a timer row has no owner":    {func(s *Store) { s.timers[78] = host.DueTimer{Timer: 78} }, "has no owner"},
		"a claim has no owner":        {func(s *Store) { s.claims[79] = time.Time{} }, "has no owner"},
		"an outcome has no entry":     {func(s *Store) { s.commands["x"] = kept(s) }, "outcomes are kept"},
		"an outcome is lost":          {func(s *Store) { lose(s) }, "outcomes are kept"},
	} {
		t.Run(name, func(t *testing.T) {
			bad := s.Clone()
			c.plant(bad)
			if err := bad.Verify(); err == nil || !strings.Contains(err.Error(), c.found) {
				t.Errorf("found %v", err)
			}
		})
	}
	if err := s.Verify(); err != nil {
		t.Errorf("the copies were not copies: %v", err)
	}
}

// TestVerifyOfRecords breaks what only records can break.
func TestVerifyOfRecords(t *testing.T) {
	activated := engine.ElementActivated{Key: 2, Element: "a", Scope: 1}
	for name, c := range map[string]struct {
		records []engine.Record
		found   string
	}{
		"a token from nowhere":    {[]engine.Record{engine.ElementActivated{Key: 2, Element: "a", Scope: 1, Via: []string{"f"}}}, "not there"},
		"a token is lost":         {[]engine.Record{engine.FlowTaken{Flow: "f", Scope: 1}}, "lost"},
		"an element is lost":      {[]engine.Record{activated}, "neither ended"},
		"an element ends twice":   {[]engine.Record{activated, engine.ElementCompleted{Key: 2, Element: "a"}, engine.ElementCompleted{Key: 2, Element: "a"}}, "was not active"},
		"a scope ends with token": {[]engine.Record{activated, engine.FlowTaken{Flow: "f", Scope: 2}, engine.ElementCompleted{Key: 2, Element: "a"}}, "with 1 tokens"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := verifyTokens(1, engine.State{}, []byte("{}"), c.records); err == nil || !strings.Contains(err.Error(), c.found) {
				t.Errorf("found %v", err)
			}
		})
	}
	twice := []engine.Record{engine.JobCompleted{Key: 3}, engine.JobCanceled{Key: 3}}
	if err := verifyOnce(twice, nil); err == nil {
		t.Error("a job that ended twice was not found")
	}
}

func TestVerifyFindsTimersThatFiredEarly(t *testing.T) {
	s := New()
	due := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	armed := host.Event{Instance: 1, At: due, Record: engine.TimerArmed{Key: 5, Element: "t", Due: due}}
	fired := host.Event{Instance: 1, At: due.Add(-time.Second), Record: engine.TimerFired{Key: 5, Element: "t"}}
	s.journal = []written{{armed, due}, {fired, due}}
	if err := verifyOnce(nil, s.journal); err == nil || !strings.Contains(err.Error(), "1s before") {
		t.Errorf("by its own word: %v", err)
	}
	if err := s.VerifyPunctual(); err != nil {
		t.Errorf("by the store: %v", err)
	}
	s.journal[1].at = due.Add(-time.Minute)
	if err := s.VerifyPunctual(); err == nil || !strings.Contains(err.Error(), "1m0s before") {
		t.Errorf("by the store: %v", err)
	}
}

func TestVerifyFindsAnInstanceThatWaitsForNothing(t *testing.T) {
	st := engine.Replay([]engine.Record{engine.InstanceStarted{Instance: engine.InstanceKey(1), Definition: 1}})
	if err := New().verifyProgress(st); err == nil {
		t.Error("it was not found")
	}
}

func (s *Store) change(f func(*instance)) {
	key := s.Active()[0]
	i := s.instances[key]
	f(&i)
	s.instances[key] = i
}

func changeState(s *Store) {
	s.change(func(i *instance) { i.State = []byte(strings.Replace(string(i.State), `"last":`, `"last":1`, 1)) })
}

func moveHead(s *Store) {
	h := s.heads["def/default"]
	h.Seq++
	s.heads["def/default"] = h
}

func kept(s *Store) host.Outcome {
	for _, id := range slices.Sorted(maps.Keys(s.commands)) {
		if o := s.commands[id]; strings.Contains(string(o.Receipt), `"instance"`) {
			return o
		}
	}
	return host.Outcome{}
}

// lose forgets the outcome of a command of an instance.
func lose(s *Store) {
	for id, o := range s.commands {
		if string(o.Receipt) == string(kept(s).Receipt) {
			delete(s.commands, id)
			return
		}
	}
}

func one[V any](rows map[int64]V) V { return rows[slices.Sorted(maps.Keys(rows))[0]] }

func deleteOne[V any](rows map[int64]V) { delete(rows, slices.Sorted(maps.Keys(rows))[0]) }
