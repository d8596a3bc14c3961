package host

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/internal/canon"
)

// Signal asks for a broadcast.
type Signal struct {
	// Key and Digest are those of a Call.
	Key    string
	Digest [32]byte

	Name      string
	Variables engine.Variables
	Reason    string // goes, as RequestID does, to the audit entry
	RequestID string
}

// signalBytesMax bounds what one broadcast writes: each who catches it is given the variables.
const signalBytesMax = 64 << 20

// signalTo is the errand of one delivery.
type signalTo struct {
	Subscription int64      `json:"subscription,omitempty"`
	Instance     int64      `json:"instance,omitempty"`
	Definition   int64      `json:"definition,omitempty"`
	Element      string     `json:"element,omitempty"`
	Part         int        `json:"part,omitempty"`
	Variables    canon.JSON `json:"variables"`
}

func signalOf(c Catcher, vars canon.JSON) signalTo {
	return signalTo{c.Subscription, c.Instance, c.Definition, c.Element, c.Part, vars}
}

// Broadcast broadcasts a signal and returns its key: to the subscriptions and start events that there are at
// this moment, in processes on which the actor may broadcast; others do not hear it. Each hears it in a
// transaction of its own, after the answer. A request that is repeated with its key gets the answer of the first one.
func (h *Host) Broadcast(ctx context.Context, by Actor, s Signal) (int64, error) {
	if s.Name == "" || len(s.Name) > messageTextMax {
		return 0, ErrSignal.With("a signal needs a name of at most %d bytes", messageTextMax)
	}
	if err := checkVariables(s.Variables, ErrSignal); err != nil {
		return 0, err
	}
	if err := h.mayAct(ctx, by, ActionSignalBroadcast, Target{Scope: "sig:" + s.Name}); err != nil {
		return 0, err
	}
	var key int64
	err := h.again(func() (err error) {
		key, err = h.broadcast(ctx, by, s)
		return err
	})
	return key, err
}

// broadcast is one attempt; errRepeated when another request with the same key was faster.
func (h *Host) broadcast(ctx context.Context, by Actor, s Signal) (int64, error) {
	a := &broadcast{host: h, by: by, of: s, repeats: repeatsOf(by, s.Key, s.Digest)}
	var first broadcasted
	if done, err := a.repeats.recall(ctx, h, &first); done || err != nil {
		return first.Signal, err
	}
	var err error
	a.catchers, err = ask1(ctx, h, func(ctx context.Context) ([]Catcher, error) {
		return h.store.SignalCatchers(ctx, []string{s.Name})
	})
	if err != nil {
		return 0, err
	}
	a.catchers = alone(a.catchers)
	for range 1 + len(a.catchers) {
		key, err := h.sequences.draw(ctx)
		if err != nil {
			return 0, err
		}
		a.keys = append(a.keys, key)
	}
	return a.keys[0], h.perform(ctx, by, s.Key, a)
}

// broadcast is the act of broadcasting. Its keys are that of the signal, then one for each catcher.
type broadcast struct {
	host     *Host
	by       Actor
	of       Signal
	catchers []Catcher
	keys     []int64
	repeats  repeats

	beaten  error
	errands []Errand
	command []CommandRow
}

// broadcasted is what a repetition is answered from.
type broadcasted struct {
	Signal int64 `json:"signal"`
}

func (a *broadcast) decide(b *batch, p *pending) error {
	if a.beaten != nil {
		return a.beaten
	}
	v := a.host.authorizer.Allow(a.by, ActionSignalBroadcast, Target{Scope: "sig:" + a.of.Name})
	if !v.Allowed {
		return denied(v, ActionSignalBroadcast, "sig:"+a.of.Name)
	}
	vars := objectOf(a.of.Variables)
	a.errands = nil
	size := 0
	for i, c := range a.catchers {
		on := Target{Scope: "def:" + c.ProcessID}
		if !a.host.authorizer.Allow(a.by, ActionSignalBroadcast, on).Allowed {
			continue
		}
		payload, err := json.Marshal(signalOf(c, vars))
		if err != nil {
			return err
		}
		if size += len(payload); size > signalBytesMax {
			return ErrSignalTooLarge.With("%d catch the signal, and what they are given is larger than %d bytes together", len(a.catchers), signalBytesMax)
		}
		key := a.keys[i+1]
		a.errands = append(a.errands, Errand{Key: key, Kind: ErrandSignal, About: key, Payload: payload, Cause: p.event.String()})
	}
	e := a.host.entry(b.now, a.by, "signal", ActionSignalBroadcast)
	e.EventID = p.event
	judged(&e, v)
	e.Resource, e.RequestID = audit.Given("signal:"+strconv.FormatInt(a.keys[0], 10)), audit.Given(a.of.RequestID)
	private := withReason(map[string]canon.JSON{
		"name": canon.String(a.of.Name), "variables": vars, "reached": canon.Int(int64(len(a.errands))),
	}, a.of.Reason)
	p.note = &note{stream: "msg/default/" + a.host.opts.Node, draft: draft{entry: e, private: private}}
	var err error
	a.command, err = a.repeats.keep(b, a.by, broadcasted{a.keys[0]})
	return err
}

func (a *broadcast) collect(out *Batch) {
	out.Errands = append(out.Errands, a.errands...)
	out.Commands = append(out.Commands, a.command...)
}

func (a *broadcast) beat(m *Moved) {
	if a.repeats.beaten(m) {
		a.beaten = errRepeated
	}
}

// alone leaves out start events that need several triggers when an instance waits for this one: it has begun.
func alone(all []Catcher) []Catcher {
	waiting := map[string]bool{}
	for _, c := range all {
		if c.Instance != 0 {
			waiting[c.ProcessID+" "+c.Element] = true
		}
	}
	return slices.DeleteFunc(all, func(c Catcher) bool {
		return c.Instance == 0 && c.Together && waiting[c.ProcessID+" "+c.Element]
	})
}

// deliverSignal gives a signal to one catcher. One that does not wait any more hears nothing.
func (h *Host) deliverSignal(ctx context.Context, e *Errand) error {
	var to signalTo
	if err := json.Unmarshal(e.Payload, &to); err != nil {
		return ErrErrand.With("an errand of kind %s: %v", e.Kind, err)
	}
	call := Call{Instance: to.Instance, Command: engine.CatchSignal{Subscription: to.Subscription, Variables: variablesOf(to.Variables)}}
	if to.Instance == 0 {
		call = Call{Process: ProcessRef{Key: to.Definition}, Command: engine.StartInstance{
			Start: to.Element, Part: to.Part, Variables: variablesOf(to.Variables),
		}}
	}
	err := h.settleBy(ctx, e, System("signal"), call, &deed{})
	if refusedForGood(err) {
		return h.dismiss(ctx, Dismissal{Errands: []int64{e.Key}})
	}
	return err
}
