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
//	person NAME groups=G,…             somebody whom tasks may concern
//	start [PROCESS[/EVENT]] N=V…       start an instance, at a start event
//	send message NAME [key=K] N=V…     publish a message; ttl=DURATION keeps it, id=ID names it
//	send signal NAME N=V…              broadcast a signal
//	send condition N=V…                evaluate conditional start events
//	activate ADHOC ELEMENT… N=V…       activate elements of an ad-hoc sub-process; done completes it
//	claim TASK by=PERSON               take a task; override=true takes it away from somebody
//	complete TASK [by=PERSON] N=V…     complete a task with variables
//	finish JOB N=V…                    complete a job; error=CODE message=… throws a BPMN error
//	                                   of a task listener: denied=REASON, or correct.ATTRIBUTE=VALUE…
//	fail JOB [retries=N] [message=…]   report a failure; backoff=DURATION delays the next attempt
//	work [TYPE…]                       let the workers do open jobs, all types when none is named
//	advance DURATION|TIME              let time pass; timers fire when they are due. Before the start: set the clock
//	operate cancel [PROCESS]           cancel the instance; also suspend and resume
//	operate migrate [PROCESS] A=B…     go on by the latest version, elements A as B; to=PROCESS by another process,
//	                                   ids=equal keeps what is not named; operate migrate plan tells what would be
//	operate modify activate E …        activate, move (move E to E) and terminate elements
//	resolve ELEMENT [retries=N]        try the failed step again
//	set [ELEMENT|PROCESS] NAME=VALUE…  set variables, of the instance or of an element alone
//	show vars [NAME…]                  print variables, all or those named
//	show waits|state                   print what is waited for, or where the tokens are
//	show trace=steps|full|waits        choose what is printed from here on
//
// TASK, JOB and ELEMENT are element ids; when several instances of the element are open, #2 behind the id
// means the second, and PROCESS/ELEMENT the element in the instance of a process. VALUE is JSON, or a bare text. A NAME may be a path: claim.amount=120. PERSON is
// checked as the server does: a task that does not concern the person is refused with authz.denied.
//
// The first instance may call others, and messages and signals reach others: the runner carries out what a
// command leaves to be done elsewhere right after it, in order, as a host does. What other instances print
// begins with the id of their process (and #2 for its second instance).
//
// What is printed is Record.String, one line each, with times as distances from the start of the
// scenario, and "rejected CODE" for a refusal. After each command the laws are checked silently: the
// records replay to the state, state and records survive encoding, a refusal leaves no trace, no key is drawn
// twice, and nothing is there without a living owner.
package enginetest
