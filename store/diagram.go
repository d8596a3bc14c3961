package store

import (
	"cmp"
	"context"
	"fmt"
	"strconv"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/query"
)

// ElementStatistics counts the element instances of an instance, element by element, the one that was activated first
// first; none when there is no such instance.
func (d *DB) ElementStatistics(ctx context.Context, instance int64) ([]query.ElementStatistics, error) {
	var rows []query.ElementStatistics
	err := d.read.NewRaw(elementStatistics, instance, instance, instance, instance).Scan(ctx, &rows)
	return rows, d.fault(err, "count element instances")
}

var elementStatistics = `SELECT e.element AS element_id,
		sum(CASE WHEN e.state = 'ACTIVE' AND i.parked IS NULL THEN 1 ELSE 0 END) AS active,
		sum(CASE WHEN e.state = 'TERMINATED' THEN 1 ELSE 0 END) AS canceled,
		sum(CASE WHEN e.state = 'ACTIVE' AND i.parked IS NOT NULL THEN 1 ELSE 0 END) AS incidents,
		sum(CASE WHEN e.state = 'COMPLETED' THEN 1 ELSE 0 END) AS completed
	FROM element_instance e
	LEFT JOIN (SELECT DISTINCT x.element_instance AS parked FROM incident x
		WHERE x.state = 'ACTIVE' AND ` + inside("x.key", "?") + `) i ON i.parked = e.key
	WHERE ` + inside("e.key", "?") + ` GROUP BY e.element ORDER BY min(e.key)`

// flowsChunk is how many entries of a stream are read at once.
const flowsChunk = 100

// takenEntries are the private parts of the entries of a stream behind one of them.
const takenEntries = "SELECT seq, private FROM audit_entry WHERE stream = ? AND seq > ? ORDER BY seq LIMIT ?"

// SequenceFlows lists the sequence flows that an instance took, each once, in the order in which they were first taken;
// none when there is no such instance. No table keeps them: the records in the instance's audit stream tell them. An
// instance with more entries than most is refused with ErrLong.
func (d *DB) SequenceFlows(ctx context.Context, instance int64, most int) ([]query.SequenceFlow, error) {
	taken := &flowsTaken{instance: instance, at: map[string]int{}}
	stream := text("pi/" + strconv.FormatInt(instance, 10))
	for seq, more := int64(0), true; more; {
		var rows []struct {
			Seq     int64
			Private []byte
		}
		if err := d.read.NewRaw(takenEntries, stream, seq, flowsChunk).Scan(ctx, &rows); err != nil {
			return nil, d.fault(err, "read the audit stream of an instance")
		}
		for _, r := range rows {
			if seq = r.Seq; seq > int64(most) {
				return nil, ErrLong.With("the instance has more than %d entries in the audit log", most)
			}
			records, err := host.RecordsOf(unpack(r.Private))
			if err != nil {
				return nil, because(ErrFailed, err, "entry %d of %s has no records that can be read", r.Seq, stream)
			}
			taken.add(records)
		}
		more = len(rows) == flowsChunk
	}
	return taken.all, nil
}

// flowsTaken collects flows from the records of an instance.
type flowsTaken struct {
	instance   int64
	root       query.Key
	definition int64
	process    string
	all        []query.SequenceFlow
	at         map[string]int // by the id of the flow
}

func (f *flowsTaken) add(records []engine.Record) {
	for _, r := range records {
		switch r := r.(type) {
		case engine.InstanceStarted:
			f.root, f.definition, f.process = query.Key(cmp.Or(r.Root, r.Instance)), r.Definition, r.ProcessID
		case engine.InstanceMigrated:
			f.definition, f.process = r.Definition, r.ProcessID
		case engine.FlowTaken:
			f.take(r.Flow)
		}
	}
}

func (f *flowsTaken) take(flow string) {
	i, again := f.at[flow]
	if !again {
		i = len(f.all)
		f.at[flow] = i
		f.all = append(f.all, query.SequenceFlow{
			SequenceFlowID: fmt.Sprintf("%d_%s", f.instance, flow), ElementID: flow, TenantID: query.Tenant,
			ProcessInstanceKey: query.Key(f.instance), RootProcessInstanceKey: &f.root,
		})
	}
	f.all[i].ProcessDefinitionKey, f.all[i].ProcessDefinitionID = query.Key(f.definition), f.process
}
