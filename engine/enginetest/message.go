package enginetest

import (
	"errors"
	"slices"
	"time"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/internal/canon"
)

// message is a published message. It enters each process once at most.
type message struct {
	ref       int64
	id        string // the publisher's
	name, key string
	variables engine.Variables
	expires   time.Time // not later than now: it is not kept for those who wait later
	entered   []string  // the processes that it has entered
}

func (m message) reference() engine.MessageRef {
	return engine.MessageRef{Key: m.ref, ID: m.id, Name: m.name, CorrelationKey: m.key}
}

// thrownTTL is how long a message of a process waits for somebody who waits for it later.
const thrownTTL = time.Hour

// subscription is an open subscription with the instance that it belongs to.
type subscription struct {
	*instance
	engine.SubscriptionOpened
}

// listen notes a subscription, or a new state of one, and looks for a message that waits for it.
func (r *runner) listen(i *instance, s engine.SubscriptionOpened) {
	for n := range r.listening {
		if r.listening[n].Key == s.Key {
			r.listening[n].SubscriptionOpened = s
			return
		}
	}
	r.listening = append(r.listening, subscription{i, s})
	if s.Type == engine.SubscribesMessage {
		r.later(func() error { return r.seek(s.Key) })
	}
}

func (r *runner) unlisten(key int64) {
	r.listening = slices.DeleteFunc(r.listening, func(s subscription) bool { return s.Key == key })
}

// waiting finds an open subscription.
func (r *runner) waiting(key int64) (subscription, bool) {
	n := slices.IndexFunc(r.listening, func(s subscription) bool { return s.Key == key })
	if n < 0 {
		return subscription{}, false
	}
	return r.listening[n], true
}

// seek gives a new subscription the oldest kept message that fits and has not entered its process.
func (r *runner) seek(key int64) error {
	s, open := r.waiting(key)
	if !open {
		return nil
	}
	for _, m := range r.kept() {
		if m.name == s.Name && m.key == s.CorrelationKey && !slices.Contains(m.entered, s.def.ProcessID()) {
			return r.correlate(m, s)
		}
	}
	return nil
}

// kept lists the messages that are not over, oldest first, and forgets the others.
func (r *runner) kept() []*message {
	r.messages = slices.DeleteFunc(r.messages, func(m *message) bool { return !m.expires.After(r.now) })
	return r.messages
}

func (r *runner) correlate(m *message, s subscription) error {
	m.entered = append(m.entered, s.def.ProcessID())
	return r.step(s.instance, "", engine.CorrelateMessage{Subscription: s.Key, Message: m.reference(), Variables: m.variables})
}

// errMessageTwice is the server's refusal of a message whose id is that of one that waits.
var errMessageTwice = fault.New(fault.Conflict, "message.duplicate", "a message with this id waits already")

// publish gives a message to those who wait for it: the oldest subscription of each process, else its start
// event. What nobody takes is kept until it is over.
func (r *runner) publish(m message) error {
	for _, other := range r.kept() {
		if m.id != "" && other.id == m.id && other.name == m.name && other.key == m.key {
			return r.rejected(errMessageTwice)
		}
	}
	m.ref = r.library.key()
	kept := &m
	if m.expires.After(r.now) {
		r.messages = append(r.messages, kept)
	}
	for _, s := range slices.Clone(r.listening) {
		fits := s.Type == engine.SubscribesMessage && s.Name == m.name && s.CorrelationKey == m.key
		if _, open := r.waiting(s.Key); fits && open && !slices.Contains(kept.entered, s.def.ProcessID()) {
			if err := r.correlate(kept, s); err != nil {
				return err
			}
		}
	}
	if err := r.startBy(kept); err != nil {
		return err
	}
	switch {
	case len(kept.entered) > 0:
	case m.expires.After(r.now):
		r.print("message " + m.name + " buffered")
	default:
		r.print("message " + m.name + " not correlated")
	}
	return nil
}

// send publishes a message, broadcasts a signal or evaluates conditional start events, from outside.
func (r *runner) send(words []word) error {
	const usage = "write send message NAME key=K ttl=DURATION id=ID, send signal NAME, or send condition NAME=VALUE"
	if len(words) < 2 || words[0].name != "" {
		return errors.New(usage)
	}
	what, name, rest := words[0].text, words[1].text, words[2:]
	switch {
	case what == "condition":
		return r.condition(words[1:])
	case words[1].name != "":
	case what == "message":
		return r.sendMessage(name, rest)
	case what == "signal":
		if err := assigned(rest); err != nil {
			return err
		}
		r.sent(Sent{What: "signal", Name: name, Variables: variables(rest)})
		r.broadcast(name, variables(rest))
		return r.errands()
	}
	return errors.New(usage)
}

func (r *runner) sendMessage(name string, words []word) error {
	words, options := take(words, "key", "ttl", "id")
	if err := assigned(words); err != nil {
		return err
	}
	m := message{name: name, key: options["key"], id: options["id"], variables: variables(words), expires: r.now}
	if text := options["ttl"]; text != "" {
		ttl, err := parseDuration(text)
		if err != nil {
			return err
		}
		m.expires = r.now.Add(ttl)
	}
	r.sent(Sent{What: "message", Name: m.name, Key: m.key, ID: m.id, TTL: m.expires.Sub(r.now), Variables: m.variables})
	r.later(func() error { return r.publish(m) })
	return r.errands()
}

func (r *runner) sent(s Sent) {
	if s.At = r.now; r.Sent != nil {
		r.Sent(s)
	}
}

// broadcast gives a signal to all who wait for it now, oldest first, and to start events. Who comes to wait
// because of it does not hear it. A start that needs all of its triggers goes to the instance that waits for them.
func (r *runner) broadcast(name string, vars map[string]canon.JSON) {
	heard := map[entryID]bool{}
	for _, s := range r.listening {
		if s.Type != engine.SubscribesSignal || s.Name != name {
			continue
		}
		heard[entryID{s.def, s.Element}] = true
		r.later(func() error {
			if _, open := r.waiting(s.Key); !open {
				return nil
			}
			return r.step(s.instance, "", engine.CatchSignal{Subscription: s.Key, Variables: vars})
		})
	}
	for _, e := range r.entries(engine.SubscribesSignal, name) {
		if !e.All || !heard[entryID{e.def, e.Element}] {
			r.later(func() error { return r.startAt(e, engine.StartInstance{Variables: vars}) })
		}
	}
}

// entryID names a start event.
type entryID struct {
	def     *engine.Definition
	element string
}
