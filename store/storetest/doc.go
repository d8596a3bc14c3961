// Package storetest is the conformance suite of the store: what host.Store, host.Jobs, host.Library and the
// searches promise, exercised on a database that the caller opens. Run is called once for SQLite and once
// for PostgreSQL; both must answer alike.
//
// It owns the cases and a small world that builds batches of real records and real audit entries. It must
// not know which database it runs on, and it looks at nothing but the exported surface of store.
package storetest
