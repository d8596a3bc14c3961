package host_test

import (
	"errors"
	"strings"
	"testing"

	"tallystick/fault"
	"tallystick/host"
	"tallystick/host/hosttest"
)

func form(id, title string) host.Resource {
	return host.Resource{Name: id + ".form", Data: []byte(`{"id": "` + id + `", "title": "` + title + `"}`)}
}

func TestDeployment(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		d := x.deploy(chain("order", review), routeTable, form("inspect", "a"))
		if len(d.Processes) != 1 || len(d.Decisions) != 1 || len(d.Forms) != 1 {
			t.Fatalf("%+v", d)
		}
		decision := d.Decisions[0]
		if decision.ID != "route" || decision.Requirements.ID != "routing" || decision.Deployment != d.Key || decision.Key&(1<<24-1) != 0 {
			t.Errorf("%+v", decision)
		}
		got, ok := x.Catalog().Process(host.ProcessRef{ID: "order"})
		if !ok || got != d.Processes[0] {
			t.Errorf("catalog %+v", got)
		}
		if n := count(x.in("def/default"), "definition.deploy ok user:root"); n != 6 { // with the plug's two
			t.Errorf("%d entries", n)
		}
	})
}

func TestSameBytesKeepVersionAndKey(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		first := x.deploy(chain("order", review), routeTable, form("inspect", "a"))
		second := x.deploy(chain("order", charge), routeTable, form("inspect", "b"))
		if p := second.Processes[0]; p.Version != 2 || p.Duplicate || p.Key == first.Processes[0].Key {
			t.Errorf("other bytes: %+v", p)
		}
		if d := second.Decisions[0]; d.Version != 1 || !d.Duplicate || d.Key != first.Decisions[0].Key || d.Deployment != first.Key {
			t.Errorf("same bytes: %+v", d)
		}
		if f := second.Forms[0]; f.Version != 2 {
			t.Errorf("other form: %+v", f)
		}
		// The bytes before the last are not the latest: they become the newest version.
		if p := x.deploy(chain("order", review)).Processes[0]; p.Version != 3 || p.Duplicate {
			t.Errorf("old bytes again: %+v", p)
		}
	})
}

func TestFaultyResourceDeploysNothing(t *testing.T) {
	bad := chain("bad", `<bpmn:callActivity id="call"/>`)
	run(t, nil, nil, func(t *testing.T, x *house) {
		before := x.Catalog().Version()
		_, _, err := x.Deploy(t.Context(), admin, "", []host.Resource{chain("good"), bad, {Name: "notes.txt"}, form("", "x")})
		f, ok := errors.AsType[*fault.Error](err)
		if !ok || !errors.Is(err, host.ErrDefinition) {
			t.Fatalf("%v", err)
		}
		found := map[string]bool{}
		for _, d := range f.Details {
			found[d.Resource+" "+d.Code] = true
			if d.Resource == "bad.bpmn" && d.Code == "call.missing" && (d.Element != "call" || d.Line == 0) {
				t.Errorf("finding %+v", d)
			}
		}
		for _, want := range []string{"bad.bpmn call.missing", "notes.txt resource.unknown", ".form form.invalid"} {
			if !found[want] {
				t.Errorf("no finding %q in %+v", want, f.Details)
			}
		}
		if x.Catalog().Version() != before || len(x.store.Instances()) != 0 {
			t.Error("something was deployed")
		}
	})
}

func TestDeploymentIsBounded(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		for name, resources := range map[string][]host.Resource{
			"none": nil, "many": make([]host.Resource, 65), "twins": {form("a", "x"), {Name: "b.form", Data: form("a", "x").Data}},
			"one name": {form("a", "x"), form("a", "x")}, "large": {{Name: "a.form", Data: make([]byte, 9<<20)}},
			"no name": {{Data: []byte(`{"id":"a"}`)}}, "model": {{Name: "m.model.json", Data: []byte(`{}`)}},
		} {
			if _, _, err := x.Deploy(t.Context(), admin, "", resources); !errors.Is(err, host.ErrDefinition) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestDeploymentNeedsTheRightForAll(t *testing.T) {
	policy := func(_ int64, by host.Actor, action, scope string) bool {
		return by.Name != ann.Name || scope != "dec:route"
	}
	run(t, nil, func(o *host.Options) { o.Authorizer = hosttest.NewPolicy(policy) }, func(t *testing.T, x *house) {
		_, _, err := x.Deploy(t.Context(), ann, "", []host.Resource{chain("order", review), routeTable})
		if !errors.Is(err, host.ErrDenied) || !strings.Contains(err.Error(), "dec:route") {
			t.Errorf("%v", err)
		}
		if _, ok := x.Catalog().Process(host.ProcessRef{ID: "order"}); ok {
			t.Error("the process was deployed")
		}
	})
}

func TestRepeatedDeployment(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		files := []host.Resource{chain("order", review)}
		first, _, err := x.Deploy(t.Context(), admin, "k", files)
		if err != nil {
			t.Fatal(err)
		}
		again, _, err := x.Deploy(t.Context(), admin, "k", files)
		if err != nil || again.Key != first.Key || again.Processes[0] != first.Processes[0] {
			t.Errorf("%+v, %v", again, err)
		}
		if _, _, err := x.Deploy(t.Context(), admin, "k", []host.Resource{chain("other")}); !errors.Is(err, host.ErrReused) {
			t.Errorf("%v", err)
		}
	})
}

func TestDeploymentsThatRaceGetVersionsInOrder(t *testing.T) {
	nodes(t, 2, nil, nil, func(t *testing.T, x []*house) {
		done := make(chan host.Deployment)
		x[0].store.Disturb(hosttest.Random(7, 1<<30, 1<<30, 1000))
		for i := range 8 {
			go func() { done <- x[i%2].deploy(form("f", strings.Repeat("x", i+1))) }()
		}
		seen := map[int]bool{}
		for range 8 {
			seen[(<-done).Forms[0].Version] = true
		}
		if len(seen) != 8 || !seen[1] || !seen[8] {
			t.Errorf("versions %v", seen)
		}
		x[0].store.Disturb(hosttest.Faults{})
	})
}

func TestDeploymentWithALostAnswer(t *testing.T) {
	for _, written := range []bool{true, false} {
		run(t, nil, nil, func(t *testing.T, x *house) {
			x.store.Disturb(lose(written, 1))
			x.deploy(form("f", "a"))
			if f, ok := x.Catalog().LatestForm("f"); !ok || f.Version != 1 {
				t.Errorf("written %v: %+v", written, f)
			}
		})
	}
}

// modelReader is a host.ModelReader that takes every text that is not empty.
type modelReader struct{}

func (modelReader) Read(data []byte) (id, name, tag string, details []fault.Detail) {
	if len(data) == 0 {
		return "", "", "", []fault.Detail{{Severity: "error", Code: "model.empty", Message: "the file is empty"}}
	}
	return "fraud", "Fraud", "v1", nil
}

func TestScoringModels(t *testing.T) {
	run(t, nil, func(o *host.Options) { o.Models = modelReader{} }, func(t *testing.T, x *house) {
		x.deploy(host.Resource{Name: "fraud.model.json", Data: []byte("weights")})
		d, src, err := x.ModelSource(t.Context(), "fraud", "v1")
		if err != nil || string(src) != "weights" || d.Version != 1 {
			t.Errorf("%+v %q %v", d, src, err)
		}
		if _, _, err := x.ModelSource(t.Context(), "fraud", "v2"); !errors.Is(err, host.ErrModelNotFound) {
			t.Errorf("%v", err)
		}
		if _, _, err := x.Deploy(t.Context(), admin, "", []host.Resource{{Name: "e.model.json"}}); !errors.Is(err, host.ErrDefinition) {
			t.Errorf("%v", err)
		}
	})
}
