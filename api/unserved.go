package api

import "strings"

// operation is a method and path that clients may know.
type operation struct{ method, path string }

// unservedOperations lists the operations of the interface that clients know and this server does not carry out. They
// answer 501, so that a client can tell a missing feature from a wrong path.
func unservedOperations() []operation {
	var out []operation
	for _, line := range strings.Split(strings.TrimSpace(unservedList), "\n") {
		methods, path, _ := strings.Cut(line, " ")
		for _, m := range strings.Split(methods, ",") {
			out = append(out, operation{m, path})
		}
	}
	return out
}

const unservedList = `
GET /cluster/v2/status
GET /cluster/v2/topology
GET /v2/system/usage-metrics
GET /v2/system/configuration
POST /v2/authentication/me/authorizations/search
POST /v2/setup/user
POST /v2/resources/{resourceKey}/deletion
POST /v2/resources/search
GET /v2/resources/{resourceKey}
GET /v2/resources/{resourceKey}/content
GET /v2/resources/{resourceKey}/content/binary
POST /v2/process-definitions/statistics/process-instances
GET /v2/process-definitions/{processDefinitionKey}/form
POST /v2/process-definitions/{processDefinitionKey}/statistics/element-instances
POST /v2/process-definitions/statistics/process-instances-by-version
POST /v2/process-definitions/statistics/message-subscriptions
POST /v2/process-definitions/{processDefinitionKey}/variable-names/search
POST /v2/process-instances/{processInstanceKey}/business-id-assignment
GET /v2/process-instances/{processInstanceKey}/statistics/wait-states
POST /v2/element-instances/wait-states/search
POST /v2/element-instances/{elementInstanceKey}/incidents/search
POST /v2/jobs/batch-update
GET /v2/jobs/statistics/global
POST /v2/jobs/statistics/by-types
POST /v2/jobs/statistics/by-workers
POST /v2/jobs/statistics/time-series
POST /v2/jobs/statistics/errors
POST /v2/incidents/statistics/process-instances-by-error
POST /v2/incidents/statistics/process-instances-by-definition
POST /v2/user-tasks/{userTaskKey}/audit-logs/search
POST /v2/user-tasks/{userTaskKey}/effective-variables/search
POST /v2/decision-requirements/search
GET /v2/decision-requirements/{decisionRequirementsKey}
GET /v2/decision-requirements/{decisionRequirementsKey}/xml
POST /v2/decision-instances/deletion
POST /v2/expression/evaluation
POST /v2/documents
GET,DELETE /v2/documents/{documentId}
POST /v2/documents/batch
POST /v2/documents/{documentId}/links
POST /v2/audit-logs/search
GET /v2/audit-logs/{auditLogKey}
POST /v2/authorizations
POST /v2/authorizations/search
PUT,GET,DELETE /v2/authorizations/{authorizationKey}
POST /v2/groups/search
GET,PUT,DELETE /v2/groups/{groupId}
POST /v2/groups/{groupId}/users/search
POST /v2/groups/{groupId}/clients/search
PUT,DELETE /v2/groups/{groupId}/clients/{clientId}
POST /v2/groups/{groupId}/mapping-rules/search
PUT,DELETE /v2/groups/{groupId}/mapping-rules/{mappingRuleId}
POST /v2/groups/{groupId}/roles/search
POST /v2/roles
POST /v2/roles/search
GET,PUT,DELETE /v2/roles/{roleId}
POST /v2/roles/{roleId}/groups/search
PUT,DELETE /v2/roles/{roleId}/groups/{groupId}
POST /v2/roles/{roleId}/users/search
POST /v2/roles/{roleId}/clients/search
PUT,DELETE /v2/roles/{roleId}/clients/{clientId}
POST /v2/roles/{roleId}/mapping-rules/search
PUT,DELETE /v2/roles/{roleId}/mapping-rules/{mappingRuleId}
POST /v2/tenants/search
POST /v2/tenants
GET,PUT,DELETE /v2/tenants/{tenantId}
POST /v2/tenants/{tenantId}/clients/search
PUT,DELETE /v2/tenants/{tenantId}/clients/{clientId}
POST /v2/tenants/{tenantId}/groups/search
PUT,DELETE /v2/tenants/{tenantId}/groups/{groupId}
POST /v2/tenants/{tenantId}/mapping-rules/search
PUT,DELETE /v2/tenants/{tenantId}/mapping-rules/{mappingRuleId}
POST /v2/tenants/{tenantId}/roles/search
PUT,DELETE /v2/tenants/{tenantId}/roles/{roleId}
POST /v2/tenants/{tenantId}/users/search
PUT,DELETE /v2/tenants/{tenantId}/users/{username}
POST /v2/mapping-rules
POST /v2/mapping-rules/search
PUT,DELETE,GET /v2/mapping-rules/{mappingRuleId}
POST /v2/cluster-variables/global
GET,PUT,DELETE /v2/cluster-variables/global/{name}
POST /v2/cluster-variables/search
POST /v2/cluster-variables/tenants/{tenantId}
GET,PUT,DELETE /v2/cluster-variables/tenants/{tenantId}/{name}
POST /v2/global-task-listeners
GET,PUT,DELETE /v2/global-task-listeners/{id}
POST /v2/global-task-listeners/search
GET /v2/agent-definitions/{agentDefinitionKey}
POST /v2/agent-definitions/search
POST /v2/agent-instances
GET,PATCH /v2/agent-instances/{agentInstanceKey}
POST /v2/agent-instances/search
POST /v2/agent-instances/{agentInstanceKey}/history
POST /v2/agent-instances/{agentInstanceKey}/history/search
POST /v2/secrets/resolve
POST /v2/secrets/list
POST,GET /v2/backups/runtime
GET,DELETE /v2/backups/runtime/state
POST /v2/backups/runtime/state/sync
GET,DELETE /v2/backups/runtime/{backupId}
POST,GET /v2/backups/history
GET,DELETE /v2/backups/history/{backupId}
POST,GET /cluster/v2/backups/runtime
GET,DELETE /cluster/v2/backups/runtime/state
POST /cluster/v2/backups/runtime/state/sync
GET,DELETE /cluster/v2/backups/runtime/{backupId}
POST,GET /cluster/v2/backups/history
GET,DELETE /cluster/v2/backups/history/{backupId}
GET /v2/exporting
POST /v2/exporting/pause
POST /v2/exporting/resume
GET /cluster/v2/exporting
POST /cluster/v2/exporting/pause
POST /cluster/v2/exporting/resume
PATCH /v2/mode
POST,GET /v2/restore
PATCH /cluster/v2/mode
POST /cluster/v2/restore
`
