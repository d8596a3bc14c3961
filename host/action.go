package host

// Actions are what the policy allows or denies. Every command and every route declares one; docs/permissions.md
// lists them with the roles that hold them.
const (
	ActionDefinitionDeploy  = "definition.deploy"
	ActionDefinitionRead    = "definition.read"
	ActionDefinitionSuspend = "definition.suspend" // suspend and resume processes
	ActionInstanceStart     = "instance.start"
	ActionInstanceRead      = "instance.read"
	ActionInstanceCancel    = "instance.cancel"
	ActionInstanceSuspend   = "instance.suspend" // suspend and resume
	ActionInstanceMigrate   = "instance.migrate" // to another definition
	ActionInstanceModify    = "instance.modify"  // move tokens; activate what waits to be activated
	ActionInstanceDelete    = "instance.delete"  // forget an ended instance
	ActionVariableWrite     = "variable.write"
	ActionJobFetch          = "job.fetch"
	ActionJobComplete       = "job.complete"
	ActionJobFail           = "job.fail"
	ActionJobError          = "job.error"
	ActionJobSuspend        = "job.suspend" // suspend and resume job types
	ActionJobUpdate         = "job.update"
	ActionJobRead           = "job.read"
	ActionTaskRead          = "task.read"       // tasks that concern the actor
	ActionTaskReadAll       = "task.read.all"   // every task of the definition
	ActionTaskClaim         = "task.claim"      // take a task that concerns the actor
	ActionTaskUnclaim       = "task.unclaim"    // give back
	ActionTaskComplete      = "task.complete"   // complete a task that concerns the actor
	ActionTaskUpdate        = "task.update"     // change attributes of a task that concerns the actor
	ActionTaskAssign        = "task.assign"     // assign to somebody else
	ActionTaskAdminister    = "task.administer" // the above without the relation rule
	ActionMessagePublish    = "message.publish"
	ActionMessageCorrelate  = "message.correlate" // give a message to an instance that waits
	ActionMessageRead       = "message.read"
	ActionSignalBroadcast   = "signal.broadcast"
	ActionCallCarry         = "call.carry"    // the engine itself: between a called instance and its caller
	ActionTimerFire         = "timer.fire"    // the engine itself
	ActionHistoryPrune      = "history.prune" // the engine itself
	ActionIncidentRead      = "incident.read"
	ActionIncidentResolve   = "incident.resolve"
	ActionDecisionRead      = "decision.read"
	ActionDecisionInspect   = "decision.inspect"
	ActionDecisionEvaluate  = "decision.evaluate"
	ActionDecisionDelete    = "decision.delete"
	ActionModelInvoke       = "model.invoke" // scoring workers of the host
	ActionBatchCreate       = "batch.create" // each item needs its own right beside
	ActionBatchRead         = "batch.read"
	ActionBatchUpdate       = "batch.update" // suspend, resume and cancel batch operations
	ActionAuditRead         = "audit.read"
	ActionAuditExport       = "audit.export"
	ActionAuditVerify       = "audit.verify"
	ActionUserRead          = "user.read"
	ActionUserWrite         = "user.write" // users, groups, roles of users
	ActionTokenIssue        = "token.issue"
	ActionTokenRevoke       = "token.revoke"
	ActionPasswordChange    = "password.change" // one's own
	ActionClockSet          = "clock.set"
	ActionSystemRead        = "system.read" // topology, who am I: authenticated is enough
	ActionSystemMetrics     = "system.metrics"
	ActionSystemProfile     = "system.profile"
	ActionSystemDocument    = "system.docs"  // openapi.yaml and probes: everybody
	ActionAuthenticate      = "authenticate" // failed logins in the audit log
)
