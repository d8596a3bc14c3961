// Package enginetest runs scenarios: text files that tell a story of one process instance and what the
// engine did at each turn.
//
// It owns the scenario language, the line notation for processes, and the laws that are checked after
// every command. It must not know stores, servers, actors' rights beyond who a task concerns, or how
// a test reports: the command line runs the same code as the tests of the engine. Workers and scoring
// come in through Options, as what they call is not the business of this package.
//
// A scenario file is a txtar archive. Its comment is the script; the files below it are processes (.bpmn,
// or .flow in line notation), decisions (.dmn), forms (.form) and scoring models (.model.json). Files
// that the archive does not hold are read beside the scenario. In the script, commands are followed by a
// line of four dashes and by what they are expected to print; a blank line ends the block. A line that
// starts with white space continues the one before, a line with # is a remark.
//
//	deploy FILE…                       make files known
//	at TIME                            set the clock before the start (2026-01-05T09:00:00Z)
//	person NAME groups=G,…             somebody whom tasks may concern
//	start [PROCESS] NAME=VALUE…        start the instance
//	claim TASK by=PERSON               take a task; override=true takes it away from somebody
//	complete TASK [by=PERSON] N=V…     complete a task with variables
//	finish JOB N=V…                    complete a job; error=CODE message=… throws a BPMN error
//	fail JOB [retries=N] [message=…]   report a failure; backoff=DURATION delays the next attempt
//	work [TYPE…]                       let the workers do open jobs, all types when none is named
//	advance DURATION                   let time pass; timers fire when they are due
//	cancel                             cancel the instance
//	resolve ELEMENT [retries=N]        try the failed step again
//	set [ELEMENT] NAME=VALUE…          set variables, of the instance or of an element alone
//	show vars [NAME…]                  print variables, all or those named
//	show waits|state                   print what is waited for, or where the tokens are
//	trace steps|full|waits             choose what is printed from here on
//
// TASK, JOB and ELEMENT are element ids; when several instances of the element are open, #2 behind the id
// means the second. VALUE is JSON, or a bare text. A NAME may be a path: claim.amount=120. PERSON is
// checked as the server does: a task that does not concern the person is refused with authz.denied.
//
// What is printed is Record.String, one line each, with times as distances from the start of the
// scenario, and "rejected CODE" for a refusal. After each command three laws are checked silently: the
// records replay to the state, state and records survive encoding, and a refusal leaves no trace.
package enginetest
