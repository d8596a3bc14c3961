package store

import (
	"cmp"
	"slices"

	"tallystick/host"
)

// active is the status of an instance that goes on; every other is an end.
const active = "ACTIVE"

// changesOf lists the statements of a batch; those without rows are left out.
func changesOf(b host.Batch) []change {
	f := fold(b)
	all := slices.Concat(instanceChanges(b.Instances), streamChanges(b.Audit.Streams), []change{
		rowsOf(inserting, "command", commandColumns, commandRows(b.Commands)).setting("CONFLICT (id) DO NOTHING").all(),
	}, f.migrationChanges(), f.changes(), f.workChanges(), errandChanges(b), []change{auditChange(b.Audit.Entries)})
	return present(all)
}

// present leaves out what has no rows.
func present(all []change) []change {
	return slices.DeleteFunc(all, func(c change) bool { return c.rows == 0 })
}

// instanceChanges insert new instances, replace those that go on and remove those that ended, fenced by their
// versions. An instance that began and ended in one batch leaves its history only, whose row is its fence.
func instanceChanges(all []host.InstanceChange) []change {
	var fresh, known, gone []instanceRow
	for _, i := range all {
		row := instanceRow{
			Key: i.Key, Version: i.Version + 1, Tenant: text(i.Head.Tenant),
			Stream: text(i.Head.Stream), Seq: i.Head.Seq, Hash: i.Head.Hash[:], State: pack(i.State),
		}
		switch {
		case i.Version == 0 && i.Status == active:
			fresh = append(fresh, row)
		case i.Version == 0:
		case i.Status == active:
			known = append(known, row)
		default:
			row.Version = i.Version
			gone = append(gone, row)
		}
	}
	return []change{
		rowsOf(inserting, "instance", instanceColumns, fresh).setting("CONFLICT (key) DO NOTHING").all(),
		rowsOf(updating, "instance", movedColumns, known).matching("t.key = d.key AND t.version = d.version - 1").
			setting("version = d.version, seq = d.seq, hash = d.hash, state = d.state").all(),
		rowsOf(removing, "instance", fenceColumns, gone).matching("t.key = d.key AND t.version = d.version").all(),
	}
}

// streamChanges open streams that had no entry and move the heads of the others.
func streamChanges(all []host.StreamChange) []change {
	var fresh, known []streamRow
	for _, s := range joinSteps(all) {
		row := streamRow{
			Tenant: text(s.After.Tenant), Stream: text(s.After.Stream), Seq: s.After.Seq, Hash: s.After.Hash[:],
			seqBefore: s.Before.Seq, hashBefore: s.Before.Hash[:],
		}
		if s.Before.Seq == 0 {
			fresh = append(fresh, row)
			continue
		}
		known = append(known, row)
	}
	return []change{
		rowsOf(inserting, "audit_stream", streamColumns, fresh).setting("CONFLICT (tenant, stream) DO NOTHING").all(),
		rowsOf(updating, "audit_stream", streamMoveColumns, known).setting("seq = d.seq, hash = d.hash").
			matching("t.stream = d.stream AND t.tenant = d.tenant AND t.seq = d.seq_before AND t.hash = d.hash_before").all(),
	}
}

// auditChange appends entries. The columns beside the canonical bytes are derived from the entry here and
// nowhere else.
func auditChange(entries []host.AuditRow) change {
	rows := make([]entryRow, len(entries))
	for i := range entries {
		rows[i] = entryOf(&entries[i])
	}
	return rowsOf(inserting, "audit_entry", entryColumns, rows)
}

// commandRows are the commands in the order of their ids, in which they are locked.
func commandRows(commands []host.CommandRow) []commandRow {
	rows := make([]commandRow, len(commands))
	for i := range commands {
		c := &commands[i]
		rows[i] = commandRow{
			ID: text(c.ID), Actor: text(c.Actor), Digest: c.Digest[:], Receipt: notNil(c.Receipt), At: micros(c.At),
		}
	}
	slices.SortFunc(rows, func(a, b commandRow) int { return cmp.Compare(a.ID, b.ID) })
	return rows
}

// changes bring the projections up to date.
func (f *folded) changes() []change {
	const end = "state = d.state, ended = d.ended"
	return []change{
		rowsOf(inserting, "process_instance", processInstanceColumns, f.instances.fresh).setting("CONFLICT (key) DO NOTHING").all(),
		rowsOf(updating, "process_instance", processInstanceEndColumns, f.instances.changed).
			setting(end + ", suspended = d.suspended, stream = d.stream, seq = d.seq, hash = d.hash"),
		rowsOf(inserting, "instance_tag", tagColumns, f.tags),
		rowsOf(inserting, "element_instance", elementColumns, f.elements.fresh),
		rowsOf(updating, "element_instance", elementEndColumns, f.elements.changed).setting(end),
		rowsOf(inserting, "variable", variableColumns, f.variables.rows).
			setting("CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, definition = EXCLUDED.definition, process_id = EXCLUDED.process_id"),
		rowsOf(inserting, "incident", incidentColumns, f.incidents.fresh),
		rowsOf(updating, "incident", incidentChangeColumns, f.incidents.changed).
			setting("state = d.state, resolved = d.resolved"),
		rowsOf(inserting, "decision_instance", decisionColumns, f.decisions),
	}
}

// workChanges bring jobs, tasks and timers up to date. A task whose candidates are replaced loses the old
// ones before it gets the new ones: candidateBefore goes first (see apply).
func (f *folded) workChanges() []change {
	return []change{
		rowsOf(inserting, "job", jobRowColumns, f.jobs.fresh),
		rowsOf(updating, "job", jobChangeColumns, f.jobs.changed).setting(updateJobs).
			matching("t.key = d.key AND (d.lease IS NULL OR t.lease = d.lease) AND (d.locked = 0 OR t.deadline IS NOT NULL)").all(),
		rowsOf(inserting, "user_task", taskColumns, f.tasks.fresh),
		rowsOf(updating, "user_task", taskChangeColumns, f.tasks.changed).setting(updateTasks),
		rowsOf(removing, "task_candidate", recastColumns, f.recast).matching("t.task = d.task AND t.kind = d.kind"),
		rowsOf(inserting, "task_candidate", candidateColumns, f.candidates),
		rowsOf(inserting, "timer", timerColumns, f.timers.rows),
		keyOnly("timer", f.gone),
		rowsOf(inserting, "subscription", subscriptionColumns, f.subscriptions.fresh),
		rowsOf(updating, "subscription", subscriptionEndColumns, f.subscriptions.changed).
			setting("state = d.state, updated = d.updated"),
		f.dataStoreChange(),
	}
}
