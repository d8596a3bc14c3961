package sim

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tallystick/engine"
	"tallystick/engine/enginetest"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/host/hosttest"
	"tallystick/internal/canon"
)

// processes are what the cases run: small, and together everything that a fault can meet.
var processes = map[string]string{
	"order": `process order
start -> review -> ship -> end
review: user users=ann,bob
ship: service type=ext`,
	"split": `process split
start -> fork
fork: and
fork -> review -> join
fork -> ship -> join
join: and
join -> end
review: user users=ann,bob
ship: service type=ext`,
	"wait": `process wait
start -> pause -> ship -> end
pause: timer after="=wait"
ship: service type=ext`,
	"remind": `process remind
start -> review -> end
review: user users=ann,bob
late: timer on=review after="=wait"
late -> ship -> escalated
ship: service type=ext
escalated: end`,
	"nudge": `process nudge
start -> review -> end
review: user users=ann,bob
often: timer on=review every=R3/PT1M keep
often -> mail -> nudged
mail: service type=ext
nudged: end`,
	"trip": `process trip
start -> book -> pay -> end
book: service type=ext
pay: service type=ext
undo: service type=ext
made: compensation on=book by=undo
failed: error on=pay code=declined
failed -> back -> over
back: compensation
over: end`,
	"decide": `process decide
start -> route -> choice
route: rule decision=route result=lane
choice: xor
choice -> review [lane = "clerk"]
choice -> ship [else]
review -> end
ship -> end
review: user users=ann,bob
ship: service type=ext`,
	"crew": `process crew
start -> crewed -> review -> end
crewed: service type=crewed
review: user users=ann,bob`,
	"limit": `process limit
start -> choice
choice: xor
choice -> ship [amount > 100]
ship -> end
ship: service type=ext`,
	"sum": `process sum
start -> reckon -> review -> end
reckon: service type=reckon
review: user users=ann,bob`,
}

// extra is a process that cases deploy while instances run.
const extra = `process extra
start -> check -> ship -> end
check: script expression="=amount + 1" result=checked
ship: service type=ext`

var processNames = []string{"order", "split", "wait", "remind", "nudge", "trip", "decide", "crew", "limit", "sum"}

const routeTable = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="routing" name="Routing" namespace="test">
<decision id="route" name="Route"><decisionTable id="dt" hitPolicy="FIRST">
<input id="in"><inputExpression id="ie" typeRef="number"><text>amount</text></inputExpression></input>
<output id="out" name="lane" typeRef="string"/>
<rule id="big"><inputEntry id="a"><text>&gt; 100</text></inputEntry><outputEntry id="b"><text>"clerk"</text></outputEntry></rule>
<rule id="small"><inputEntry id="c"><text>-</text></inputEntry><outputEntry id="d"><text>"auto"</text></outputEntry></rule>
</decisionTable></decision></definitions>`

var (
	ann     = host.Actor{Kind: "user", Name: "ann", Roles: []string{"clerk"}, Method: "basic"}
	eve     = host.Actor{Kind: "user", Name: "eve", Method: "basic"}
	admin   = host.Actor{Kind: "user", Name: "root", Roles: []string{"admin"}, Method: "basic"}
	machine = host.Actor{Kind: "client", Name: "machine", Method: "token"}
)

// houseRules let eve do nothing, and leave tasks to those they concern.
func houseRules(_ int64, by host.Actor, action, _ string) bool {
	switch {
	case by.Kind == "system" || by.Name == admin.Name:
		return true
	case by.Name == eve.Name:
		return false
	}
	return action != host.ActionTaskAdminister && action != host.ActionUserWrite
}

// resource is a process in line notation as a file to deploy.
func resource(id, flow string) (host.Resource, error) {
	xml, err := enginetest.FlowXML(flow)
	if err != nil {
		return host.Resource{}, fmt.Errorf("process %s: %w", id, err)
	}
	return host.Resource{Name: id + ".bpmn", Data: xml}, nil
}

// Deployed returns a store in which the processes of the cases are deployed. Cases work on clones of it.
func Deployed(t *testing.T) *hosttest.Store {
	t.Helper()
	resources := []host.Resource{{Name: "route.dmn", Data: []byte(routeTable)}}
	all := maps.Clone(processes)
	maps.Copy(all, together)
	for _, id := range slices.Sorted(maps.Keys(all)) {
		r, err := resource(id, all[id])
		if err != nil {
			t.Fatal(err)
		}
		resources = append(resources, r)
	}
	return deployedWith(t, resources)
}

func deployedWith(t *testing.T, resources []host.Resource) *hosttest.Store {
	t.Helper()
	s := hosttest.New()
	synctest.Test(t, func(t *testing.T) {
		h, err := host.New(host.Options{
			Store: s, Jobs: s, Library: s, Authorizer: hosttest.NewPolicy(houseRules), Node: "first", Build: "sim",
			Origin: hosttest.Origin, Rand: newRandom(0, "first", 0),
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- h.Run(ctx) }()
		if _, _, err := h.Deploy(ctx, admin, "", resources); err != nil {
			if f, ok := errors.AsType[*fault.Error](err); ok {
				t.Errorf("%+v", f.Details)
			}
			t.Error(err)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	if t.Failed() {
		t.FailNow()
	}
	return s
}

// waits are how long the timers of a case take, by how often its nodes look at the store.
var waits = []struct {
	poll time.Duration
	wait string
}{
	{10 * time.Second, "PT30S"}, {time.Minute, "PT5M"}, {10 * time.Minute, "PT1H"}, {time.Hour, "PT12H"},
}

// variables are those an instance starts with.
func variables(draw *rand.Rand, wait string) engine.Variables {
	return engine.Variables{"amount": canon.Int(int64(draw.IntN(200))), "wait": canon.String(wait), "table": canon.String(tables[draw.IntN(len(tables))])}
}
