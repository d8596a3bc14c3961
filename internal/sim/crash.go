package sim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tallystick/engine"
	"tallystick/engine/enginetest"
	"tallystick/host"
	"tallystick/host/hosttest"
)

// Point is where a script is disturbed: the number of a write and what happens to it. The zero Second is none;
// it counts on from the first.
type Point struct {
	Write, Second int
	Fault, Then   Fault
}

// Replayed is what became of a script on a node.
type Replayed struct {
	Writes []op // those that changed something, in order; "" for the others
	Story  []string
	Trace  string
	Err    error
}

// Points are all single disturbances of the writes of a run without any.
func Points(writes []op) []Point {
	var all []Point
	for i, o := range writes {
		for _, f := range outcomes(o) {
			all = append(all, Point{Write: i + 1, Fault: f})
		}
	}
	return all
}

// outcomes are the ways in which a write can go wrong.
func outcomes(o op) []Fault {
	switch o {
	case "":
		return nil
	case opCommit:
		return []Fault{CrashBefore, CrashAfter, UnknownUnwritten, UnknownWritten, LateCommit}
	}
	return []Fault{CrashBefore, CrashAfter, FailBefore, UnknownWritten}
}

// Seconds are disturbances of the recovery from a point: another crash at one of the next writes.
func (p Point) Seconds() []Point {
	var all []Point
	for next := 1; next <= 3; next++ {
		for _, f := range []Fault{CrashBefore, CrashAfter} {
			all = append(all, Point{Write: p.Write, Fault: p.Fault, Second: next, Then: f})
		}
	}
	return all
}

// Replay carries out a script on a store in which its files are deployed, disturbed at a point.
func Replay(t *testing.T, from *hosttest.Store, s Script, p Point, keep bool) Replayed {
	var r Replayed
	synctest.Test(t, func(*testing.T) {
		if s.Turns != nil {
			r = replayTogether(from, s, p, keep)
		} else {
			r = replay(from, s, p, keep)
		}
	})
	return r
}

func replay(from *hosttest.Store, s Script, p Point, keep bool) Replayed {
	a := newStage(from, s, p, keep)
	w, n := a.world, a.world.nodes[0]
	w.begin(a.play)
	w.run(func() bool { return w.busy.Load() == 0 })
	w.heal()
	w.run(func() bool { return n.restart.IsZero() && w.flush() })
	w.end()
	r := a.replayed(keep)
	r.Story = w.story(a.instance)
	if n := len(w.store.Instances()); r.Err == nil && n != 1 {
		r.Err = fmt.Errorf("there are %d instances", n)
	}
	return r
}

// newStage is a world of one node with somebody who plays the script.
func newStage(from *hosttest.Store, s Script, p Point, keep bool) *actors {
	time.Sleep(time.Until(s.Steps[0].At))
	w := newWorld(from, uint64(p.Write), &Tally{}, keep)
	w.calm, w.down, w.points = true, 2*time.Second, map[int]Fault{}
	if p.Write > 0 {
		w.points[p.Write] = p.Fault
	}
	if p.Second > 0 {
		w.points[p.Write+p.Second] = p.Then
	}
	n := &node{
		world: w, name: "n0", clock: newClock(), draw: rand.New(rand.NewPCG(1, 1)),
		tune: tuning{poll: s.poll(), lock: time.Second, lanes: 1},
	}
	w.nodes = []*node{n}
	n.start()
	return &actors{client: w.client("c", ""), script: s}
}

// replayed is what came of it, now that everything has stopped.
func (a *actors) replayed(keep bool) Replayed {
	w := a.world
	r := Replayed{Writes: w.made}
	for i := range r.Writes {
		if w.idle[i+1] {
			r.Writes[i] = ""
		}
	}
	if keep {
		r.Trace = w.trace.lines.String()
	}
	r.Err = errors.Join(w.problem, a.err, w.store.Verify(), w.store.VerifyPunctual(), w.ledger.check(w.store))
	return r
}

// story is what the log says of an instance.
func (w *world) story(instance int64) []string {
	var lines []string
	for _, e := range w.store.Entries() {
		if e.Entry.Instance == nil || *e.Entry.Instance != instance {
			continue
		}
		records, err := host.RecordsOf(e.Private)
		if err != nil {
			return append(lines, err.Error())
		}
		lines = append(lines, storyOf(records)...)
	}
	return lines
}

// actors do what the script says, with the patience of a program that knows its idempotency keys.
type actors struct {
	*client
	script   Script
	instance int64
	err      error
}

func (a *actors) play() {
	began := a.script.Steps[0].At
	for i, step := range a.script.Steps {
		if wait := step.At.Sub(began) - time.Since(began); wait > 0 {
			time.Sleep(wait)
		}
		err := a.deployBefore(i)
		if cmd, fires := at(step.Command, a.instance).(engine.FireTimer); fires && err == nil {
			err = a.await(cmd)
		} else if err == nil {
			err = a.carry(i, step)
		}
		if err != nil {
			a.err = fmt.Errorf("step %d, %s: %w", i+1, step.Command.Name(), err)
			return
		}
	}
}

// deployBefore deploys what the script deploys before a step.
func (a *actors) deployBefore(step int) error {
	files := a.script.Later[step]
	if len(files) == 0 {
		return nil
	}
	return a.deploy(fmt.Sprintf("deploy-%d", step), files)
}

func (a *actors) deploy(key string, files []host.Resource) (err error) {
	for range insistence {
		a.move("deploy")
		h, w := a.world.nodes[0].reach()
		ctx, cancel := a.patient()
		_, _, err = h.Deploy(ctx, admin, key, files)
		cancel()
		if err == nil && !w.cut.Load() {
			return nil
		}
		if !w.cut.Load() && final(err) {
			return err
		}
		time.Sleep(a.about(100 * time.Millisecond))
	}
	return err
}

// await lets time pass until a timer has fired.
func (a *actors) await(cmd engine.FireTimer) error {
	for range 1000 {
		st, _ := a.world.store.State(a.instance)
		if !slices.ContainsFunc(st.Timers(), func(t engine.Timer) bool { return t.Key == cmd.Timer }) {
			return nil
		}
		time.Sleep(a.about(max(time.Second, a.script.poll()/4)))
	}
	return errors.New("the timer does not fire")
}

// insistence is how often a command is repeated.
const insistence = 40

// carry gives a command until it is answered for good.
func (a *actors) carry(number int, step enginetest.Step) error {
	call := host.Call{Key: fmt.Sprintf("%d", number), Command: at(step.Command, a.instance)}
	if cmd, ok := call.Command.(engine.MigrateInstance); ok {
		cmd.Definition = a.target(step)
		call.Command = cmd
	}
	if _, ok := step.Command.(engine.StartInstance); ok {
		call.Process = host.ProcessRef{ID: processOf(step)}
	} else {
		call.Instance = a.instance
	}
	by := actor(step.Actor)
	call.Lease = a.lease(call.Command, by)
	var err error
	for range insistence {
		a.move(call.Command.Name())
		var r host.Receipt
		if r, err = a.once(a.world.nodes[0], by, call, a.about(time.Minute)); err == nil {
			a.instance = r.Instance
			return nil
		}
		if errors.Is(err, host.ErrLease) {
			call.Lease = 0
		} else if final(err) {
			return err
		}
		time.Sleep(a.about(100 * time.Millisecond))
	}
	return err
}

// target is the deployed definition by which an instance goes on in a step.
func (a *actors) target(step enginetest.Step) int64 {
	c, err := a.world.store.Catalog(context.Background())
	for _, r := range step.Records {
		m, ok := r.(engine.InstanceMigrated)
		for _, d := range c.Processes {
			if ok && err == nil && d.ID == m.ProcessID && d.Version == m.Version {
				return d.Key
			}
		}
	}
	return 0
}

// lease locks the job that a worker outside ends, as workers do; without the job it goes without.
func (a *actors) lease(cmd engine.Command, by host.Actor) int64 {
	job := jobOf(cmd)
	st, _ := a.world.store.State(a.instance)
	open, there := st.Job(job)
	if !there || by.Kind == "system" {
		return 0
	}
	a.move("activate")
	for _, j := range a.fetch(a.world.nodes[0], host.Activation{
		Type: open.Type, Worker: a.name, Max: 1, Timeout: time.Second,
	}) {
		if j.Key == job {
			return j.Lease
		}
	}
	return 0
}
