// Package host is the shell around the machine of package engine: the one door for every change.
//
// It owns what the pure floors may not have: goroutines, the clock, randomness, and the order of things
// that happen at the same time. It decides who may do what (by asking an Authorizer), makes each accepted
// command happen once, seals it with an audit entry, and sees that one transaction holds all of it. It
// must not know SQL, HTTP, Casbin or any file format: Store, Jobs, Library, Authorizer, ModelReader and
// Worker are declared here and implemented above.
//
// # The walk of a call
//
// Do puts the call into the queue of a lane (queue.go); a full queue refuses with ErrOverloaded. Calls of
// one instance always meet in the same lane, so a node never races with itself. The lane takes whatever
// is waiting and no more (lane.go, batch.go): an idle lane adds no delay, a busy one shares a transaction among up
// to BatchMax calls. Then
//
//	recall   kept outcomes of repeated command ids answer at once (idempotency.go)
//	load     one read brings the instances that the cache lacks, the versions of policy and
//	         library, and the clock of the store; a batch whose instances are all in the cache
//	         reads nothing (host.go, cache.go, catalog.go)
//	think    authorize each call at the point of effect, then engine.Step, one call after the
//	         other, so that later calls on an instance see earlier ones (think.go, permit.go)
//	seal     one audit entry per command with its records in the private part, further ones for
//	         decisions and predictions; refusals go to the stream of the node (entry.go)
//	commit   one transaction, fenced by instance versions, stream heads, command ids and the
//	         policy version (write.go)
//
// and every caller gets its answer. Nothing is held while thinking; when Commit says that something moved
// meanwhile (moved.go), only what moved is loaded and thought again, which purity makes harmless. What is
// written is fenced by a version; what is refused on the word of the cache alone is looked up first.
//
// A commit whose answer was lost is settled by looking for its first audit entry (write.go). A commit that was
// not there yet may still arrive: each attempt looks again after it has loaded (ghost.go). Only when the store
// stays silent is the answer ErrUnknown; the same idempotency key makes the repetition safe. A caller that
// leaves changes nothing: batches run under the context of the host.
//
// Jobs of workers inside the server do not wait for polling: calculations are done while thinking (follow.go),
// others are locked by the commit that creates them and handed to their crew (crew.go, worker.go).
//
// # Errands
//
// What a command leaves to be done elsewhere is an errand (errand.go): the start of a called process, the answer
// to a caller, a message to be matched, a signal to be delivered. It is a row of the command's transaction and is
// removed by the transaction that carries it out, so it is done once, by whichever node. The node that wrote it
// carries it out at once when it has room (errand_run.go); until the claim runs out it is nobody else's. Errands
// about one thing keep their order.
//
// A message is durable before those who wait are looked up, a subscription before messages are looked up: on
// whichever nodes, one of both sees the other (message_match.go). A mark per message and process keeps it from
// entering twice, a lock per process and correlation key from starting two instances at a time.
//
// # Who owns what
//
// A lane owns its cache of instances; no lock is needed. The shelf (catalog.go) keeps one immutable
// snapshot of what is deployed, and what was compiled from it. The streams (stream.go) keep the heads of
// audit streams that no instance carries and give turns to their writers. Bells (bell.go) connect commits
// with those who wait: activations (activate.go), Await, and the timer loop (timer.go). Bells are hints;
// polling every PollMax is the truth, because other nodes ring no bell here.
//
// Time is that of the store (clock.go): nodes agree on what is due, and a timer never fires early.
//
// # Streams
//
//	pi/<instance>             commands of an instance; its head lies with the instance
//	def/default               deployments, in order
//	admin/default             accounts, the test clock
//	audit/default             exports and verifications
//	authz/default/<node>      refusals       (more than 20 equal ones a minute become one entry)
//	authn/default/<node>      failed logins  (likewise)
//	read/default/<node>       readings that leave a trace
//	history/default/<node>    history that was pruned
//	msg/default/<node>        messages that were published, signals that were broadcast, conditions that were evaluated
//	work/default/<node>/<worker>   job activations and lock changes
//	dec/<key>/<node>          decisions evaluated outside of processes
//
// The private part of a command's entry is the JSON object {"command", "reason", "records"}; the records
// of a pi stream replay to the stored state (Replay).
package host
