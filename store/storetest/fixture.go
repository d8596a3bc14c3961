package storetest

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/internal/canon"
	"tallystick/query"
	"tallystick/rules"
	"tallystick/tasks"
)

func canonText(s string) canon.JSON { return canon.JSON(s) }

// fillInstance gives an instance one of everything: key+1 a sub-process, key+2 a user task element inside
// it, key+3 its task, key+4 a service task, key+5 its job, key+6 a timer, key+7 and key+8 variables, key+9
// an incident, key+10 an evaluation.
func fillInstance(b *batch, key int64) {
	b.record(key, engine.ElementActivated{Key: key + 1, Element: "sub", ElementType: "SUB_PROCESS", Name: "Sub", Scope: key})
	b.record(key, engine.ElementActivated{Key: key + 2, Element: "approve", ElementType: "USER_TASK", Name: "Approve", Scope: key + 1})
	b.record(key, engine.TaskCreated{
		Key: key + 3, Element: "approve", ElementInstance: key + 2, Headers: map[string]string{"a": "b"},
		Task: tasks.Task{
			Name: "Approve", State: tasks.Created, CandidateGroups: []string{"clerks", "managers"},
			CandidateUsers: []string{"bob"}, DueDate: noon.Add(time.Hour), Priority: 50, FormKey: 12,
		},
	})
	b.record(key, engine.ElementActivated{Key: key + 4, Element: "charge", ElementType: "SERVICE_TASK", Scope: key})
	b.record(key, engine.JobCreated{
		Key: key + 5, Element: "charge", ElementInstance: key + 4, Type: "pay", Retries: 3,
		Headers: map[string]string{"k": "v"},
	})
	b.record(key, engine.TimerArmed{Key: key + 6, Element: "wait", ElementInstance: key + 4, Due: noon.Add(time.Minute)})
	b.record(key, engine.VariableSet{Key: key + 7, Scope: key, Name: "amount", Value: "100"})
	b.record(key, engine.VariableSet{Key: key + 8, Scope: key + 1, Name: "note", Value: `"inner"`})
	b.record(key, engine.IncidentRaised{
		Key: key + 9, Element: "sub", ElementInstance: key + 1, ErrorType: "CONDITION_ERROR", Message: "no flow",
	})
	b.record(key, engine.DecisionEvaluated{
		Key: key + 10, Element: "decide", ElementInstance: key + 1,
		Decision: engine.DecisionRef{Key: 31, ID: "route", Name: "Route", Version: 2, RequirementsKey: 30},
		Trace: rules.Trace{Output: `"ok"`, Decisions: []rules.Evaluated{
			{ID: "weight", Name: "Weight", Type: rules.TypeTable, Key: 32, Version: 1, Output: "3"},
			{ID: "route", Name: "Route", Type: rules.TypeTable, Key: 31, Version: 2, Output: `"ok"`},
		}},
	})
}

// emptyInstance ends everything that fillInstance began.
func emptyInstance(b *batch, key int64) {
	b.record(key, engine.IncidentResolved{Key: key + 9, Element: "sub"})
	b.record(key, engine.TaskUpdated{Key: key + 3, Element: "approve", Change: tasks.Change{CandidateGroups: &[]string{"board"}}})
	b.record(key, engine.TaskCompleted{Key: key + 3, Element: "approve", By: "ann"})
	b.record(key, engine.JobCompleted{Key: key + 5, Element: "charge"})
	b.record(key, engine.TimerFired{Key: key + 6, Element: "wait"})
	b.record(key, engine.VariableSet{Key: key + 7, Scope: key, Name: "amount", Value: "200"})
	for _, k := range []int64{2, 4, 1} {
		b.record(key, engine.ElementCompleted{Key: key + k})
	}
	b.record(key, engine.InstanceCompleted{})
}

// everything counts the rows of all projections.
func everything(w *world) int {
	w.Helper()
	ctx, q := w.Context(), query.Request{Access: all}
	total := 0
	for _, n := range []func() (int, error){
		func() (int, error) { r, err := w.db.SearchProcessInstances(ctx, q); return len(r.Items), err },
		func() (int, error) { r, err := w.db.SearchElementInstances(ctx, q); return len(r.Items), err },
		func() (int, error) { r, err := w.db.SearchVariables(ctx, q); return len(r.Items), err },
		func() (int, error) { r, err := w.db.SearchJobs(ctx, q); return len(r.Items), err },
		func() (int, error) { r, err := w.db.SearchUserTasks(ctx, q); return len(r.Items), err },
		func() (int, error) { r, err := w.db.SearchIncidents(ctx, q); return len(r.Items), err },
		func() (int, error) { r, err := w.db.SearchDecisionInstances(ctx, q); return len(r.Items), err },
		func() (int, error) { r, err := w.db.SearchAuditEntries(ctx, q); return len(r.Items), err },
		func() (int, error) { r, err := w.db.SearchProcessDefinitions(ctx, q); return len(r.Items), err },
		func() (int, error) { r, err := w.db.SearchDecisionDefinitions(ctx, q); return len(r.Items), err },
		func() (int, error) {
			r, err := w.db.Due(ctx, noon.Add(time.Hour*24), noon.Add(time.Hour*24), 100)
			return len(r), err
		},
	} {
		count, err := n()
		w.must(err)
		total += count
	}
	return total
}

// deployment is one file of each kind, version 1, decided on a library version.
func deployment(w *world, version int64) *host.DeploymentChange {
	w.Helper()
	keys := w.keys(7)
	sources := map[int64][]byte{}
	deployed := func(key int64, id, file, data string) host.Deployed {
		sum := sha256.Sum256([]byte(data))
		sources[key] = []byte(data)
		return host.Deployed{
			Key: key, ID: id, Name: "The " + id, Version: 1, ResourceName: file,
			Digest: hex.EncodeToString(sum[:]), Deployment: keys[0],
		}
	}
	process := deployed(keys[0], "order", "order.bpmn", "<bpmn/>")
	process.VersionTag = "v1"
	graph := deployed(keys[1], "routing", "routing.dmn", "<dmn/>")
	library := host.DeployedGraph{Deployed: deployed(keys[6], "terms", "terms.dmn", "<dmn id=\"terms\"/>"), Namespace: "urn:terms"}
	decision := deployed(keys[2], "route", "routing.dmn", "<dmn/>")
	delete(sources, keys[2]) // a decision's bytes are those of its graph
	form := deployed(keys[3], "form", "form.form", `{"id":"form"}`)
	model := deployed(keys[4], "score", "score.model.json", `{}`)
	return &host.DeploymentChange{
		Library: version, Sources: sources,
		Starts: []host.StartEvent{
			{Key: keys[5], Definition: process.Key, ProcessID: "order", Element: "begun", Type: engine.SubscribesMessage, Name: "begun"},
		},
		Deployment: host.Deployment{
			Key: keys[0], Processes: []host.Deployed{process}, Forms: []host.Deployed{form}, Models: []host.Deployed{model},
			Graphs: []host.DeployedGraph{
				{Deployed: graph, Namespace: "urn:routing", Imports: []int64{library.Key, 7}}, library,
			},
			Decisions: []host.DeployedDecision{{Deployed: decision, Requirements: graph}},
		},
	}
}
