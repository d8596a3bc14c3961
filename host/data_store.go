package host

import (
	"context"

	"tallystick/engine"
	"tallystick/internal/canon"
	"tallystick/rules"
)

// DataStores is the part of the store that keeps the content of data stores (10.4.1 of BPMN 2.0.2). Nothing fences
// it: the last write of DataStoreWritten stays.
type DataStores interface {
	// DataStore returns what was written last; false when nothing was.
	DataStore(ctx context.Context, store string) (canon.JSON, bool, error)
}

// libraryOf is what a call of a group may look up.
func (b *batch) libraryOf(ctx context.Context, g *group) *library {
	return &library{
		deployed: b.library,
		graph:    func(key int64) (*rules.Model, error) { return b.host.shelf.graph(ctx, key) },
		stored: func(store string) (canon.JSON, bool, error) {
			if value, ok := g.written(store); ok {
				return value, true, nil
			}
			return b.host.dataStore(ctx)(store)
		},
	}
}

// dataStore reads data stores as they are.
func (h *Host) dataStore(ctx context.Context) func(store string) (canon.JSON, bool, error) {
	return func(store string) (canon.JSON, bool, error) {
		return ask2(ctx, h, func(ctx context.Context) (canon.JSON, bool, error) { return h.store.DataStore(ctx, store) })
	}
}

// written finds what earlier calls of the batch wrote for the same instance. Those of other instances happen at
// the same time.
func (g *group) written(store string) (value canon.JSON, ok bool) {
	for _, e := range g.result.events {
		if w, is := e.Record.(engine.DataStoreWritten); is && w.Store == store {
			value, ok = w.Value, true
		}
	}
	return value, ok
}

// DataStore implements engine.DataStores.
func (l *library) DataStore(store string) (canon.JSON, bool) {
	value, ok, err := l.stored(store)
	if err != nil {
		l.err = err
	}
	return value, ok && err == nil
}
