// Package bench measures the whole engine: host, machine, store, authorization and audit together, in process
// and over HTTP, on SQLite and on PostgreSQL, with every commit durable and the audit log on. It holds
// benchmarks only; "make bench" and "make bench-scale" run them and docs/performance.md explains the figures.
//
// The workloads are
//
//	W1  straight through: three service tasks done by a worker inside the process, and a gateway (4 commands)
//	W2  start, open a user task, complete it (2 commands)
//	W3  a parallel split into ten service tasks and its join (11 commands)
//
// W1-calc and W3-calc are the same with work that the host may carry out by itself (calculation in worker_test.go).
//
// Beside each stands its limit: the transactions that a run of the workload sent to the database, recorded at
// the driver (record_test.go) and sent again to a fresh database by a bare loop, on as many connections, in
// the same order, without an engine and without the statements that only read (limit_test.go). The share is
// what the engine reaches of it.
//
// The files follow the questions: table_test.go keeps and prints figures, load_test.go drives clients,
// usage_test.go reads what a run cost, and each further file answers one row of the table.
package bench
