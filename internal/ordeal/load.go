package ordeal

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Load is what clients do all day: start instances, work on jobs, claim and complete tasks. Everything it does is
// in its Ledger.
type Load struct {
	Ledger  *Ledger
	Nodes   []string
	Token   string
	Seed    uint64
	Starts  time.Duration // pause between two starts of a client; 20 ms when zero
	LockFor time.Duration // lock of a job; 2 s when zero

	run    string // makes the ids of one run differ from those of others
	serial atomic.Int64
	halt   atomic.Bool // no more starts
	crowd  atomic.Bool // too many tasks wait already
	stop   context.CancelFunc
	all    sync.WaitGroup
}

const clientsEach = 2 // of each kind

// Begin starts the clients.
func (l *Load) Begin(ctx context.Context) {
	if l.Starts == 0 {
		l.Starts = 20 * time.Millisecond
	}
	if l.LockFor == 0 {
		l.LockFor = 2 * time.Second
	}
	l.run = fmt.Sprintf("%x", l.Seed)
	ctx, l.stop = context.WithCancel(ctx)
	for i := range clientsEach {
		l.all.Go(func() { l.loop(ctx, i, l.start) })
		l.all.Go(func() { l.loop(ctx, i, l.work) })
		l.all.Go(func() { l.loop(ctx, i, l.decide) })
	}
}

// Halt lets no more instances start; jobs and tasks go on.
func (l *Load) Halt() { l.halt.Store(true) }

// End stops the clients; calls in flight get their answers first.
func (l *Load) End() {
	l.stop()
	l.all.Wait()
}

// hand is one client on its way.
type hand struct {
	*Client
	load   *Load
	name   string
	random *rand.Rand
}

func (l *Load) loop(ctx context.Context, i int, do func(context.Context, *hand) time.Duration) {
	h := &hand{
		Client: NewClient(l.Nodes, l.Token, i), load: l, name: fmt.Sprintf("client-%d", i),
		random: rand.New(rand.NewPCG(l.Seed, uint64(l.serial.Add(1)))),
	}
	defer h.Close()
	for ctx.Err() == nil {
		if wait := do(ctx, h); wait > 0 {
			pause(ctx, wait)
		}
	}
}

// act carries an operation out and enters it. An operation that has begun gets its answer, even when the load ends.
func (h *hand) act(ctx context.Context, o Operation) Answer {
	o.ID = fmt.Sprintf("%s-%d", h.load.run, h.load.serial.Add(1))
	o.Call.Key = o.ID
	mark(&o)
	o.Called = time.Now()
	o.settle(h.Do(context.WithoutCancel(ctx), o.Call))
	h.load.Ledger.Enter(&o)
	return o.Answer
}

// mark puts the id of the operation where the change it makes will show it.
func mark(o *Operation) {
	switch o.Kind {
	case Start:
		o.Call.Body = map[string]any{"processDefinitionId": "ordeal", "businessId": o.ID, "variables": map[string]any{"n": 1}}
	case CompleteJob:
		o.Call.Body = map[string]any{"variables": map[string]any{"worked": o.ID}}
	case CompleteTask:
		o.Call.Body = map[string]any{"variables": map[string]any{"decided": o.ID}}
	}
}

const beat = 10 * time.Millisecond // between two tries of a client that got nowhere

func (l *Load) start(ctx context.Context, h *hand) time.Duration {
	if l.halt.Load() || l.crowd.Load() {
		return 10 * beat
	}
	h.act(ctx, Operation{Kind: Start, Call: Call{Method: http.MethodPost, Path: "/v2/process-instances"}})
	return l.Starts
}

// work is an external job worker; now and then an attempt fails.
func (l *Load) work(ctx context.Context, h *hand) time.Duration {
	a := h.Do(context.WithoutCancel(ctx), Call{Method: http.MethodPost, Path: "/v2/jobs/activation", Body: map[string]any{
		"type": "ordeal:work", "worker": h.name, "timeout": l.LockFor.Milliseconds(), "maxJobsToActivate": 8, "requestTimeout": 1000,
	}})
	var got struct{ Jobs []struct{ JobKey string } }
	if a.Outcome() != Done || json.Unmarshal(a.Body, &got) != nil {
		return beat
	}
	for _, j := range got.Jobs {
		o := Operation{Kind: CompleteJob, Target: j.JobKey, Call: Call{Method: http.MethodPost, Path: "/v2/jobs/" + j.JobKey + "/completion"}}
		if h.random.IntN(20) == 0 {
			o.Kind = FailJob
			o.Call.Path = "/v2/jobs/" + j.JobKey + "/failure"
			o.Call.Body = map[string]any{"retries": 3, "errorMessage": "once more"}
		}
		h.act(ctx, o)
	}
	return 0
}

// A person handles the first tasks of the list. When the list is as long as crowded nothing is started, so that a
// slow machine does not pile up what nobody can finish.
const (
	handled = 10
	crowded = 100
)

// decide is a person at a task list: both persons see the same tasks and get in each other's way.
func (l *Load) decide(ctx context.Context, h *hand) time.Duration {
	a := h.Do(context.WithoutCancel(ctx), Call{Method: http.MethodPost, Path: "/v2/user-tasks/search", Body: map[string]any{
		"filter": map[string]any{"state": "CREATED"}, "page": map[string]any{"limit": crowded},
	}})
	var got struct {
		Items []struct{ UserTaskKey string }
	}
	if a.Outcome() != Done || json.Unmarshal(a.Body, &got) != nil || len(got.Items) == 0 {
		return beat
	}
	l.crowd.Store(len(got.Items) == crowded)
	got.Items = got.Items[:min(len(got.Items), handled)]
	h.random.Shuffle(len(got.Items), func(i, j int) { got.Items[i], got.Items[j] = got.Items[j], got.Items[i] })
	for _, t := range got.Items {
		claimed := h.act(ctx, Operation{
			Kind: Claim, Target: t.UserTaskKey, Person: h.name,
			Call: Call{
				Method: http.MethodPost, Path: "/v2/user-tasks/" + t.UserTaskKey + "/assignment",
				Body: map[string]any{"assignee": h.name, "allowOverride": false},
			},
		})
		if claimed.Outcome() != Done {
			continue
		}
		h.act(ctx, Operation{
			Kind: CompleteTask, Target: t.UserTaskKey,
			Call: Call{Method: http.MethodPost, Path: "/v2/user-tasks/" + t.UserTaskKey + "/completion"},
		})
	}
	return 0
}
