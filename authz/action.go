package authz

import (
	"slices"

	"tallystick/host"
)

// action is an action of the policy with its meaning, as docs/permissions.md tells it.
type action struct {
	name    string
	meaning string
}

// actions is every action there is, in the order of docs/permissions.md.
var actions = []action{
	{host.ActionDefinitionDeploy, "deploy processes, decisions, forms and scoring models"},
	{host.ActionDefinitionRead, "see processes, their XML and forms"},
	{host.ActionDefinitionSuspend, "suspend and resume processes, so that no instances start"},
	{host.ActionInstanceStart, "start process instances"},
	{host.ActionInstanceRead, "see process instances, elements and variables"},
	{host.ActionInstanceCancel, "cancel process instances"},
	{host.ActionInstanceSuspend, "suspend and resume process instances"},
	{host.ActionInstanceMigrate, "migrate process instances to another definition; asked for on both processes"},
	{host.ActionInstanceModify, "move the tokens of running instances; activate and complete ad-hoc sub-processes"},
	{host.ActionInstanceDelete, "forget the history of ended instances, with those that they called"},
	{host.ActionVariableWrite, "set variables of running instances"},
	{host.ActionJobFetch, "activate jobs and see their variables"},
	{host.ActionJobComplete, "complete jobs"},
	{host.ActionJobFail, "fail jobs"},
	{host.ActionJobError, "throw BPMN errors from jobs"},
	{host.ActionJobUpdate, "change retries and time limits of jobs"},
	{host.ActionJobRead, "see jobs"},
	{host.ActionJobSuspend, "suspend and resume job types, so that no jobs are handed out"},
	{host.ActionTaskRead, "see user tasks that concern oneself, with form and variables"},
	{host.ActionTaskReadAll, "see all user tasks"},
	{host.ActionTaskClaim, "take a task that concerns oneself"},
	{host.ActionTaskUnclaim, "give a task back"},
	{host.ActionTaskComplete, "complete a task that concerns oneself"},
	{host.ActionTaskUpdate, "change due dates, candidates and priority of a task that concerns oneself"},
	{host.ActionTaskAssign, "assign a task that concerns oneself to somebody else"},
	{host.ActionTaskAdminister, "lifts \"that concerns oneself\" from the task actions one holds"},
	{host.ActionMessagePublish, "publish messages"},
	{host.ActionMessageCorrelate, "give a message to an instance that waits for it"},
	{host.ActionMessageRead, "see who waits for which message, and which messages went where"},
	{host.ActionSignalBroadcast, "broadcast signals; in processes where one does not hold it nobody hears them"},
	{host.ActionCallCarry, "carry returns, errors and compensation between called instances and their callers"},
	{host.ActionTimerFire, "fire timers that are due"},
	{host.ActionHistoryPrune, "forget the history of instances that ended long ago"},
	{host.ActionIncidentRead, "see incidents"},
	{host.ActionIncidentResolve, "resolve incidents"},
	{host.ActionDecisionRead, "see decisions and their XML"},
	{host.ActionDecisionInspect, "see what decisions were evaluated to, with their inputs"},
	{host.ActionDecisionEvaluate, "evaluate a decision on its own"},
	{host.ActionDecisionDelete, "forget what decisions were evaluated to outside of processes"},
	{host.ActionModelInvoke, "report predictions of scoring models"},
	{host.ActionBatchCreate, "create batch operations; each item needs its own right, too"},
	{host.ActionBatchRead, "see batch operations and their items"},
	{host.ActionBatchUpdate, "suspend, resume and cancel batch operations"},
	{host.ActionAuditRead, "search the audit log"},
	{host.ActionAuditExport, "export the audit log"},
	{host.ActionAuditVerify, "verify the audit log on the server"},
	{host.ActionUserRead, "see users, their roles and groups, and which tokens they have"},
	{host.ActionUserWrite, "create, change and delete users and groups, give and take roles"},
	{host.ActionTokenIssue, "issue API tokens"},
	{host.ActionTokenRevoke, "revoke API tokens"},
	{host.ActionPasswordChange, "change one's own password, with the present one"},
	{host.ActionClockSet, "move the test clock"},
	{host.ActionSystemRead, "see the topology and who one is"},
	{host.ActionSystemMetrics, "read the metrics"},
	{host.ActionSystemProfile, "take profiles of the running program"},
	{host.ActionSystemDocument, "read the API description and the probes"},
	{host.ActionAuthenticate, "log in"},
}

var knownActions = func() map[string]bool {
	m := make(map[string]bool, len(actions))
	for _, a := range actions {
		m[a.name] = true
	}
	return m
}()

// Actions lists all actions in the order of docs/permissions.md.
func Actions() []string {
	names := make([]string, len(actions))
	for i, a := range actions {
		names[i] = a.name
	}
	return names
}

// systemActions are held by the engine itself and by nobody else.
var systemActions = []string{host.ActionCallCarry, host.ActionHistoryPrune, host.ActionModelInvoke, host.ActionTimerFire}

// kindOf is the kind of scopes that an action is done to in lists.
func kindOf(act string) string {
	switch act {
	case host.ActionDecisionRead, host.ActionDecisionInspect, host.ActionDecisionEvaluate, host.ActionDecisionDelete:
		return "dec"
	case host.ActionModelInvoke:
		return "model"
	}
	return "def"
}

func systemOnly(act string) bool { return slices.Contains(systemActions, act) }

// Meaning says for people what an action allows; "" when there is no such action.
func Meaning(act string) string {
	for _, a := range actions {
		if a.name == act {
			return a.meaning
		}
	}
	return ""
}
