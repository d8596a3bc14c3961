package query

import "time"

// MessageSubscription is somebody who waits, or waited, for a message: an instance.
type MessageSubscription struct {
	MessageSubscriptionKey   Key       `json:"messageSubscriptionKey"`
	ProcessDefinitionID      string    `json:"processDefinitionId"`
	ProcessDefinitionKey     Key       `json:"processDefinitionKey"`
	ProcessInstanceKey       Key       `json:"processInstanceKey"`
	RootProcessInstanceKey   *Key      `json:"rootProcessInstanceKey"`
	ElementID                string    `json:"elementId"`
	ElementInstanceKey       Key       `json:"elementInstanceKey"`
	MessageSubscriptionState string    `json:"messageSubscriptionState"`
	MessageSubscriptionType  string    `json:"messageSubscriptionType"`
	LastUpdatedDate          time.Time `json:"lastUpdatedDate"`
	MessageName              string    `json:"messageName"`
	CorrelationKey           *string   `json:"correlationKey"`
	TenantID                 string    `json:"tenantId"`
}

// CorrelatedMessage is a message that went into a process.
type CorrelatedMessage struct {
	CorrelationKey         *string   `json:"correlationKey"`
	CorrelationTime        time.Time `json:"correlationTime"`
	ElementID              string    `json:"elementId"`
	ElementInstanceKey     *Key      `json:"elementInstanceKey"`
	MessageKey             Key       `json:"messageKey"`
	MessageName            string    `json:"messageName"`
	PartitionID            int       `json:"partitionId"`
	ProcessDefinitionID    string    `json:"processDefinitionId"`
	ProcessDefinitionKey   Key       `json:"processDefinitionKey"`
	ProcessInstanceKey     Key       `json:"processInstanceKey"`
	RootProcessInstanceKey *Key      `json:"rootProcessInstanceKey"`
	SubscriptionKey        Key       `json:"subscriptionKey"`
	TenantID               string    `json:"tenantId"`
}
