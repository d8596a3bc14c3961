package api

// table says what one resource can be filtered and sorted by. The names are those of the views; what
// clients know and no view holds (error codes, listeners) is not there and is refused by
// name.
type table struct {
	filter    map[string]kind
	sort      []string
	or        bool            // takes $or
	variables map[string]bool // fields that hold conditions on variables; true: local ones
}

var processDefinitionTable = &table{
	filter: map[string]kind{
		"processDefinitionKey": keys, "processDefinitionId": words, "name": words, "resourceName": words,
		"version": numbers, "versionTag": words, "tenantId": words, "hasStartForm": flags, "state": labels,
		"isLatestVersion": flags,
	},
	sort: []string{
		"processDefinitionKey", "processDefinitionId", "name", "resourceName", "version", "versionTag", "tenantId",
	},
}

var processInstanceTable = &table{
	or: true, variables: map[string]bool{"variables": false},
	filter: map[string]kind{
		"processInstanceKey": keys, "processDefinitionKey": keys, "processDefinitionId": words,
		"processDefinitionName": words, "processDefinitionVersion": numbers, "processDefinitionVersionTag": words,
		"parentProcessInstanceKey": keys, "parentElementInstanceKey": keys, "rootProcessInstanceKey": keys,
		"startDate": moments, "endDate": moments, "suspendedDate": moments, "state": labels, "hasIncident": flags, "tenantId": words,
		"businessId": words, "tags": lists, "elementId": words, "elementInstanceState": labels, "errorMessage": words,
		"batchOperationKey": keys,
	},
	sort: []string{
		"processInstanceKey", "processDefinitionKey", "processDefinitionId", "processDefinitionName",
		"processDefinitionVersion", "processDefinitionVersionTag", "parentProcessInstanceKey",
		"parentElementInstanceKey", "startDate", "endDate", "suspendedDate", "state", "hasIncident", "tenantId", "businessId",
	},
}

var elementInstanceTable = &table{
	or: true,
	filter: map[string]kind{
		"elementInstanceKey": keys, "elementId": words, "elementName": words, "type": labels, "state": labels,
		"startDate": moments, "endDate": moments, "hasIncident": flags, "incidentKey": keys,
		"elementInstanceScopeKey": keys, "processInstanceKey": keys, "rootProcessInstanceKey": keys,
		"processDefinitionKey": keys, "processDefinitionId": words, "tenantId": words,
	},
	sort: []string{
		"elementInstanceKey", "elementId", "elementName", "type", "state", "startDate", "endDate", "incidentKey",
		"processInstanceKey", "processDefinitionKey", "processDefinitionId", "tenantId",
	},
}

var variableTable = &table{
	filter: map[string]kind{
		"variableKey": keys, "name": words, "value": values, "scopeKey": keys, "processInstanceKey": keys,
		"rootProcessInstanceKey": keys, "tenantId": words,
	},
	sort: []string{"variableKey", "name", "value", "scopeKey", "processInstanceKey", "tenantId"},
}

var taskVariableTable = &table{filter: map[string]kind{"name": words}, sort: variableTable.sort}

var jobTable = &table{
	filter: map[string]kind{
		"jobKey": keys, "type": words, "kind": labels, "listenerEventType": labels, "state": labels,
		"retries": numbers, "worker": words, "deadline": moments, "errorCode": words, "errorMessage": words,
		"hasFailedWithRetriesLeft": flags, "isDenied": flags, "deniedReason": words, "creationTime": moments, "lastUpdateTime": moments, "endTime": moments,
		"elementId": words, "elementInstanceKey": keys, "processInstanceKey": keys, "rootProcessInstanceKey": keys,
		"processDefinitionKey": keys, "processDefinitionId": words, "tenantId": words, "priority": numbers,
	},
	sort: []string{
		"jobKey", "type", "kind", "listenerEventType", "state", "retries", "worker", "deadline", "errorCode",
		"errorMessage", "hasFailedWithRetriesLeft", "isDenied", "deniedReason", "creationTime", "lastUpdateTime", "endTime", "elementId",
		"elementInstanceKey", "processInstanceKey", "processDefinitionKey", "processDefinitionId", "tenantId", "priority",
	},
}

var userTaskTable = &table{
	variables: map[string]bool{"processInstanceVariables": false, "localVariables": true},
	filter: map[string]kind{
		"userTaskKey": keys, "name": words, "state": labels, "assignee": words, "candidateGroup": words,
		"candidateUser": words, "creationDate": moments, "completionDate": moments, "dueDate": moments,
		"followUpDate": moments, "priority": numbers, "elementId": words, "elementInstanceKey": keys,
		"processInstanceKey": keys, "rootProcessInstanceKey": keys, "processDefinitionKey": keys,
		"processDefinitionId": words, "tenantId": words, "tags": lists, "businessId": words,
	},
	sort: []string{"userTaskKey", "creationDate", "completionDate", "followUpDate", "dueDate", "priority", "name", "businessId"},
}

var incidentTable = &table{
	filter: map[string]kind{
		"incidentKey": keys, "errorType": labels, "errorMessage": words, "state": labels, "creationTime": moments,
		"elementId": words, "elementInstanceKey": keys, "jobKey": keys, "processInstanceKey": keys,
		"rootProcessInstanceKey": keys, "processDefinitionKey": keys, "processDefinitionId": words, "tenantId": words,
	},
	sort: []string{
		"incidentKey", "errorType", "errorMessage", "state", "creationTime", "elementId", "elementInstanceKey",
		"jobKey", "processInstanceKey", "processDefinitionKey", "processDefinitionId", "tenantId",
	},
}

var decisionDefinitionTable = &table{
	filter: map[string]kind{
		"decisionDefinitionKey": keys, "decisionDefinitionId": words, "name": words, "version": numbers,
		"decisionRequirementsKey": keys, "decisionRequirementsId": words, "decisionRequirementsName": words,
		"decisionRequirementsVersion": numbers, "tenantId": words, "isLatestVersion": flags,
	},
	sort: []string{
		"decisionDefinitionKey", "decisionDefinitionId", "name", "version", "decisionRequirementsKey",
		"decisionRequirementsId", "decisionRequirementsName", "decisionRequirementsVersion", "tenantId",
	},
}

var decisionInstanceTable = &table{
	filter: map[string]kind{
		"decisionEvaluationInstanceKey": words, "decisionEvaluationKey": keys, "decisionDefinitionId": words,
		"decisionDefinitionKey": keys, "decisionDefinitionName": words, "decisionDefinitionVersion": numbers,
		"decisionDefinitionType": labels, "rootDecisionDefinitionKey": keys, "decisionRequirementsKey": keys, "state": labels,
		"evaluationDate": moments, "evaluationFailure": words, "processInstanceKey": keys, "processDefinitionKey": keys,
		"elementInstanceKey": keys, "businessId": words, "tenantId": words,
	},
	sort: []string{
		"decisionEvaluationInstanceKey", "decisionEvaluationKey", "decisionDefinitionId", "decisionDefinitionKey",
		"decisionDefinitionName", "decisionDefinitionVersion", "decisionDefinitionType", "rootDecisionDefinitionKey", "state",
		"evaluationDate", "evaluationFailure", "processInstanceKey", "processDefinitionKey", "elementInstanceKey", "businessId",
		"tenantId",
	},
}

var auditEntryTable = &table{
	filter: map[string]kind{
		"auditLogKey": keys, "stream": words, "seq": numbers, "time": moments, "category": words, "action": words,
		"outcome": words, "actor": words, "resource": words, "processDefinitionId": words, "processInstanceKey": keys,
		"elementId": words, "requestId": words, "decisionDefinitionId": words, "model": words,
	},
	sort: []string{"auditLogKey", "stream", "seq", "time", "category", "action", "outcome", "actor"},
}

var userTable = &table{
	filter: map[string]kind{"username": words, "name": words, "email": words, "role": words, "group": words},
	sort:   []string{"username", "name", "email"},
}

var messageSubscriptionTable = &table{
	filter: map[string]kind{
		"messageSubscriptionKey": keys, "processDefinitionKey": keys, "processDefinitionId": words, "processInstanceKey": keys,
		"rootProcessInstanceKey": keys, "elementId": words, "elementInstanceKey": keys, "messageSubscriptionState": labels,
		"messageSubscriptionType": labels, "lastUpdatedDate": moments, "messageName": words, "correlationKey": words, "tenantId": words,
	},
	sort: []string{
		"messageSubscriptionKey", "processDefinitionId", "processInstanceKey", "elementId", "elementInstanceKey",
		"messageSubscriptionState", "messageSubscriptionType", "lastUpdatedDate", "messageName", "correlationKey", "tenantId",
	},
}

var correlatedMessageTable = &table{
	filter: map[string]kind{
		"correlationKey": words, "correlationTime": moments, "elementId": words, "elementInstanceKey": keys, "messageKey": keys,
		"messageName": words, "partitionId": numbers, "processDefinitionId": words, "processDefinitionKey": keys,
		"processInstanceKey": keys, "subscriptionKey": keys, "tenantId": words,
	},
	sort: []string{
		"correlationKey", "correlationTime", "elementId", "elementInstanceKey", "messageKey", "messageName",
		"processDefinitionId", "processDefinitionKey", "processInstanceKey", "subscriptionKey", "tenantId",
	},
}
