package hosttest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/query"
)

// BatchOperation is a batch operation at rest.
type BatchOperation struct {
	host.BatchOperation
	Created, Started, Ended time.Time
	Counts                  host.BatchCounts // from its end
}

// BatchItem is an item at rest.
type BatchItem struct {
	host.BatchItem
	host.BatchOutcome
	Next time.Time
}

// BatchOperations returns the batch operations in the order of their keys.
func (s *Store) BatchOperations() []BatchOperation {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []BatchOperation
	for _, key := range slices.Sorted(maps.Keys(s.operations)) {
		all = append(all, s.operations[key])
	}
	return all
}

// BatchItems returns the items of a batch operation in the order of their keys.
func (s *Store) BatchItems(batch int64) []BatchItem {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.itemsOf(batch)
}

func (w waiting) itemsOf(batch int64) []BatchItem {
	var all []BatchItem
	for id, i := range w.items {
		if id.Batch == batch {
			all = append(all, i)
		}
	}
	slices.SortFunc(all, func(a, b BatchItem) int { return int(a.BatchItem.Key - b.BatchItem.Key) })
	return all
}

func (w waiting) counts(batch int64) host.BatchCounts {
	c := host.BatchCounts{State: w.operations[batch].State}
	for _, i := range w.itemsOf(batch) {
		switch i.State {
		case host.ItemActive:
			c.Active++
		case host.ItemCompleted:
			c.Completed++
		case host.ItemFailed:
			c.Failed++
		case host.ItemSkipped:
			c.Skipped++
		case host.ItemCanceled:
			c.Canceled++
		}
	}
	return c
}

// movedBatches adds items and batch operations that are not as a batch needs them.
func (w waiting) movedBatches(b host.Batch, m *host.Moved) (any bool) {
	for _, o := range b.Items {
		if w.items[o.BatchItemID].State != host.ItemActive {
			m.Items, any = append(m.Items, o.BatchItemID), true
		}
	}
	for _, c := range b.Operations {
		if c.Move != nil && !slices.Contains(c.Move.From, w.operations[c.Move.Key].State) {
			m.Operations, any = append(m.Operations, c.Move.Key), true
		}
	}
	return any
}

func (s *Store) writeBatches(b host.Batch) {
	for _, o := range b.Items {
		s.settle(o)
	}
	for _, c := range b.Operations {
		if c.Create != nil {
			s.freeze(c.Create)
			continue
		}
		s.operations[c.Move.Key] = s.move(*c.Move)
	}
}

func (w waiting) settle(o host.BatchOutcome) {
	if i := w.items[o.BatchItemID]; i.State == host.ItemActive {
		i.BatchOutcome = o
		w.items[o.BatchItemID] = i
	}
}

func (w waiting) move(m host.BatchMove) BatchOperation {
	o := w.operations[m.Key]
	o.State = m.To
	if !m.Ends() {
		return o
	}
	for _, i := range w.itemsOf(m.Key) {
		w.settle(host.BatchOutcome{BatchItemID: i.BatchItemID, State: host.ItemCanceled, At: m.At})
	}
	o.Ended, o.Counts = m.At, w.counts(m.Key)
	return o
}

func (s *Store) freeze(c *host.BatchCreation) {
	items, err := s.selected(c.Selection)
	if err != nil {
		panic("hosttest: " + err.Error())
	}
	s.operations[c.Key] = BatchOperation{BatchOperation: c.BatchOperation, Created: c.At}
	for _, i := range items {
		i.Batch = c.Key
		id := host.BatchItemID{Batch: c.Key, Key: i.Key}
		s.items[id] = BatchItem{BatchItem: i, BatchOutcome: host.BatchOutcome{BatchItemID: id, State: host.ItemActive}}
	}
}

// selected finds the items of a selection. The filter may ask for processDefinitionId and processInstanceKey.
func (s *Store) selected(sel host.BatchSelection) ([]host.BatchItem, error) {
	var all []host.BatchItem
	from := s.instances
	if sel.Type == host.BatchDelete {
		from = s.ended
	}
	for _, key := range slices.Sorted(maps.Keys(from)) {
		if s.forgotten[key] {
			continue
		}
		match, err := s.matches(key, sel.Filter)
		if err != nil {
			return nil, err
		}
		switch {
		case sel.Type == host.BatchDelete && s.calls(key) == nil: // it goes with its caller
		case !match, sel.Type == host.BatchSuspend && s.suspended[key], sel.Type == host.BatchResume && !s.suspended[key]:
		case sel.Type == host.BatchResolve:
			st, err := engine.DecodeState(s.instances[key].State)
			if err != nil {
				return nil, err
			}
			for _, i := range st.Incidents() {
				all = append(all, host.BatchItem{Key: i.Key, Instance: key})
			}
		default:
			all = append(all, host.BatchItem{Key: key, Instance: key})
		}
	}
	return all, nil
}

func (s *Store) matches(key int64, q query.Request) (bool, error) {
	i, _ := s.find(key)
	process := i.process
	if !q.Access.All && !slices.Contains(q.Access.Definitions, process) {
		return false, nil
	}
	for _, c := range q.Conds {
		var have any
		switch c.Field {
		case "processDefinitionId":
			have = process
		case "processInstanceKey":
			have = key
		default:
			return false, fmt.Errorf("the field %q is not known here", c.Field)
		}
		if c.Op != query.Eq {
			return false, fmt.Errorf("the operator %q is not known here", c.Op)
		}
		if have != c.Value {
			return false, nil
		}
	}
	return true, nil
}

// CountItems implements host.Store.
func (s *Store) CountItems(ctx context.Context, sel host.BatchSelection) (int64, error) {
	if err := s.strike(ctx, OpBatches); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	items, err := s.selected(sel)
	return int64(len(items)), err
}

// OpenBatches implements host.Store.
func (s *Store) OpenBatches(ctx context.Context, limit int) ([]host.BatchOperation, error) {
	if err := s.strike(ctx, OpBatches); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var open []host.BatchOperation
	for _, key := range slices.Sorted(maps.Keys(s.operations)) {
		if o := s.operations[key]; len(open) < limit && (o.State == host.BatchCreated || o.State == host.BatchActive) {
			open = append(open, o.BatchOperation)
		}
	}
	return open, nil
}

// ClaimItems implements host.Store.
func (s *Store) ClaimItems(ctx context.Context, batch int64, now, until time.Time, limit int) ([]host.BatchItem, error) {
	if err := s.strike(ctx, OpItems); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.operations[batch]
	if o.State == host.BatchCreated {
		o.State, o.Started = host.BatchActive, now
		s.operations[batch] = o
	}
	if o.State != host.BatchActive {
		return nil, nil
	}
	var claimed []host.BatchItem
	for _, i := range s.itemsOf(batch) {
		if len(claimed) < limit && i.State == host.ItemActive && !i.Next.After(now) {
			i.Next = until
			s.items[i.BatchItemID] = i
			claimed = append(claimed, i.BatchItem)
		}
	}
	return claimed, nil
}

// SettleItems implements host.Store.
func (s *Store) SettleItems(ctx context.Context, all []host.BatchOutcome) error {
	if err := s.strike(ctx, OpBatches); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range all {
		s.settle(o)
	}
	return nil
}

// BatchCounts implements host.Store.
func (s *Store) BatchCounts(ctx context.Context, batch int64) (host.BatchCounts, bool, error) {
	if err := s.strike(ctx, OpBatches); err != nil {
		return host.BatchCounts{}, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.operations[batch]
	return s.counts(batch), ok, nil
}

// ForgetBatches implements host.Store.
func (s *Store) ForgetBatches(
	ctx context.Context, before time.Time, limit int, seal func(host.ForgottenBatches) (host.AuditBatch, error),
) (host.ForgottenBatches, error) {
	if err := s.strike(ctx, OpForget); err != nil {
		return host.ForgottenBatches{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	done, items := s.oldBatches(before, limit)
	if len(items)+len(done.Keys) == 0 {
		return done, nil
	}
	rows, err := seal(done)
	if err == nil {
		err = s.movedAudit(rows)
	}
	if err != nil {
		return host.ForgottenBatches{}, err
	}
	for _, id := range items {
		delete(s.items, id)
	}
	for _, key := range done.Keys {
		delete(s.operations, key)
	}
	s.writeAudit(rows)
	return done, nil
}

// oldBatches picks what one transaction forgets: whole batch operations, or a part of the oldest.
func (s *Store) oldBatches(before time.Time, limit int) (done host.ForgottenBatches, gone []host.BatchItemID) {
	for _, key := range slices.Sorted(maps.Keys(s.operations)) {
		if o := s.operations[key]; o.Ended.IsZero() || !o.Ended.Before(before) {
			continue
		}
		var items []host.BatchItemID
		for id := range s.items {
			if id.Batch == key {
				items = append(items, id)
			}
		}
		room := limit - len(gone) - len(done.Keys)
		if done.More = len(items)+1 > room; !done.More {
			done.Keys, gone = append(done.Keys, key), append(gone, items...)
			continue
		}
		if len(done.Keys) == 0 {
			gone = items[:min(room, len(items))]
		}
		break
	}
	done.Items = int64(len(gone))
	return done, gone
}
