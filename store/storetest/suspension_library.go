package storetest

import (
	"time"

	"github.com/google/go-cmp/cmp"

	"tallystick/host"
	"tallystick/query"
)

// change commits a suspension or lifts it, on the library as it is.
func (w *world) change(s host.Suspension, lifted bool) {
	w.Helper()
	b := w.batch()
	b.Suspension = &host.SuspensionChange{Library: w.load().Library, Lifted: lifted, Suspension: s}
	w.commit(b)
}

func (w *world) suspended() []host.Suspension {
	w.Helper()
	c, err := w.db.Catalog(w.Context())
	w.must(err)
	return c.Suspensions
}

func jobTypeRests(w *world) {
	oneJob(w)
	x := host.Activation{Type: "x", Max: 1, Timeout: time.Minute}
	s := host.Suspension{Kind: host.SuspendsJobs, Name: "x", Since: noon, Actor: "user:ann", Reason: "the target is down"}
	w.change(s, false)
	if jobs := w.activate(x, noon); len(jobs) != 0 {
		w.Errorf("%d jobs of a suspended type", len(jobs))
	}
	if diff := cmp.Diff([]host.Suspension{s}, w.suspended()); diff != "" {
		w.Error(diff)
	}
	w.change(s, true)
	if jobs := w.activate(x, noon); len(jobs) != 1 || w.suspended() != nil {
		w.Errorf("%d jobs, %+v", len(jobs), w.suspended())
	}
}

// processRests suspends one version, then all: what was decided on the library before is refused.
func processRests(w *world) {
	first := w.batch()
	first.Deployment = deployment(w, w.load().Library)
	w.commit(first)
	d := first.Deployment.Deployment.Processes[0]
	before := w.load().Library
	w.change(host.Suspension{Kind: host.SuspendsDefinition, Name: d.ID, Version: d.Version, Since: noon}, false)
	late := w.batch()
	late.Library = before
	if m := w.moved(w.db.Commit(w.Context(), late.Batch)); !m.Library {
		w.Errorf("moved: %+v", m)
	}
	late = w.batch()
	late.Suspension = &host.SuspensionChange{Library: before, Suspension: host.Suspension{Kind: host.SuspendsJobs, Name: "x"}}
	if m := w.moved(w.db.Commit(w.Context(), late.Batch)); !m.Library || len(w.suspended()) != 1 {
		w.Errorf("moved: %+v", m)
	}
	w.change(host.Suspension{Kind: host.SuspendsDefinition, Name: d.ID, Since: noon}, false)
	w.change(host.Suspension{Kind: host.SuspendsDefinition, Name: d.ID, Version: d.Version}, true)
	state := query.Cond{Field: "state", Op: query.Eq, Value: "SUSPENDED"}
	p, err := w.db.SearchProcessDefinitions(w.Context(), query.Request{Access: all, Conds: []query.Cond{state}})
	w.must(err)
	if len(p.Items) != 1 || p.Items[0].State != "SUSPENDED" || len(w.suspended()) != 1 {
		w.Errorf("%+v, %+v", p.Items, w.suspended())
	}
}
