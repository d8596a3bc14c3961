package ordeal

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"
)

// contenders is how many clients act on the same things; more would make histories too hard to judge.
const contenders = 8

// Contest lets clients act at random on a few tasks, jobs and idempotency keys that all of them know, and notes what
// they are told.
type Contest struct {
	Nodes              []string
	Token              string
	Seed               uint64
	Tasks, Jobs, Calls *History

	mu    sync.Mutex
	tasks []string // open, as far as is known
	jobs  []string // seen, the newest last
}

// contender is one of the clients.
type contender struct {
	*Client
	c      *Contest
	number int
	name   string
	random *rand.Rand
}

// things is how many tasks and jobs there are to fight for at a time.
const things = 4

// Run lets the clients act until ctx ends.
func (c *Contest) Run(ctx context.Context) {
	c.Tasks, c.Jobs, c.Calls = NewHistory(), NewHistory(), NewHistory()
	var all sync.WaitGroup
	for i := range contenders {
		all.Go(func() {
			x := &contender{
				Client: NewClient(c.Nodes, c.Token, i), c: c, number: i, name: fmt.Sprintf("p%d", i),
				random: rand.New(rand.NewPCG(c.Seed, uint64(i+1))),
			}
			defer x.Close()
			for ctx.Err() == nil {
				x.act(context.WithoutCancel(ctx))
				pause(ctx, time.Duration(x.random.IntN(4))*time.Millisecond)
			}
		})
	}
	all.Wait()
}

func (x *contender) act(ctx context.Context) {
	switch n := x.random.IntN(100); {
	case n < 50:
		x.touchTask(ctx)
	case n < 85:
		x.touchJob(ctx)
	default:
		x.repeat(ctx)
	}
}

// touchTask acts on one of the open tasks. Whoever finds too few makes one.
func (x *contender) touchTask(ctx context.Context) {
	task, ok := x.pick(&x.c.tasks)
	if !ok {
		x.open(ctx, "ordeal-task")
		return
	}
	path := "/v2/user-tasks/" + task
	call, act, seen := Call{Method: http.MethodGet, Path: path}, Act{ActRead, ""}, ""
	switch n := x.random.IntN(100); {
	case n < 35:
		act = Act{ActClaim, x.name}
		call = Call{Method: http.MethodPost, Path: path + "/assignment", Body: map[string]any{"assignee": x.name, "allowOverride": false}}
	case n < 60:
		act, call = Act{ActUnclaim, x.name}, Call{Method: http.MethodDelete, Path: path + "/assignee"}
	case n < 64:
		act, call = Act{ActComplete, x.name}, Call{Method: http.MethodPost, Path: path + "/completion"}
	}
	called := time.Now()
	a := x.Do(ctx, call)
	if act.Kind == ActRead {
		if seen = readTask(a); seen == "" {
			return // a read without an answer says nothing
		}
	}
	x.c.Tasks.Note("task "+task, x.number, act, called, a, seen)
	if act.Kind == ActComplete && a.Outcome() == Done {
		x.c.drop(&x.c.tasks, task)
	}
}

func readTask(a Answer) string {
	var t struct{ State, Assignee string }
	if a.Outcome() != Done || json.Unmarshal(a.Body, &t) != nil {
		return ""
	}
	return taskState{t.Assignee, t.State == "COMPLETED"}.String()
}

// open starts an instance and learns its task.
func (x *contender) open(ctx context.Context, process string) {
	a := x.Patient(ctx, Call{Method: http.MethodPost, Path: "/v2/process-instances", Body: map[string]any{"processDefinitionId": process}})
	found := x.Patient(ctx, Call{Method: http.MethodPost, Path: "/v2/user-tasks/search", Body: map[string]any{
		"filter": map[string]any{"processInstanceKey": instanceKey(a)},
	}})
	var got struct {
		Items []struct{ UserTaskKey string }
	}
	if found.Outcome() != Done || json.Unmarshal(found.Body, &got) != nil {
		return
	}
	x.c.mu.Lock()
	defer x.c.mu.Unlock()
	for _, t := range got.Items {
		x.c.tasks = append(x.c.tasks, t.UserTaskKey)
	}
}

// pick takes one of the last things; false when there are too few.
func (x *contender) pick(from *[]string) (string, bool) {
	x.c.mu.Lock()
	defer x.c.mu.Unlock()
	list := (*from)[max(0, len(*from)-things):]
	if len(list) < things {
		return "", false
	}
	return list[x.random.IntN(len(list))], true
}

func (c *Contest) drop(from *[]string, thing string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	*from = slices.DeleteFunc(*from, func(s string) bool { return s == thing })
}

// lockForGood is longer than any contest: the model knows no time limits.
const lockForGood = time.Hour

// touchJob activates a job, or completes or fails one, not always its own.
func (x *contender) touchJob(ctx context.Context) {
	job, ok := x.pick(&x.c.jobs)
	if n := x.random.IntN(100); !ok || n < 40 {
		x.activate(ctx)
		return
	}
	act, path := Act{ActFail, x.name}, "/v2/jobs/"+job+"/failure"
	body := map[string]any{"retries": 100, "errorMessage": "once more"}
	if x.random.IntN(5) == 0 {
		act, path, body = Act{ActComplete, x.name}, "/v2/jobs/"+job+"/completion", map[string]any{}
	}
	called := time.Now()
	a := x.Do(ctx, Call{Method: http.MethodPost, Path: path, Body: body})
	x.c.Jobs.Note("job "+job, x.number, act, called, a, "")
}

func (x *contender) activate(ctx context.Context) {
	called := time.Now()
	a := x.Do(ctx, Call{Method: http.MethodPost, Path: "/v2/jobs/activation", Body: map[string]any{
		"type": "ordeal:contended", "worker": x.name, "timeout": lockForGood.Milliseconds(), "maxJobsToActivate": 1, "requestTimeout": -1,
	}})
	act := Act{ActActivate, x.name}
	var got struct{ Jobs []struct{ JobKey string } }
	if a.Outcome() != Done || json.Unmarshal(a.Body, &got) != nil {
		x.c.Jobs.Note("", x.number, act, called, a, "") // it may have locked any job
		return
	}
	for _, j := range got.Jobs {
		x.c.Jobs.Note("job "+j.JobKey, x.number, act, called, a, "")
		x.c.mu.Lock()
		if !slices.Contains(x.c.jobs, j.JobKey) {
			x.c.jobs = append(x.c.jobs, j.JobKey)
		}
		x.c.mu.Unlock()
	}
	if len(got.Jobs) == 0 {
		x.Patient(ctx, Call{Method: http.MethodPost, Path: "/v2/process-instances", Body: map[string]any{"processDefinitionId": "ordeal-job"}})
	}
}

// repeat starts an instance under a key that others use too, mostly for the same request.
func (x *contender) repeat(ctx context.Context) {
	const perKey = 200 * time.Millisecond // after that all move on to the next key
	key := fmt.Sprintf("repeat-%x-%d", x.c.Seed, time.Since(x.c.Calls.begin)/perKey)
	body := fmt.Sprint(x.random.IntN(10) / 9) // one in ten is another request
	called := time.Now()
	a := x.Do(ctx, Call{Method: http.MethodPost, Path: "/v2/process-instances", Key: key, Body: map[string]any{
		"processDefinitionId": "ordeal-job", "businessId": "repeat-" + body,
	}})
	x.c.Calls.Note(key, x.number, Act{ActRepeat, body}, called, a, instanceKey(a))
}
