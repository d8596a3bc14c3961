// Package bench measures the whole engine below HTTP: host, machine, store, authorization and audit together,
// on SQLite and on PostgreSQL, with every commit durable.
//
// It holds benchmarks only; "make bench" runs them. The three workloads are
//
//	W1  straight through: three service tasks done by a worker inside the process, and a gateway
//	W2  start, open a user task, complete it
//	W3  a parallel split into ten and its join, in one step
//
// Each prints instances/s and the median and 99th percentile of one instance, start to end. Figures of a shared
// machine are noisy: compare runs made side by side, not numbers of different days.
package bench
