package store

import (
	"cmp"

	"tallystick/engine"
	"tallystick/host"
)

// States of things in the read side, by the names of the REST API.
const (
	stateActive      = "ACTIVE"
	stateSuspended   = host.StatusSuspended
	stateCompleted   = "COMPLETED"
	stateTerminated  = "TERMINATED"
	stateCreated     = "CREATED"
	stateFailed      = "FAILED"
	stateErrorThrown = "ERROR_THROWN"
	stateCanceled    = "CANCELED"
	stateRetries     = "RETRIES_UPDATED"
	stateResolved    = "RESOLVED"
	stateEvaluated   = "EVALUATED"
	stateCorrelated  = "CORRELATED"
	stateDeleted     = "DELETED"
)

// folded is what the events of a batch do to the projections.
type folded struct {
	instances     *changes[processInstanceRow, instanceEnd]
	elements      *changes[elementRow, lifeChange]
	incidents     *changes[incidentRow, incidentChange]
	jobs          *changes[jobRow, jobChange]
	tasks         *changes[taskRow, taskChange]
	variables     latest[variableRow]
	moved         latest[variableRow] // variables of migrated instances, with nothing but their place
	decisions     []decisionRow
	timers        latest[timerRow]
	gone          []int64 // timers that were in the table before
	tags          []tagRow
	candidates    []candidateRow
	subscriptions *changes[subscriptionRow, subscriptionChange]
	recast        []recast // candidate lists that are replaced
	dataStores    map[text]dataStoreRow
}

// recast names a list of candidates of a task.
type recast struct {
	Task int64
	Kind text
}

// latest keeps one row per key, the last one, in the order of the first.
type latest[R any] struct {
	rows []R
	at   map[int64]int
}

func (l *latest[R]) put(key int64, row R) {
	if i, ok := l.at[key]; ok {
		l.rows[i] = row
		return
	}
	if l.at == nil {
		l.at = map[int64]int{}
	}
	l.at[key] = len(l.rows)
	l.rows = append(l.rows, row)
}

// fold turns the events of a batch, in their order, into rows.
func fold(b host.Batch) *folded {
	f := &folded{
		instances: collect(
			func(k int64) instanceEnd { return instanceEnd{Key: k} },
			changeInstance),
		elements: collect(
			func(k int64) lifeChange { return lifeChange{Key: k} },
			changeElement),
		incidents: collect(
			func(k int64) incidentChange { return incidentChange{Key: k} },
			changeIncident),
		jobs:  collect(func(k int64) jobChange { return jobChange{Key: k} }, changeJob),
		tasks: collect(func(k int64) taskChange { return taskChange{Key: k} }, changeTask),
	}
	f.subscriptions = collect(
		func(k int64) subscriptionChange { return subscriptionChange{Key: k} },
		changeSubscription)
	for i := range b.Events {
		f.add(&b.Events[i])
	}
	f.end(b.Instances)
	f.lease(b.Leases)
	f.lock(b.Locked)
	f.hand(b.Handed)
	f.instances.settle()
	f.elements.settle()
	f.incidents.settle()
	f.jobs.settle()
	f.tasks.settle()
	f.subscriptions.settle()
	f.settleTimers()
	f.settleVariables()
	return f
}

// end keeps the heads of instances that ended: the rows that had them are removed.
func (f *folded) end(all []host.InstanceChange) {
	for i := range all {
		c := &all[i]
		if c.Status == active {
			continue
		}
		stream := text(c.Head.Stream)
		f.instances.change(c.Key).headColumns = headColumns{Stream: &stream, Seq: &c.Head.Seq, Hash: c.Head.Hash[:]}
	}
}

// add folds one event. Records that change nothing a person can list leave no row.
func (f *folded) add(e *host.Event) {
	at := micros(e.At)
	switch r := e.Record.(type) {
	case engine.InstanceStarted:
		f.startInstance(e, r)
	case engine.InstanceCompleted:
		f.instances.change(e.Instance).life = life{State: stateCompleted, Ended: &at}
	case engine.InstanceTerminated:
		f.instances.change(e.Instance).stands(life{State: stateTerminated, Ended: &at}, nil)
	case engine.InstanceSuspended:
		f.instances.change(e.Instance).stands(life{State: stateSuspended}, &at)
	case engine.InstanceResumed:
		f.instances.change(e.Instance).stands(life{State: stateActive}, nil)
	case engine.ElementActivated:
		f.elements.insert(r.Key, elementRow{
			Key: r.Key, place: placeOf(e), Element: text(r.Element), Name: text(r.Name),
			Type: text(r.ElementType), Scope: r.Scope, Started: at, life: life{State: stateActive},
		})
	case engine.ElementCompleted:
		f.elements.change(r.Key).life = life{State: stateCompleted, Ended: &at}
	case engine.ElementTerminated:
		f.elements.change(r.Key).life = life{State: stateTerminated, Ended: &at}
	case engine.VariableSet:
		f.variables.put(r.Key, variableRow{
			Key: r.Key, place: placeOf(e), Scope: r.Scope, Name: text(r.Name), Value: text(r.Value),
		})
	case engine.TimerArmed:
		f.timers.put(r.Key, timerRow{Key: r.Key, Instance: e.Instance, Due: microsUp(r.Due)})
	case engine.TimerFired:
		f.gone = append(f.gone, r.Key)
	case engine.TimerCanceled:
		f.gone = append(f.gone, r.Key)
	case engine.IncidentRaised:
		f.raiseIncident(e, r)
	case engine.IncidentResolved:
		f.incidents.change(r.Key).incidentLife = incidentLife{State: stateResolved, Resolved: &at}
	case engine.DecisionEvaluated:
		f.evaluate(e, r)
	default:
		if !f.addMigration(e, at) && !f.addSubscription(e, at) && !f.addDataStore(e, at) && !f.addJob(e, at) {
			f.addTask(e, at)
		}
	}
}

func placeOf(e *host.Event) place {
	return place{Instance: e.Instance, Definition: e.Definition, ProcessID: text(e.ProcessID)}
}

func (f *folded) startInstance(e *host.Event, r engine.InstanceStarted) {
	f.instances.insert(e.Instance, processInstanceRow{
		Key: e.Instance, Definition: r.Definition, ProcessID: text(r.ProcessID), Version: r.Version,
		VersionTag: textOrNull(r.VersionTag), ParentInstance: keyOrNull(r.Parent), ParentElement: keyOrNull(r.Caller),
		RootInstance: cmp.Or(r.Root, e.Instance), BusinessID: textOrNull(r.BusinessID),
		Tags: list(r.Tags), Started: micros(e.At), life: life{State: stateActive},
	})
	for _, tag := range r.Tags {
		f.tags = append(f.tags, tagRow{Instance: e.Instance, Name: text(tag)})
	}
}

func (f *folded) raiseIncident(e *host.Event, r engine.IncidentRaised) {
	f.incidents.insert(r.Key, incidentRow{
		Key: r.Key, place: placeOf(e), Element: text(r.Element), ElementInstance: r.ElementInstance,
		Job: keyOrNull(r.Job), Type: text(r.ErrorType), Message: text(r.Message), Created: micros(e.At),
		incidentLife: incidentLife{State: stateActive},
	})
}

// settleTimers leaves out timers that were armed and ended in the same batch.
func (f *folded) settleTimers() {
	ended := make(map[int64]bool, len(f.gone))
	before := f.gone[:0]
	for _, key := range f.gone {
		ended[key] = true
		if _, armedHere := f.timers.at[key]; !armedHere {
			before = append(before, key)
		}
	}
	f.gone = before
	var open []timerRow
	for _, t := range f.timers.rows {
		if !ended[t.Key] {
			open = append(open, t)
		}
	}
	f.timers.rows = open
}
