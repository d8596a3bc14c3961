package hosttest

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/host"
)

// Verify checks what must hold after any run, however the nodes and the store suffered:
//
//   - every entry is in its chain with its private part, and every stream ends at the stored head;
//   - every instance is the state that its log replays to;
//   - every event has one place in the log, and the log has no other;
//   - tokens and element instances that were made are used up or there;
//   - every job, timer, claim and kept outcome has its owner, and every owner has its rows;
//   - every job, task and timer ended once, no timer before it was due;
//   - every command with an idempotency key has one entry, and the reverse;
//   - no active instance waits for nothing;
//   - every errand was removed by what it asks for, or when nobody waited for that any more; what errands do was
//     done by none but them; no message entered a process twice.
//
// The error names everything that was found.
func (s *Store) Verify() error {
	c := s.Clone()
	heads := maps.Clone(c.heads)
	instances := maps.Clone(c.instances)
	maps.Copy(instances, c.ended)
	for _, i := range instances {
		heads[i.Head.Stream] = i.Head
	}
	found := []error{verifyChains(c.entries, heads)}
	records, err := c.records()
	if err != nil {
		return errors.Join(append(found, err)...)
	}
	events := map[int64][]written{}
	for _, e := range c.journal {
		events[e.Instance] = append(events[e.Instance], e)
	}
	for _, key := range slices.Sorted(maps.Keys(records)) {
		if _, there := instances[key]; !there {
			found = append(found, fmt.Errorf("instance %d is in the log and not in the store", key))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(instances)) {
		if err := c.verifyInstance(key, instances[key], records[key], events[key]); err != nil {
			found = append(found, fmt.Errorf("instance %d: %w", key, err))
		}
	}
	found = append(found, c.watch.found...)
	return errors.Join(append(found, c.verifyOwners(), c.verifyCommands())...)
}

// records reads what the log says of each instance.
func (s *Store) records() (map[int64][]engine.Record, error) {
	all := map[int64][]engine.Record{}
	for _, row := range s.entries {
		key := valueOr(row.Entry.Instance)
		if key == 0 || row.Entry.Stream != streamOf(key) {
			continue
		}
		recs, err := host.RecordsOf(row.Private)
		if err != nil {
			return nil, fmt.Errorf("instance %d, entry %d: %w", key, row.Entry.Seq, err)
		}
		all[key] = append(all[key], recs...)
	}
	return all, nil
}

func streamOf(key int64) string { return fmt.Sprintf("pi/%d", key) }

func verifyChains(entries []host.AuditRow, heads map[string]audit.Head) error {
	v := audit.Verifier{Origin: Origin}
	for _, row := range entries {
		var private audit.Private
		if row.Salt != nil {
			private = audit.Private{host.PrivatePart: {Salt: audit.Salt(row.Salt), Data: row.Private}}
		}
		if err := v.Add(row.Entry.Bytes(), row.Hash, private); err != nil {
			return err
		}
	}
	report := v.Finish()
	if !report.OK() {
		return fmt.Errorf("the log does not verify: %s", report)
	}
	for _, span := range report.Streams {
		if h := heads[span.Stream]; h.Seq != span.Last || h.Hash != span.Hash {
			return fmt.Errorf("stream %s ends at %d, its head says %d", span.Stream, span.Last, h.Seq)
		}
	}
	if len(report.Streams) != len(heads) {
		return fmt.Errorf("%d streams in the log, %d heads", len(report.Streams), len(heads))
	}
	return nil
}
