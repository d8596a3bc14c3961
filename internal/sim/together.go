package sim

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/internal/canon"
)

// together are the processes of cases in which instances have to do with each other: one calls another, they send
// messages, start by them one at a time for each key, and hear signals.
var together = map[string]string{
	"visit": `process visit
start -> ask -> review -> end
ask: call process=desk all=both
late: timer on=ask after="=wait"
late -> over
failed: error on=ask code=declined
failed -> over
over: end
review: user users=ann,bob`,
	"tour": `process tour
start -> buy -> pay -> end
buy: call process=desk all=both
pay: service type=ext
failed: error on=pay code=declined
failed -> back -> over
back: compensation
over: end`,
	"desk": `process desk
start -> book -> pay -> end
book: service type=ext
undo: service type=ext
made: compensation on=book by=undo
pay: service type=ext`,
	"guest": `process guest
start -> tell -> served -> end
tell: throw message=order key=table in.table=table
served: catch message=meal key=table`,
	"kitchen": `process kitchen
ordered: start message=order
ordered -> cook -> serve
cook: service type=ext
serve: end message=meal key=table in.table=table`,
	"choir": `process choir
start -> split
split: and
split -> hear -> join
split -> sing -> join
join: and
join -> end
hear: catch signal=song
sing: service type=ext
sing -> shout -> loud
shout: throw signal=song
loud: end`,
	"echo": `process echo
heard: start signal=song
heard -> ship -> end
ship: service type=ext`,
}

// togetherNames are those of the processes that cases start; the others are started by them.
var togetherNames = []string{"visit", "tour", "guest", "choir"}

// clockwork is started by the time, twice, after a case has deployed it.
const clockwork = `process clockwork
often: start every=R2/PT1M
often -> ship -> end
ship: service type=ext`

// callers are programs that publish messages, give them to those who wait, and broadcast signals.
func (c *client) call(rounds int) {
	for range rounds {
		time.Sleep(c.about(time.Duration(c.draw.Int64N(int64(c.nap)))))
		switch c.draw.IntN(5) {
		case 0:
			c.broadcast()
		case 1:
			c.correlate()
		default:
			c.publish()
		}
	}
}

// herald draws a message for guests or kitchens.
func (c *client) herald() host.Publication {
	p := host.Publication{
		Name: []string{"order", "meal"}[c.draw.IntN(2)], CorrelationKey: tables[c.draw.IntN(len(tables))],
		TimeToLive: []time.Duration{0, time.Minute, time.Hour}[c.draw.IntN(3)],
	}
	p.Variables = engine.Variables{"table": canon.String(p.CorrelationKey)}
	if c.draw.IntN(3) == 0 {
		p.ID = fmt.Sprintf("id%d", c.draw.IntN(2))
	}
	c.calls++
	if c.draw.IntN(4) > 0 {
		p.Key = fmt.Sprintf("%s-%d", c.name, c.calls)
	}
	return p
}

// tables are few, so that several instances wait for the same key.
var tables = []string{"one", "two"}

// publish publishes a message, again while nobody knows whether it was: with its idempotency key it is there once.
func (c *client) publish() { c.insist(c.herald()) }

func (c *client) insist(p host.Publication) {
	group := fmt.Sprintf("%s-%d", c.name, c.calls)
	var first int64
	for range attempts {
		key, err := c.send("publish", group, func(ctx context.Context, h *host.Host, id string) (int64, error) {
			p.RequestID = id
			return h.Publish(ctx, ann, p)
		})
		switch {
		case err == nil && first != 0 && key != first:
			c.world.ledger.wrongly("the repetition of %s was answered with message %d, not %d", group, key, first)
		case err == nil && p.Key != "" && first == 0 && c.draw.IntN(4) == 0:
			first = key
			continue
		}
		if err == nil || final(err) || p.Key == "" {
			return
		}
	}
}

// correlate gives a message to whoever waits now.
func (c *client) correlate() {
	p := c.herald()
	_, _ = c.send("correlate", fmt.Sprintf("%s-%d", c.name, c.calls), func(ctx context.Context, h *host.Host, id string) (int64, error) {
		p.RequestID, p.TimeToLive = id, 0
		_, instance, err := h.Correlate(ctx, ann, p)
		return instance, err
	})
}

func (c *client) broadcast() {
	c.calls++
	_, _ = c.send("signal", fmt.Sprintf("%s-%d", c.name, c.calls), func(ctx context.Context, h *host.Host, id string) (int64, error) {
		return h.Broadcast(ctx, ann, host.Signal{Name: "song", RequestID: id})
	})
}

// send asks a node once; requests of one group are the same one, repeated.
func (c *client) send(what, group string, ask func(context.Context, *host.Host, string) (int64, error)) (int64, error) {
	c.move(what)
	ctx, cancel := context.WithTimeout(context.Background(), c.patience())
	defer cancel()
	h, w := c.anyNode().reach()
	if w.cut.Load() {
		return 0, errGone
	}
	id := fmt.Sprintf("%s-%d", c.name, c.world.requests.Add(1))
	c.world.ledger.repeat(group, id)
	key, err := ask(ctx, h, id)
	if w.cut.Load() {
		return 0, errGone
	}
	c.world.ledger.answered(id, what, err == nil, err)
	if fault.KindOf(err) == fault.Internal && err != nil {
		c.world.ledger.wrongly("%s: %w", what, err)
	}
	return key, err
}

// clock deploys a process that the time starts.
func (c *client) clock() {
	r, err := resource("clockwork", clockwork)
	if err != nil {
		panic(err)
	}
	for range attempts {
		c.move("deploy")
		h, w := c.anyNode().reach()
		ctx, cancel := c.patient()
		if !w.cut.Load() {
			_, _, err = h.Deploy(ctx, admin, c.name, []host.Resource{r})
		}
		cancel()
		if err == nil && !w.cut.Load() || final(err) && !errors.Is(err, errGone) {
			return
		}
		time.Sleep(c.about(time.Second))
	}
}
