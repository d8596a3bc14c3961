package hosttest

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"tallystick/audit"
	"tallystick/host"
)

// Verify checks what must hold after any run: every entry is in its chain with its private part, every
// stream ends at the stored head, and every instance is the state that its log replays to.
func (s *Store) Verify() error {
	s.mu.Lock()
	entries, instances := slices.Clone(s.entries), maps.Clone(s.instances)
	maps.Copy(instances, s.ended)
	heads := map[string]audit.Head{}
	for name, h := range s.heads {
		heads[name] = h
	}
	for _, i := range instances {
		heads[i.Head.Stream] = i.Head
	}
	s.mu.Unlock()
	if err := verifyChains(entries, heads); err != nil {
		return err
	}
	privates := map[int64][][]byte{}
	for _, row := range entries {
		if key := valueOr(row.Entry.Instance); row.Entry.Stream == fmt.Sprintf("pi/%d", key) {
			privates[key] = append(privates[key], row.Private)
		}
	}
	for key, i := range instances {
		if err := verifyReplay(key, i.State, privates[key]); err != nil {
			return err
		}
	}
	return nil
}

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

func verifyReplay(key int64, stored []byte, privates [][]byte) error {
	st, err := host.Replay(privates)
	if err != nil {
		return fmt.Errorf("instance %d: %w", key, err)
	}
	replayed, err := st.Encode()
	if err != nil {
		return fmt.Errorf("instance %d: %w", key, err)
	}
	if !bytes.Equal(replayed, stored) {
		return fmt.Errorf("instance %d is not what its log says\nstored   %s\nreplayed %s", key, stored, replayed)
	}
	return nil
}
