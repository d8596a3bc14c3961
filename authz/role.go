package authz

import (
	"slices"

	"tallystick/host"
)

// grant is a holder of rights with the actions it holds on every scope.
type grant struct {
	name    string
	actions []string
}

// roles are the built-in roles with the least that each kind of work needs.
var roles = []grant{
	{"admin", except(Actions(), systemActions)},
	{"modeler", []string{
		host.ActionDefinitionDeploy, host.ActionDefinitionRead,
		host.ActionDecisionRead, host.ActionDecisionInspect, host.ActionDecisionEvaluate,
		host.ActionInstanceStart, host.ActionInstanceRead,
		host.ActionMessagePublish, host.ActionMessageCorrelate, host.ActionMessageRead, host.ActionSignalBroadcast,
	}},
	{"operator", []string{
		host.ActionInstanceStart, host.ActionInstanceRead, host.ActionInstanceCancel, host.ActionInstanceSuspend,
		host.ActionInstanceModify, host.ActionInstanceMigrate, host.ActionDefinitionSuspend, host.ActionJobSuspend, host.ActionVariableWrite,
		host.ActionIncidentRead, host.ActionIncidentResolve, host.ActionJobRead, host.ActionJobUpdate,
		host.ActionTaskReadAll, host.ActionTaskAssign, host.ActionTaskAdminister, host.ActionDefinitionRead,
		host.ActionDecisionRead, host.ActionDecisionInspect, host.ActionMessagePublish, host.ActionMessageCorrelate, host.ActionMessageRead, host.ActionSignalBroadcast,
		host.ActionBatchCreate, host.ActionBatchRead, host.ActionBatchUpdate,
		host.ActionSystemMetrics,
	}},
	{"clerk", []string{
		host.ActionTaskRead, host.ActionTaskClaim, host.ActionTaskUnclaim, host.ActionTaskComplete,
		host.ActionTaskUpdate,
	}},
	{"worker", []string{
		host.ActionJobFetch, host.ActionJobComplete, host.ActionJobFail, host.ActionJobError, host.ActionJobUpdate,
	}},
	{"auditor", []string{
		host.ActionAuditRead, host.ActionAuditExport, host.ActionAuditVerify,
		host.ActionDefinitionRead, host.ActionDecisionRead, host.ActionDecisionInspect, host.ActionInstanceRead,
		host.ActionIncidentRead, host.ActionTaskReadAll, host.ActionJobRead, host.ActionMessageRead,
	}},
	{"monitor", []string{host.ActionSystemMetrics}},
}

// systemParts are the parts of the engine that act by themselves. A part with a colon ("worker:scoring")
// holds what its first word holds.
var systemParts = []grant{
	{"timer", []string{host.ActionTimerFire, host.ActionInstanceStart}},
	{"message", []string{host.ActionMessageCorrelate, host.ActionInstanceStart}},
	{"signal", []string{host.ActionSignalBroadcast, host.ActionInstanceStart}},
	{"call", []string{host.ActionCallCarry, host.ActionInstanceStart, host.ActionInstanceCancel}},
	{"worker", []string{
		host.ActionJobFetch, host.ActionJobComplete, host.ActionJobFail, host.ActionJobError, host.ActionModelInvoke,
	}},
	{"batch", []string{host.ActionBatchUpdate}},
	{"retention", []string{host.ActionHistoryPrune}},
	{"bootstrap", []string{host.ActionDefinitionDeploy, host.ActionUserWrite, host.ActionTokenIssue}},
}

// The subjects that nobody needs to be given.
const (
	subjectEverybody     = "all:everybody"     // strangers too
	subjectAuthenticated = "all:authenticated" // whoever has proven to be somebody
)

var implicit = []grant{
	{subjectAuthenticated, []string{host.ActionSystemRead, host.ActionPasswordChange}},
	{subjectEverybody, []string{host.ActionSystemDocument, host.ActionAuthenticate}},
}

// Roles lists the built-in roles.
func Roles() []string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = r.name
	}
	return names
}

func except(all, without []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(without, s) })
}
