// Package metrics tells an operator in numbers what a node does, in the form that Prometheus reads.
//
// It owns the names, labels and buckets (docs/operating.md lists them), and it is the host.Meter and the
// meter of the REST interface: what happens is counted as it happens, on the node where it happens. How much
// is open comes from the database instead, because other nodes change it too: Store is asked when somebody
// scrapes, at most once per Options.Every, and never when nobody does. So the package has no goroutine.
//
// # Labels
//
// Labels are names of models, job types and routes, never keys or values of an instance. Each family of names
// is guarded: the first Options.NamesMax names have series of their own until the program ends, all others
// share the name "other". Job types can be computed by expressions, so their number has no other bound.
//
// # Durations
//
// A record that ends something does not say when it began. The beginnings of what is young are kept in memory,
// bounded; for what is older, which is little, the store is asked at the next scrape. Ends that are more
// than can be kept until then are not measured, and measurements_lost_total counts them.
//
// # What it must not know
//
// SQL, HTTP paths, and whether anybody may look: the caller guards the Handler.
package metrics
