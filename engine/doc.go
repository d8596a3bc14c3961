// Package engine is the machine: it runs one process instance, one command at a time, as arithmetic.
//
//	Step(definition, state, meta, command) → (state', records)
//
// It owns the meaning of BPMN at run time: how tokens move, what waits, what an error, an escalation or
// a compensation does, what is refused and what parks. It must not know where states are stored, who may
// send a command, what time it is, or that other instances exist; it has no I/O, no clock, no goroutine
// and no randomness, and no order of a Go map ever reaches a record.
//
// # Division of labour
//
// A command asks (imperative: CompleteJob), a record states (past participle: JobCompleted). Deciding
// looks at the state and emits records; applying a record is the only way to change the state, cannot
// fail and looks at nothing but the record and the state. Each record is applied the moment it is
// emitted, so decisions always see the state as it has become. Hence Replay(records) equals the state,
// and everything downstream (history, task lists, jobs, timers, audit) is derived from records alone.
//
// Three kinds of trouble are never mixed. A refusal is the caller's doing: a *fault.Error, nothing
// changed. An incident is the doing of the model or its data: a record; the element instance parks, and
// ResolveIncident does exactly the failed step again. A fault is ours: a state stepped with another
// definition, or a panic for what cannot be.
//
// The files follow the families:
//
//	command.go, record.go, meta.go     the seam: what is asked, what happened, what is known
//	definition.go, compile_*.go        the process made ready: references resolved, expressions compiled
//	state*.go, table.go, apply*.go     what an instance is, and how each record changes it
//	machine.go, pump.go, limit.go      one step at work: emit, the loop that moves tokens, the limits
//	decide_*.go                        one file for each family of commands
//	element*.go, node_*.go             the life of an element instance, and what each kind does in it
//	node_listener.go, node_task_listener.go, node_process.go, element_ending.go
//	                                   what listeners hear of, and what waits for them
//	trigger.go, start.go               what events wait for or throw; how a process starts
//	scope_*.go                         what crosses element instances: catching, event sub-processes, conditions,
//	                                   errors, escalations, transactions, compensation
//	text*.go, *_text.go, *_codec.go    records and states as JSON
//	migrate*.go                        a running instance goes over to another definition
//	modify_*.go                        what a modification ends, opens and lets begin
//	incident.go, timer_iso.go          parking; ISO 8601 dates, durations and cycles
//
// # Tokens
//
// A token is a fact of the state, not a number in a counter: it stands either on a sequence flow of a
// scope (put there by FlowTaken, counted for each flow) or in an element instance (whose
// ElementActivated consumed it from the flows named in Via). A parallel gateway is therefore activated
// only when each of its incoming flows holds a token, and takes one of each; a second token on the same
// flow waits for the next round (13.4.1). Nothing counts what is active: a scope is complete when no
// element instance and no token is left in it.
//
// Inclusive gateways with several incoming flows and complex gateways look upstream (scope_join.go): for each node
// it is known beforehand which of their incoming flows a path leads to (compile_join.go). Whenever a token of the
// scope moved, came or died, by whatever cause, and nothing else moves any more, the waiting ones are looked at,
// that with the oldest token first, until none fires (13.4.3, 13.4.5). Joins that wait for each other and for
// nothing else would wait for ever by the letter; the oldest goes on. Paths do not follow boundary events.
//
// The condition and the flows of a complex gateway see waitingForStart, activationCount (the tokens on all its
// incoming flows) and activationCounts (by the id of the flow). In the reset phase only flows with a condition are
// taken. An event-based gateway is one element instance that holds the timers and subscriptions of its targets.
//
// The pump (pump.go) is a loop over an agenda of moves, first in, first out. A move names a place in the
// state and checks it when its turn comes; if the token or scope is gone meanwhile, the move is void.
// The agenda is empty between commands: whatever remains stands in the state and waits. When a command
// has moved MovesMax tokens, or the instance holds too much, tokens rest on their flows and one incident
// at the instance lets all of them go on once it is resolved.
//
// # The life of an element instance
//
//	ElementActivated
//	inputs    input mappings become local variables
//	events    boundary events, and the event sub-processes inside, are armed: all or none
//	execute   what the element is for: a job, a task, a timer, a script, the contents of a sub-process;
//	          some wait here for a command, others go on at once
//	outputs   output mappings leave the local scope
//	leave     the outgoing flows are chosen, what waited is withdrawn, the instance joins the
//	          compensation ledger if it can be undone
//	ElementCompleted, then FlowTaken for each flow
//
// Every step computes all it needs before it emits anything, so a step that failed can be done again.
// An element instance that is interrupted ends with ElementTerminated instead, after what is inside it,
// and leaves by no flow.
//
// # Listeners
//
// Listeners are jobs, one after the other, and what they listen to waits for the last of them: an element before its
// work and before it is left, the process (as if it were an element with the key of the instance) before anything of
// it starts and before it completes, and what happens to a user task. A task holds its transition in the state; a
// listener may correct it or deny it. A task whose withdrawal is listened to ends later than what withdraws it: its
// element instance stays as terminating, and so do the scopes around it that end, up to the instance. Nothing moves
// in them any more, and whatever waits for their end waits for the listeners.
//
// # Events
//
// An event has triggers; a multiple event has several. What waits for a timer, a message, a signal or a condition
// is a row of the state, a timer or a subscription, which belongs to the element instance that waits, to the
// activity of a boundary event, or to the scope of an event sub-process (the instance at the top), and ends with
// it. Errors, escalations and cancellation are no rows: who throws them looks for who catches, outward, in each
// scope first among its event sub-processes, then among the boundary events. When something fires, only the place
// of the event decides what follows, not its trigger. An interrupting handler empties its scope and disarms all
// others there; the scope is then left as if it had completed, but is marked as interrupted and cannot be
// compensated. A scope that has nothing left but running handlers catches nothing more (13.5.4).
//
// Messages and signals are thrown as records, for the host to deliver when the command is done. Conditions are
// looked at when they are armed, and when tokens have come to rest after a variable changed that they read.
//
// # Variables
//
// Variables live in scopes: the instance, and each element instance. A name is looked up outward. What a
// job, task, script or decision produces goes to the nearest scope outward that has the name, else to
// the instance; with output mappings it stays in the element instance and only the mapped values leave.
//
// # Compensation
//
// The ledger holds one entry for each completed activity instance that can be undone, in the scope where
// it completed, with a snapshot of its variables. A throwing event claims entries and runs their
// handlers one after the other, the youngest first, and goes on when the last has ended. A sub-process
// without a handler of its own is revived for its contents: an element instance of it opens in the old
// scope, gets the snapshot, runs the handlers inside, and ends without leaving by a flow.
//
// An entry that runs is kept aside with its snapshot until what undoes it has ended. What ends the handler while the
// scope of the entry lives on (a canceled transaction, an interrupting event sub-process, a completion condition) gives
// the entry back to the ledger under its old key first, so that it can be undone anew; a called instance goes on
// meanwhile and answers who asks next. One that failed while it undid, or has ended before, is an incident of the call
// activity, and undone when that is resolved: the standard knows no second attempt (13.5.5), and to call again would do
// once more what was to be undone. A handler that throws an error itself has failed, and one that a modification
// ends is skipped: their entries are gone.
//
// # Suspension
//
// A suspended instance rests: commands that would let it go on are refused, and nothing moves until it is resumed. Then
// all tokens, scopes, joins and conditions are looked at again. Called instances are not suspended with it.
//
// # Migration
//
// Migrate lets an instance go on by another definition. All is planned first (migrate*.go): each thing that rests at
// an element or flow finds its place in the target, or a reason why it cannot. Then records of their own say where
// it is now, and everything is looked at again as after a suspension.
//
// # Modification
//
// ModifyInstance ends element instances and activates elements by hand (4.24 of the semantics). It is worked out as a
// plan (modify_*.go) and checked before anything is emitted; then what ends ends, what is opened is opened, and only
// when all of it stands does it begin, one after the other. Until then an element instance is held: with a scope that
// waits or parks, or with a suspended instance, what is inside is held as well.
//
// # How to add
//
// An element: a kind in package bpmn, its name in elementTypes, what it compiles in compile_*.go, a case
// in execute and, if it waits, the decision that ends the wait. A record: the struct in record.go, a
// line in kinds, String, fields as its tags say, one apply method and its case in apply.go; the tests of
// the codec find what is missing; then a scenario. A command: the struct in command.go, a case in decide,
// a decide_ function that first refuses and then emits. Records and their fields are for
// ever: what was released must replay in every later build; new meaning needs a new kind.
package engine
