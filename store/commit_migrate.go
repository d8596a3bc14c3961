package store

import "slices"

// What a migration sets besides; a row that does not end keeps its state.
const (
	belongs   = "definition = d.definition, process_id = d.process_id"
	settles   = belongs + ", element = d.element"
	keepState = "state = CASE WHEN d.state = '' THEN t.state ELSE d.state END"
	keepEnd   = "ended = CASE WHEN d.state = '' THEN t.ended ELSE d.ended END"
)

// split parts the changes of rows that were migrated from the others: each has a statement of its own, so that the
// usual one stays short. No row is in both.
func split[C any](all []C, migrated func(*C) bool) (usual, moved []C) {
	if !slices.ContainsFunc(all, func(c C) bool { return migrated(&c) }) {
		return all, nil
	}
	for _, c := range all {
		if migrated(&c) {
			moved = append(moved, c)
		} else {
			usual = append(usual, c)
		}
	}
	return usual, moved
}

// migrationChanges write what was migrated. They take those changes out of the usual ones, so they come first.
func (f *folded) migrationChanges() []change {
	var (
		instances     []instanceEnd
		elements      []lifeChange
		incidents     []incidentChange
		jobs          []jobChange
		tasks         []taskChange
		subscriptions []subscriptionChange
	)
	f.instances.changed, instances = split(f.instances.changed, func(c *instanceEnd) bool { return c.moved != nil })
	f.elements.changed, elements = split(f.elements.changed, func(c *lifeChange) bool { return c.moved != nil })
	f.incidents.changed, incidents = split(f.incidents.changed, func(c *incidentChange) bool { return c.moved != nil })
	f.jobs.changed, jobs = split(f.jobs.changed, func(c *jobChange) bool { return c.moved != nil })
	f.tasks.changed, tasks = split(f.tasks.changed, func(c *taskChange) bool { return c.moved != nil })
	f.subscriptions.changed, subscriptions = split(f.subscriptions.changed, func(c *subscriptionChange) bool { return c.moved != nil })
	return []change{
		rowsOf(updating, "process_instance", instanceMoveColumns, instances).setting(belongs + ", " + keepState + ", " + keepEnd +
			", version = d.version, version_tag = d.version_tag, stream = d.stream, seq = d.seq, hash = d.hash" +
			", suspended = CASE WHEN d.state = '' THEN t.suspended ELSE d.suspended END"),
		rowsOf(updating, "element_instance", elementMoveColumns, elements).
			setting(settles + ", name = d.name, type = d.type, " + keepState + ", " + keepEnd),
		rowsOf(updating, "variable", variableMoveColumns, f.moved.rows).setting(belongs),
		rowsOf(updating, "incident", incidentMoveColumns, incidents).
			setting(settles + ", " + keepState + ", resolved = CASE WHEN d.state = '' THEN t.resolved ELSE d.resolved END"),
		rowsOf(updating, "job", jobMoveColumns, jobs).setting(settles + ", " + updateJobs).
			matching("t.key = d.key AND (d.lease IS NULL OR t.lease = d.lease) AND (d.locked = 0 OR t.deadline IS NOT NULL)").all(),
		rowsOf(updating, "user_task", taskMoveColumns, tasks).setting(settles + ", " + updateTasks),
		rowsOf(updating, "subscription", subscriptionMoveColumns, subscriptions).
			setting(settles + ", interrupting = d.interrupting, updated = d.updated, " + keepState),
	}
}

// relocated are the columns of a place and an element.
func relocated[R any](of func(*R) *relocation) []column[R] {
	return append(placedAt(func(r *R) *place { return &of(r).place }),
		column[R]{"element", txt, func(r *R) cell { return str(of(r).Element) }})
}

// placedAt are the columns of a place but for the instance, which stays.
func placedAt[R any](of func(*R) *place) []column[R] { return placed(of)[1:] }

var instanceMoveColumns = slices.Concat(processInstanceEndColumns, placedAt(func(r *instanceEnd) *place { return &r.moved.place }),
	[]column[instanceEnd]{
		{"version", bigint, func(r *instanceEnd) cell { return num(r.moved.Version) }},
		{"version_tag", txt, func(r *instanceEnd) cell { return strOrNull(r.moved.VersionTag) }},
	})

var elementMoveColumns = slices.Concat(elementEndColumns, relocated(func(r *lifeChange) *relocation { return r.moved }),
	[]column[lifeChange]{
		{"name", txt, func(r *lifeChange) cell { return str(r.moved.Name) }},
		{"type", txt, func(r *lifeChange) cell { return str(r.moved.Type) }},
	})

var variableMoveColumns = slices.Concat(variableColumns[:1], placedAt(func(r *variableRow) *place { return &r.place }))

var incidentMoveColumns = slices.Concat(incidentChangeColumns, relocated(func(r *incidentChange) *relocation { return r.moved }))

var jobMoveColumns = slices.Concat(jobChangeColumns, relocated(func(r *jobChange) *relocation { return r.moved }))

var taskMoveColumns = slices.Concat(taskChangeColumns, relocated(func(r *taskChange) *relocation { return r.moved }))

var subscriptionMoveColumns = slices.Concat(subscriptionEndColumns, relocated(func(r *subscriptionChange) *relocation { return r.moved }),
	[]column[subscriptionChange]{
		{"interrupting", bigint, func(r *subscriptionChange) cell { return truth(r.moved.Interrupting) }},
	})
