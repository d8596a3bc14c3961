package host_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/host/hosttest"
	"tallystick/internal/canon"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// process wraps the inside of a process in a BPMN file.
func process(id, inside string) host.Resource {
	return host.Resource{Name: id + ".bpmn", Data: fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="test">
<bpmn:process id="%s" isExecutable="true">%s</bpmn:process></bpmn:definitions>`, id, inside)}
}

// chain is a process of elements in a row between a start and an end event.
func chain(id string, elements ...string) host.Resource {
	var b strings.Builder
	b.WriteString(`<bpmn:startEvent id="start"/>`)
	last := "start"
	for i, e := range append(elements, `<bpmn:endEvent id="end"/>`) {
		b.WriteString(e)
		_, after, _ := strings.Cut(e, `id="`)
		next, _, _ := strings.Cut(after, `"`)
		fmt.Fprintf(&b, `<bpmn:sequenceFlow id="f%d" sourceRef="%s" targetRef="%s"/>`, i, last, next)
		last = next
	}
	return process(id, b.String())
}

const (
	review = `<bpmn:userTask id="review"><bpmn:extensionElements><zeebe:userTask/>` +
		`<zeebe:assignmentDefinition candidateUsers="ann,bob"/></bpmn:extensionElements></bpmn:userTask>`
	charge = `<bpmn:serviceTask id="charge"><bpmn:extensionElements><zeebe:taskDefinition type="charge"/>` +
		`</bpmn:extensionElements></bpmn:serviceTask>`
	pause = `<bpmn:intermediateCatchEvent id="pause"><bpmn:timerEventDefinition id="t">` +
		`<bpmn:timeDuration>PT48H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>`
	route = `<bpmn:businessRuleTask id="route"><bpmn:extensionElements>` +
		`<zeebe:calledDecision decisionId="route" resultVariable="lane"/></bpmn:extensionElements></bpmn:businessRuleTask>`
)

var routeTable = host.Resource{Name: "route.dmn", Data: []byte(`<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="routing" name="Routing" namespace="test">
<decision id="route" name="Route"><decisionTable id="dt" hitPolicy="FIRST">
<input id="in"><inputExpression id="ie" typeRef="number"><text>amount</text></inputExpression></input>
<output id="out" name="lane" typeRef="string"/>
<rule id="big"><inputEntry id="a"><text>&gt; 100</text></inputEntry><outputEntry id="b"><text>"clerk"</text></outputEntry></rule>
<rule id="small"><inputEntry id="c"><text>-</text></inputEntry><outputEntry id="d"><text>"auto"</text></outputEntry></rule>
</decisionTable></decision></definitions>`)}

var (
	ann   = host.Actor{Kind: "user", Name: "ann", Roles: []string{"clerk"}, Method: "basic"}
	bob   = host.Actor{Kind: "user", Name: "bob", Method: "basic"}
	eve   = host.Actor{Kind: "user", Name: "eve", Method: "basic"}
	admin = host.Actor{Kind: "user", Name: "root", Roles: []string{"admin"}, Method: "basic"}
)

// houseRules is a policy like one of real life: timers and workers are the system's, administration is the
// administrator's, and eve may do nothing at all.
func houseRules(_ int64, by host.Actor, action, scope string) bool {
	switch {
	case by.Kind == "system" || by.Name == admin.Name:
		return true
	case by.Name == eve.Name:
		return false
	}
	return action != host.ActionTaskAdminister && action != host.ActionUserWrite
}

// house is a host on a simulated store. It is used inside of a synctest bubble.
type house struct {
	*host.Host
	t     *testing.T
	store *hosttest.Store
	stop  func()
}

// chaos draws from the seed, so that a run can be repeated.
type chaos struct{ *rand.ChaCha8 }

func seeded(seed uint64) io.Reader {
	var b [32]byte
	for i := range 8 {
		b[i] = byte(seed >> (8 * i))
	}
	return chaos{rand.NewChaCha8(b)}
}

func options(s *hosttest.Store) host.Options {
	return host.Options{
		Store: s, Jobs: s, Library: s, Authorizer: hosttest.NewPolicy(houseRules),
		Rand: seeded(1), Node: "n1", Build: "test", Origin: hosttest.Origin, Lanes: 1,
	}
}

// open starts a host; its stop is part of the test, and afterwards the whole log must verify.
func open(t *testing.T, o host.Options) *house {
	t.Helper()
	h, err := host.New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	x := &house{Host: h, t: t, store: o.Store.(*hosttest.Store)}
	stopped := false
	x.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	}
	return x
}

// close stops the host and checks the invariants of the store.
func (x *house) close() {
	x.t.Helper()
	x.stop()
	if err := x.store.Verify(); err != nil {
		x.t.Error(err)
	}
}

// run gives a test a bubble with a running host and the resources deployed.
func run(t *testing.T, resources []host.Resource, change func(*host.Options), test func(*testing.T, *house)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o := options(hosttest.New())
		if change != nil {
			change(&o)
		}
		x := open(t, o)
		defer x.close()
		x.deploy(append(resources, chain("plug"))...)
		test(t, x)
	})
}

func (x *house) deploy(resources ...host.Resource) host.Deployment {
	x.t.Helper()
	d, _, err := x.Deploy(x.t.Context(), admin, "", resources)
	if err != nil {
		f, _ := errors.AsType[*fault.Error](err)
		x.t.Fatalf("Deploy: %v %+v", err, f.Details)
	}
	return d
}

func (x *house) do(by host.Actor, c host.Call) host.Receipt {
	x.t.Helper()
	r, err := x.Do(x.t.Context(), by, c)
	if err != nil {
		x.t.Fatalf("%s: %v", c.Command.Name(), err)
	}
	return r
}

func (x *house) start(id string, vars engine.Variables) host.Receipt {
	x.t.Helper()
	return x.do(ann, startCall(id, vars))
}

func startCall(id string, vars engine.Variables) host.Call {
	return host.Call{Process: host.ProcessRef{ID: id}, Command: engine.StartInstance{Variables: vars}}
}

// task returns the key of the only open task of an instance.
func (x *house) task(instance int64) int64 {
	x.t.Helper()
	st, _ := x.store.State(instance)
	if len(st.Tasks()) != 1 {
		x.t.Fatalf("instance %d has %d open tasks", instance, len(st.Tasks()))
	}
	return st.Tasks()[0].Key
}

func (x *house) status(instance int64) engine.Status {
	st, _ := x.store.State(instance)
	return st.Status()
}

func amount(n int64) engine.Variables { return engine.Variables{"amount": canon.Int(n)} }

// in returns the entries of one stream as "action outcome actor".
func (x *house) in(stream string) []string {
	var out []string
	for _, row := range x.store.Entries() {
		if row.Entry.Stream == stream {
			out = append(out, row.Entry.Action+" "+row.Entry.Outcome+" "+row.Entry.Actor)
		}
	}
	return out
}

// together has calls of ann wait at the same time, in their order, while the store is busy with another
// transaction, and returns their errors.
func (x *house) together(calls ...host.Call) []error {
	var begin []func() func() error
	for _, c := range calls {
		begin = append(begin, func() func() error { return x.begin(ann, c) })
	}
	return x.crowd(begin...)
}

// crowd is together for whatever begins and returns how to wait for its error.
func (x *house) crowd(begin ...func() func() error) []error {
	slow := func(op hosttest.Op) time.Duration {
		if op == hosttest.OpCommit {
			return time.Second
		}
		return 0
	}
	x.store.Disturb(hosttest.Faults{Delay: slow})
	plug := x.begin(ann, startCall("plug", nil))
	synctest.Wait()
	var waits []func() error
	for _, b := range begin {
		waits = append(waits, b())
		synctest.Wait()
	}
	if err := plug(); err != nil {
		x.t.Fatalf("plug: %v", err)
	}
	x.store.Disturb(hosttest.Faults{})
	errs := make([]error, len(begin))
	for i, wait := range waits {
		errs[i] = wait()
	}
	return errs
}

// begin starts a call and returns how to wait for its error.
func (x *house) begin(by host.Actor, c host.Call) func() error {
	done := make(chan error, 1)
	go func() {
		_, err := x.Do(x.t.Context(), by, c)
		done <- err
	}()
	return func() error { return <-done }
}

func count(all []string, one string) int {
	n := 0
	for range slices.Values(slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s != one })) {
		n++
	}
	return n
}

func contextOf(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithCancel(t.Context())
}
