package store

var streamColumns = []column[streamRow]{
	{"tenant", txt, func(r *streamRow) cell { return str(r.Tenant) }},
	{"stream", txt, func(r *streamRow) cell { return str(r.Stream) }},
	{"seq", bigint, func(r *streamRow) cell { return num(r.Seq) }},
	{"hash", bytea, func(r *streamRow) cell { return blob(r.Hash) }},
}

// streamMoveColumns carry the head that a stream must still have beside the one it gets.
var streamMoveColumns = append(streamColumns[:len(streamColumns):len(streamColumns)],
	column[streamRow]{"seq_before", bigint, func(r *streamRow) cell { return num(r.seqBefore) }},
	column[streamRow]{"hash_before", bytea, func(r *streamRow) cell { return blob(r.hashBefore) }},
)

var entryColumns = []column[entryRow]{
	{"tenant", txt, func(r *entryRow) cell { return str(r.Tenant) }},
	{"stream", txt, func(r *entryRow) cell { return str(r.Stream) }},
	{"seq", bigint, func(r *entryRow) cell { return num(r.Seq) }},
	{"at", bigint, func(r *entryRow) cell { return num(r.At) }},
	{"category", txt, func(r *entryRow) cell { return str(r.Category) }},
	{"action", txt, func(r *entryRow) cell { return str(r.Action) }},
	{"outcome", txt, func(r *entryRow) cell { return str(r.Outcome) }},
	{"actor", txt, func(r *entryRow) cell { return str(r.Actor) }},
	{"resource", txt, func(r *entryRow) cell { return strOrNull(r.Resource) }},
	{"process_id", txt, func(r *entryRow) cell { return strOrNull(r.ProcessID) }},
	{"instance", bigint, func(r *entryRow) cell { return numOrNull(r.Instance) }},
	{"element", txt, func(r *entryRow) cell { return strOrNull(r.Element) }},
	{"request_id", txt, func(r *entryRow) cell { return strOrNull(r.RequestID) }},
	{"decision", txt, func(r *entryRow) cell { return strOrNull(r.Decision) }},
	{"model", txt, func(r *entryRow) cell { return strOrNull(r.Model) }},
	{"hash", bytea, func(r *entryRow) cell { return blob(r.Hash) }},
	{"canonical", bytea, func(r *entryRow) cell { return blob(r.Canonical) }},
	{"salt", bytea, func(r *entryRow) cell { return blobOrNull(r.Salt) }},
	{"private", bytea, func(r *entryRow) cell { return blobOrNull(r.Private) }},
}
