package engine

import "tallystick/internal/canon"

// DataStoreWritten replaces the content of a data store, which outlives the instance (10.4.1): the host keeps it by
// the id of the store and answers with it through DataStores.
type DataStoreWritten struct {
	Element         string     `json:"element"`
	ElementInstance int64      `json:"elementInstance"`
	Store           string     `json:"store"`
	Value           canon.JSON `json:"value"`
}

// Kind implements Record.
func (DataStoreWritten) Kind() string { return "DataStoreWritten" }

// String implements Record.
func (r DataStoreWritten) String() string {
	return "stored " + r.Store + " = " + brief(r.Value) + " by " + r.Element
}

func (r DataStoreWritten) fields(t *text) {
	t.string("element", r.Element)
	t.number("elementInstance", r.ElementInstance)
	t.string("store", r.Store)
	t.value("value", r.Value)
}

func (DataStoreWritten) apply(*State) {}
