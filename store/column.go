package store

import "slices"

// The columns of the tables that batches write, in the words of the rows in row.go.

func placed[R any](of func(*R) *place) []column[R] {
	return []column[R]{
		{"instance", bigint, func(r *R) cell { return num(of(r).Instance) }},
		{"definition", bigint, func(r *R) cell { return num(of(r).Definition) }},
		{"process_id", txt, func(r *R) cell { return str(of(r).ProcessID) }},
	}
}

func living[R any](of func(*R) *life) []column[R] {
	return []column[R]{
		{"state", txt, func(r *R) cell { return str(of(r).State) }},
		{"ended", bigint, func(r *R) cell { return numOrNull(of(r).Ended) }},
	}
}

// sealed are the head of an audit stream.
func sealed[R any](of func(*R) *headColumns) []column[R] {
	return []column[R]{
		{"stream", txt, func(r *R) cell { return strOrNull(of(r).Stream) }},
		{"seq", bigint, func(r *R) cell { return numOrNull(of(r).Seq) }},
		{"hash", bytea, func(r *R) cell { return blobOrNull(of(r).Hash) }},
	}
}

var instanceColumns = []column[instanceRow]{
	{"key", bigint, func(r *instanceRow) cell { return num(r.Key) }},
	{"version", bigint, func(r *instanceRow) cell { return num(r.Version) }},
	{"tenant", txt, func(r *instanceRow) cell { return str(r.Tenant) }},
	{"stream", txt, func(r *instanceRow) cell { return str(r.Stream) }},
	{"seq", bigint, func(r *instanceRow) cell { return num(r.Seq) }},
	{"hash", bytea, func(r *instanceRow) cell { return blob(r.Hash) }},
	{"state", bytea, func(r *instanceRow) cell { return blob(r.State) }},
}

// movedColumns are what changes of an instance that goes on.
var movedColumns = []column[instanceRow]{
	instanceColumns[0], instanceColumns[1], instanceColumns[4], instanceColumns[5], instanceColumns[6],
}

// fenceColumns name an instance at a version.
var fenceColumns = instanceColumns[:2]

var commandColumns = []column[commandRow]{
	{"id", txt, func(r *commandRow) cell { return str(r.ID) }},
	{"actor", txt, func(r *commandRow) cell { return str(r.Actor) }},
	{"digest", bytea, func(r *commandRow) cell { return blob(r.Digest) }},
	{"receipt", bytea, func(r *commandRow) cell { return blob(r.Receipt) }},
	{"at", bigint, func(r *commandRow) cell { return num(r.At) }},
}

var timerColumns = []column[timerRow]{
	{"key", bigint, func(r *timerRow) cell { return num(r.Key) }},
	{"instance", bigint, func(r *timerRow) cell { return num(r.Instance) }},
	{"due", bigint, func(r *timerRow) cell { return num(r.Due) }},
	{"next", bigint, func(r *timerRow) cell { return num(r.Due) }},
}

var processInstanceColumns = slices.Concat([]column[processInstanceRow]{
	{"key", bigint, func(r *processInstanceRow) cell { return num(r.Key) }},
	{"definition", bigint, func(r *processInstanceRow) cell { return num(r.Definition) }},
	{"process_id", txt, func(r *processInstanceRow) cell { return str(r.ProcessID) }},
	{"version", bigint, func(r *processInstanceRow) cell { return num(r.Version) }},
	{"version_tag", txt, func(r *processInstanceRow) cell { return strOrNull(r.VersionTag) }},
	{"parent_instance", bigint, func(r *processInstanceRow) cell { return numOrNull(r.ParentInstance) }},
	{"parent_element", bigint, func(r *processInstanceRow) cell { return numOrNull(r.ParentElement) }},
	{"root_instance", bigint, func(r *processInstanceRow) cell { return num(r.RootInstance) }},
	{"business_id", txt, func(r *processInstanceRow) cell { return strOrNull(r.BusinessID) }},
	{"tags", txt, func(r *processInstanceRow) cell { return str(r.Tags) }},
	{"started", bigint, func(r *processInstanceRow) cell { return num(r.Started) }},
}, living(func(r *processInstanceRow) *life { return &r.life }),
	[]column[processInstanceRow]{{"suspended", bigint, func(r *processInstanceRow) cell { return numOrNull(r.Suspended) }}},
	sealed(func(r *processInstanceRow) *headColumns { return &r.headColumns }))

var processInstanceEndColumns = slices.Concat([]column[instanceEnd]{
	{"key", bigint, func(r *instanceEnd) cell { return num(r.Key) }},
}, living(func(r *instanceEnd) *life { return &r.life }),
	[]column[instanceEnd]{{"suspended", bigint, func(r *instanceEnd) cell { return numOrNull(r.Suspended) }}},
	sealed(func(r *instanceEnd) *headColumns { return &r.headColumns }))

var tagColumns = []column[tagRow]{
	{"instance", bigint, func(r *tagRow) cell { return num(r.Instance) }},
	{"name", txt, func(r *tagRow) cell { return str(r.Name) }},
}

var elementColumns = slices.Concat([]column[elementRow]{
	{"key", bigint, func(r *elementRow) cell { return num(r.Key) }},
}, placed(func(r *elementRow) *place { return &r.place }), []column[elementRow]{
	{"element", txt, func(r *elementRow) cell { return str(r.Element) }},
	{"name", txt, func(r *elementRow) cell { return str(r.Name) }},
	{"type", txt, func(r *elementRow) cell { return str(r.Type) }},
	{"scope", bigint, func(r *elementRow) cell { return num(r.Scope) }},
	{"started", bigint, func(r *elementRow) cell { return num(r.Started) }},
}, living(func(r *elementRow) *life { return &r.life }))

var elementEndColumns = slices.Concat([]column[lifeChange]{
	{"key", bigint, func(r *lifeChange) cell { return num(r.Key) }},
}, living(func(r *lifeChange) *life { return &r.life }))

var variableColumns = slices.Concat([]column[variableRow]{
	{"key", bigint, func(r *variableRow) cell { return num(r.Key) }},
}, placed(func(r *variableRow) *place { return &r.place }), []column[variableRow]{
	{"scope", bigint, func(r *variableRow) cell { return num(r.Scope) }},
	{"name", txt, func(r *variableRow) cell { return str(r.Name) }},
	{"value", txt, func(r *variableRow) cell { return str(r.Value) }},
})
