package host

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/fault"
	"tallystick/internal/canon"
)

// The limits of a message from outside. TimeToLiveMax keeps the store from filling with what nobody fetches.
const (
	messageTextMax = 1024
	TimeToLiveMax  = 366 * 24 * time.Hour
)

// Publication asks for a message to be given to whoever waits for it, and to be kept for TimeToLive for those
// who come later.
type Publication struct {
	// Key and Digest are those of a Call.
	Key    string
	Digest [32]byte

	Name           string
	CorrelationKey string
	ID             string // of the publisher: unique, with name and key, while the message is kept
	TimeToLive     time.Duration
	Variables      engine.Variables
	Reason         string // goes, as RequestID does, to the audit entry
	RequestID      string
}

func (p *Publication) check() error {
	for _, text := range []string{p.Name, p.CorrelationKey, p.ID} {
		if len(text) > messageTextMax {
			return ErrMessage.With("name, correlation key and id have at most %d bytes", messageTextMax)
		}
	}
	switch {
	case p.Name == "":
		return ErrMessage.With("a message needs a name")
	case p.TimeToLive < 0 || p.TimeToLive > TimeToLiveMax:
		return ErrMessage.With("the time to live is between 0 and %s", TimeToLiveMax)
	}
	return checkVariables(p.Variables, ErrMessage)
}

// Publish publishes a message and returns its key: it is durable, and what it does happens after.
func (h *Host) Publish(ctx context.Context, by Actor, p Publication) (int64, error) {
	if err := p.check(); err != nil {
		return 0, err
	}
	if err := h.mayAct(ctx, by, ActionMessagePublish, Target{Scope: "msg:" + p.Name}); err != nil {
		return 0, err
	}
	key, swept := int64(0), false
	err := h.again(func() (err error) {
		key, err = h.publish(ctx, by, p)
		if errors.Is(err, ErrMessageDuplicate) && !swept {
			swept = true // one that is over may still be there
			if n, failed := h.sweep(ctx); n > 0 && failed == nil {
				key, err = h.publish(ctx, by, p)
			}
		}
		return err
	})
	return key, err
}

// publish is one attempt; errRepeated when another request with the same key, or an earlier attempt, was faster.
func (h *Host) publish(ctx context.Context, by Actor, p Publication) (int64, error) {
	a := &publication{host: h, by: by, of: p, repeats: repeatsOf(by, p.Key, p.Digest)}
	var first published
	if done, err := a.repeats.recall(ctx, h, &first); done || err != nil {
		return first.Message, err
	}
	var err error
	if a.key, err = h.sequences.draw(ctx); err != nil {
		return 0, err
	}
	return a.key, h.perform(ctx, by, p.Key, a)
}

// publication is the act of publishing a message.
type publication struct {
	host    *Host
	by      Actor
	of      Publication
	repeats repeats
	key     int64

	beaten  error
	message Message
	command []CommandRow
}

// published is what a repetition is answered from.
type published struct {
	Message int64 `json:"message"`
}

func (a *publication) decide(b *batch, p *pending) error {
	if a.beaten != nil {
		return a.beaten
	}
	on := Target{Scope: "msg:" + a.of.Name}
	v := a.host.authorizer.Allow(a.by, ActionMessagePublish, on)
	if !v.Allowed {
		return denied(v, ActionMessagePublish, on.Scope)
	}
	e := a.host.entry(b.now, a.by, "message", ActionMessagePublish)
	e.EventID = p.event
	judged(&e, v)
	e.Resource, e.RequestID = audit.Given("message:"+strconv.FormatInt(a.key, 10)), audit.Given(a.of.RequestID)
	private := withReason(map[string]canon.JSON{
		"name": canon.String(a.of.Name), "correlationKey": canon.String(a.of.CorrelationKey), "messageId": canon.String(a.of.ID),
		"timeToLive": canon.Int(a.of.TimeToLive.Milliseconds()), "variables": objectOf(a.of.Variables),
	}, a.of.Reason)
	p.note = &note{stream: "msg/default/" + a.host.opts.Node, draft: draft{entry: e, private: private}}
	at := b.now.Store
	a.message = Message{
		Key: a.key, Name: a.of.Name, CorrelationKey: a.of.CorrelationKey, ID: a.of.ID, Published: at,
		Expires: at.Add(a.of.TimeToLive), Variables: objectOf(a.of.Variables),
	}
	var err error
	a.command, err = a.repeats.keep(b, a.by, published{a.key})
	return err
}

func (a *publication) collect(out *Batch) {
	out.Messages = append(out.Messages, a.message)
	out.Commands = append(out.Commands, a.command...)
	out.Errands = append(out.Errands, Errand{Key: a.key, Kind: ErrandMatch, About: a.key, Payload: []byte("[]")})
}

func (a *publication) beat(m *Moved) {
	if slices.Contains(m.Messages, a.key) {
		a.beaten = ErrMessageDuplicate
	}
	if a.repeats.beaten(m) {
		a.beaten = errRepeated
	}
}

// sweepMax is how many messages that are over go at a time.
const sweepMax = 1000

// checkVariables refuses what the machine would refuse later, when nobody is there to be told.
func checkVariables(vars engine.Variables, refusal *fault.Error) error {
	size := 0
	for name, value := range vars {
		if name == "" || len(name) > engine.NameBytesMax || value == "" {
			return refusal.With("a variable needs a name of at most %d bytes and a value", engine.NameBytesMax)
		}
		size += len(name) + len(value)
	}
	if size > engine.VariableBytesMax {
		return refusal.With("the variables are larger than %d bytes", engine.VariableBytesMax)
	}
	return nil
}

func objectOf(vars engine.Variables) canon.JSON { return canon.Object(vars) }
