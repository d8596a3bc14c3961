package sim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tallystick/engine"
	"tallystick/engine/enginetest"
	"tallystick/host"
	"tallystick/host/hosttest"
)

// replayTogether carries out a script of several instances. What a host does by itself is left to it: before each
// turn it gets the time to do so.
func replayTogether(from *hosttest.Store, s Script, p Point, keep bool) Replayed {
	a := newStage(from, s, p, keep)
	w, n := a.world, a.world.nodes[0]
	w.begin(a.playTurns)
	w.run(func() bool { return w.busy.Load() == 0 })
	w.heal()
	w.run(func() bool { return n.restart.IsZero() && w.flush() })
	w.begin(func() { _ = a.settle() })
	w.run(func() bool { return w.busy.Load() == 0 })
	w.end()
	r := a.replayed(keep)
	r.Err = errors.Join(r.Err, w.store.VerifyQuiet())
	r.Story = w.stories()
	return r
}

// stories are those of all instances, in an order that does not depend on who came first: errands about different
// things have none.
func (w *world) stories() []string {
	var all []string
	for _, key := range w.store.Instances() {
		all = append(all, storyLine(w.story(key)))
	}
	slices.Sort(all)
	return all
}

// storyLine is the story of an instance with its lines in order.
func storyLine(lines []string) string {
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// stories are those of the instances of the script.
func (s Script) stories() []string {
	lines := map[int64][]string{}
	for _, step := range s.Steps {
		lines[step.Instance] = append(lines[step.Instance], storyOf(step.Records)...)
	}
	var all []string
	for _, l := range lines {
		all = append(all, storyLine(l))
	}
	slices.Sort(all)
	return all
}

func (a *actors) playTurns() {
	for i, turn := range a.script.Turns {
		if wait := time.Until(turn.At); wait > 0 {
			time.Sleep(wait)
		}
		if err := a.turn(i, turn); err != nil {
			a.err = fmt.Errorf("turn %d: %w", i+1, err)
			return
		}
	}
}

func (a *actors) turn(i int, turn Turn) error {
	if err := a.settle(); err != nil {
		return err
	}
	switch {
	case turn.Sent != nil:
		return a.sendOut(i, *turn.Sent)
	case turn.Step == nil:
		return a.deploy(fmt.Sprintf("deploy-%d", i), []host.Resource{turn.File})
	}
	step := *turn.Step
	start, starts := step.Command.(engine.StartInstance)
	switch {
	case step.Errand && starts && start.Caller == nil: // by a timer, which is no errand that one could wait for
		return a.begun(step.Instance)
	case step.Errand:
		return nil
	case starts:
		return a.carry(i, step)
	}
	key, err := a.double(step.Instance)
	if err != nil {
		return err
	}
	a.instance = key
	if cmd, fires := at(step.Command, key).(engine.FireTimer); fires {
		return a.await(cmd)
	}
	return a.carry(i, step)
}

// begun lets time pass until the host has started an instance by itself.
func (a *actors) begun(key int64) (err error) {
	for range 1000 {
		if _, err = a.double(key); err == nil {
			return nil
		}
		time.Sleep(a.about(max(100*time.Millisecond, a.script.poll()/100)))
	}
	return err
}

// settle waits until no errand is left.
func (a *actors) settle() error {
	for range 1000 {
		if len(a.world.store.Pending()) == 0 {
			return nil
		}
		time.Sleep(a.about(max(100*time.Millisecond, a.script.poll()/100)))
	}
	return errors.New("errands are left")
}

// sendOut sends something, always under the same idempotency key, until that is answered for good.
func (a *actors) sendOut(number int, s enginetest.Sent) error {
	key := fmt.Sprintf("send-%d", number)
	group := key
	if s.What == "condition" { // its entries in the log are those of the instances that it starts
		group = ""
	}
	var err error
	for range insistence {
		_, err = a.sendTo(group, func(ctx context.Context, h *host.Host, id string) error { return sendOnce(ctx, h, s, key, id) })
		if err == nil || errors.Is(err, host.ErrMessageDuplicate) {
			return nil
		}
		if final(err) {
			return err
		}
		time.Sleep(a.about(time.Second))
	}
	return err
}

// sendOnce publishes a message, broadcasts a signal or has conditions evaluated.
func sendOnce(ctx context.Context, h *host.Host, s enginetest.Sent, key, id string) (err error) {
	switch s.What {
	case "signal":
		_, err = h.Broadcast(ctx, admin, host.Signal{Key: key, Name: s.Name, Variables: s.Variables, RequestID: id})
	case "condition":
		_, err = h.EvaluateConditions(ctx, admin, host.Conditions{Key: key, Variables: s.Variables})
	default:
		_, err = h.Publish(ctx, admin, host.Publication{
			Key: key, Name: s.Name, CorrelationKey: s.Key, ID: s.ID, TimeToLive: s.TTL, Variables: s.Variables, RequestID: id,
		})
	}
	return err
}

// sendTo asks a node once; the ledger counts the requests of one group, unless it has no name, as one.
func (a *actors) sendTo(group string, ask func(context.Context, *host.Host, string) error) (int64, error) {
	a.move("send")
	ctx, cancel := a.patient()
	defer cancel()
	h, w := a.world.nodes[0].reach()
	if w.cut.Load() {
		return 0, errGone
	}
	id := fmt.Sprintf("%s-%d", a.name, a.world.requests.Add(1))
	if group != "" {
		a.world.ledger.repeat(group, id)
	}
	err := ask(ctx, h, id)
	if w.cut.Load() {
		return 0, errGone
	}
	if group != "" {
		a.world.ledger.answered(id, group, err == nil, err)
	}
	return 0, err
}

// double finds the instance that plays the part of one of the script: the one that its caller called, or the one that
// started at the same place among those of its process.
func (a *actors) double(key int64) (int64, error) {
	var part engine.InstanceStarted
	place, places := 0, map[string]int{}
	for _, step := range a.script.Steps {
		r, starts := step.Records[0].(engine.InstanceStarted)
		if !starts {
			continue
		}
		group := fmt.Sprint(r.ProcessID, " ", r.Caller)
		if places[group]++; step.Instance == key {
			part, place = r, places[group]
			break
		}
	}
	if part.Caller != 0 {
		parent, err := a.double(engine.InstanceOf(part.Caller))
		if err != nil {
			return 0, err
		}
		part.Caller += parent - engine.InstanceOf(part.Caller)
	}
	for _, r := range a.world.started() {
		if r.ProcessID != part.ProcessID || r.Caller != part.Caller {
			continue
		}
		if place--; place == 0 {
			return r.Instance, nil
		}
	}
	return 0, fmt.Errorf("no instance plays the part of %d, of process %s", key, part.ProcessID)
}

// started lists how the instances began, in order of commit.
func (w *world) started() []engine.InstanceStarted {
	var all []engine.InstanceStarted
	for _, row := range w.store.Entries() {
		if row.Entry.Instance == nil {
			continue
		}
		records, err := host.RecordsOf(row.Private)
		if err != nil || len(records) == 0 {
			continue
		}
		if r, starts := records[0].(engine.InstanceStarted); starts {
			all = append(all, r)
		}
	}
	return all
}
