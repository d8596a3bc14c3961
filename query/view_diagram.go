package query

// ElementStatistics counts the element instances of an element: Incidents those that are active and have an active
// incident, Active the other active ones.
type ElementStatistics struct {
	ElementID string `json:"elementId"`
	Active    int64  `json:"active"`
	Canceled  int64  `json:"canceled"`
	Incidents int64  `json:"incidents"`
	Completed int64  `json:"completed"`
}

// SequenceFlow is a sequence flow that an instance took, once or more often. The definition is the one by which the
// instance ran when it took the flow last.
type SequenceFlow struct {
	SequenceFlowID         string `json:"sequenceFlowId"` // instance and flow: 7_toEnd
	ProcessInstanceKey     Key    `json:"processInstanceKey"`
	RootProcessInstanceKey *Key   `json:"rootProcessInstanceKey"`
	ProcessDefinitionKey   Key    `json:"processDefinitionKey"`
	ProcessDefinitionID    string `json:"processDefinitionId"`
	ElementID              string `json:"elementId"`
	TenantID               string `json:"tenantId"`
}
