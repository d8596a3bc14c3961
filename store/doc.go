// Package store keeps everything durable: it holds all SQL of the program, for SQLite and PostgreSQL.
//
// One implementation on bun serves both databases; where they differ, dialect answers a short list of
// questions. The package owns the schema (migrations/sqlite and migrations/postgres, equal numbers, names
// and tables), the transactions, the folding of records into projections, the searches and the job locks.
//
// # A batch
//
// Commit writes a host.Batch in one transaction whose number of statements does not depend on the number
// of calls in it:
//
//	fences       policy and library version, instance versions, stream heads, command ids; when any of
//	             them moved, everything is rolled back and *host.Moved names all that moved
//	state        instances (key, version, state, head of the audit stream)
//	projections  the events, folded in memory to one row per thing, then one INSERT and one UPDATE per table
//	audit        entries, private parts, heads of the other streams
//	errands      what is left to be done elsewhere, and what of it was carried out; messages, correlations,
//	             start locks and start timers, each fenced by its row (fence_errand.go)
//	the rest     deployment, accounts
//
// Rows are locked in the order of their keys, so that two nodes cannot wait for each other. Nothing is
// written outside an explicit transaction, because database/sql may repeat a statement on a broken
// connection; reads may be repeated harmlessly.
//
// # Representation
//
// Times are microseconds since 1970 UTC in 64-bit integers, keys are 64-bit integers, JSON is text (a
// binary JSON type would reorder it), audit entries, their private parts and states
// are blobs that packed.go makes and reads. Text compares by bytes in both
// databases. Free text is never indexed whole, because PostgreSQL refuses long index entries: indexes hold
// its first characters, and conditions name both the head and the whole. A key of an element, job, task or
// variable carries its instance in the upper bits (design, section 3), so the rows of an instance are a
// range of keys and need no further index.
//
// # What it must not know
//
// It decides nothing: no authorization beyond the predicates of query.Access, no BPMN, no HTTP. No query
// builder and no row leaves the package.
package store
