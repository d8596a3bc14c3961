package store

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/internal/canon"
)

// dataStoreRow is the content of a data store: the value that was written last.
type dataStoreRow struct {
	ID, Name, Value   text
	Instance, Updated int64
}

var dataStoreColumns = []column[dataStoreRow]{
	{"id", txt, func(r *dataStoreRow) cell { return str(r.ID) }},
	{"name", txt, func(r *dataStoreRow) cell { return str(r.Name) }},
	{"value", txt, func(r *dataStoreRow) cell { return str(r.Value) }},
	{"version", bigint, func(*dataStoreRow) cell { return num(1) }},
	{"instance", bigint, func(r *dataStoreRow) cell { return num(r.Instance) }},
	{"updated", bigint, func(r *dataStoreRow) cell { return num(r.Updated) }},
}

func dataStoreID(name string) text { return text(digestOf(clean(name))) }

// addDataStore folds what was written into data stores and tells whether e was that. The last one stays.
func (f *folded) addDataStore(e *host.Event, at int64) bool {
	r, ok := e.Record.(engine.DataStoreWritten)
	if !ok {
		return false
	}
	if f.dataStores == nil {
		f.dataStores = map[text]dataStoreRow{}
	}
	id := dataStoreID(r.Store)
	f.dataStores[id] = dataStoreRow{ID: id, Name: text(r.Store), Value: text(r.Value), Instance: e.Instance, Updated: at}
	return true
}

// dataStoreChange is in the order of ids, in which everybody locks the rows.
func (f *folded) dataStoreChange() change {
	rows := slices.SortedFunc(maps.Values(f.dataStores), func(a, b dataStoreRow) int { return cmp.Compare(a.ID, b.ID) })
	return rowsOf(inserting, "data_store", dataStoreColumns, rows).setting(`CONFLICT (id) DO UPDATE SET value = EXCLUDED.value,
		version = data_store.version + 1, instance = EXCLUDED.instance, updated = EXCLUDED.updated`)
}

// DataStore implements host.Store.
func (d *DB) DataStore(ctx context.Context, name string) (canon.JSON, bool, error) {
	var values []string
	err := d.read.NewRaw("SELECT value FROM data_store WHERE id = ?", dataStoreID(name)).Scan(ctx, &values)
	if err != nil || len(values) == 0 {
		return "", false, d.fault(err, "read a data store")
	}
	return canon.JSON(values[0]), true, nil
}
