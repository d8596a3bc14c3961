package storetest

import (
	"slices"

	"github.com/google/go-cmp/cmp"

	"tallystick/fault"
	"tallystick/host"
	"tallystick/query"
)

var libraryCases = []testCase{
	{"a deployment is kept with its bytes", deploymentKept},
	{"duplicates are not written again", duplicatesLeftOut},
	{"bytes that are not those of the digest are refused", wrongBytes},
	{"definitions are searched", definitionsSearched},
	{"a suspended process is another library", processRests},
}

func deploymentKept(w *world) {
	b := w.batch()
	before := w.load().Library
	b.Deployment = deployment(w, before)
	w.commit(b)
	d := b.Deployment.Deployment
	c, err := w.db.Catalog(w.Context())
	w.must(err)
	want := host.Catalog{Version: before + 1, Processes: d.Processes, Graphs: d.Graphs, Decisions: d.Decisions, Forms: d.Forms, Models: d.Models}
	if diff := cmp.Diff(want, c); diff != "" {
		w.Error(diff)
	}
	if w.load().Library != before+1 {
		w.Error("the library version stayed")
	}
	for key, data := range b.Deployment.Sources {
		if got, err := w.db.Source(w.Context(), key); err != nil || !slices.Equal(got, data) {
			w.Errorf("source %d: %q %v", key, got, err)
		}
	}
	if got, err := w.db.Source(w.Context(), d.Decisions[0].Key); err != nil || string(got) != "<dmn/>" {
		w.Errorf("source of a decision: %q %v", got, err)
	}
	if _, err := w.db.Source(w.Context(), 1); fault.KindOf(err) != fault.NotFound {
		w.Errorf("a source that is none: %v", err)
	}
	f, ok, err := w.db.Form(w.Context(), d.Forms[0].Key)
	w.must(err)
	wantForm := query.Form{FormKey: query.Key(d.Forms[0].Key), FormID: "form", Version: 1, Schema: `{"id":"form"}`, TenantID: query.Tenant}
	if !ok || f != wantForm {
		w.Errorf("form %+v", f)
	}
}

func duplicatesLeftOut(w *world) {
	b := w.batch()
	b.Deployment = deployment(w, w.load().Library)
	w.commit(b)
	again := w.batch()
	again.Deployment = &host.DeploymentChange{Library: w.load().Library, Deployment: b.Deployment.Deployment}
	again.Deployment.Deployment.Processes = slices.Clone(b.Deployment.Deployment.Processes)
	again.Deployment.Deployment.Processes[0].Duplicate = true
	again.Deployment.Deployment.Graphs = nil
	again.Deployment.Deployment.Decisions, again.Deployment.Deployment.Forms, again.Deployment.Deployment.Models = nil, nil, nil
	w.commit(again)
	c, err := w.db.Catalog(w.Context())
	w.must(err)
	if len(c.Processes) != 1 {
		w.Errorf("%d processes", len(c.Processes))
	}
}

func wrongBytes(w *world) {
	b := w.batch()
	b.Deployment = deployment(w, w.load().Library)
	b.Deployment.Sources[b.Deployment.Deployment.Processes[0].Key] = []byte("<other/>")
	if err := w.db.Commit(w.Context(), b.Batch); err == nil {
		w.Error("bytes were kept under a digest that is not theirs")
	}
}

func definitionsSearched(w *world) {
	for range 2 {
		b := w.batch()
		b.Deployment = deployment(w, w.load().Library)
		c, err := w.db.Catalog(w.Context())
		w.must(err)
		b.Deployment.Deployment.Processes[0].Version += len(c.Processes)
		b.Deployment.Deployment.Decisions[0].Version += len(c.Decisions)
		for i := range b.Deployment.Deployment.Graphs {
			b.Deployment.Deployment.Graphs[i].Version += len(c.Decisions)
		}
		w.commit(b)
	}
	latest := []query.Cond{{Field: "isLatestVersion", Op: query.Eq, Value: true}}
	p, err := w.db.SearchProcessDefinitions(w.Context(), query.Request{Access: all, Conds: latest})
	w.must(err)
	if len(p.Items) != 1 || p.Items[0].Version != 2 || *p.Items[0].Name != "The order" || *p.Items[0].VersionTag != "v1" ||
		p.Items[0].State != "ACTIVE" || p.Items[0].HasStartForm {
		w.Errorf("latest process %+v", p.Items)
	}
	d, err := w.db.SearchDecisionDefinitions(w.Context(), query.Request{Access: query.Access{Definitions: []string{"route"}}})
	w.must(err)
	if len(d.Items) != 2 || d.Items[0].DecisionRequirementsID != "routing" || d.Items[1].Version != 2 {
		w.Errorf("decisions %+v", d.Items)
	}
	if _, ok, err := w.db.ProcessDefinition(w.Context(), int64(d.Items[0].DecisionDefinitionKey)); ok || err != nil {
		w.Errorf("a decision is a process: %v", err)
	}
	one, ok, err := w.db.DecisionDefinition(w.Context(), int64(d.Items[0].DecisionDefinitionKey))
	w.must(err)
	if !ok || one != d.Items[0] {
		w.Errorf("decision %+v", one)
	}
}
