package query

import (
	"encoding/json"
	"time"
)

// BatchOperation is one change to all instances that matched a filter at one moment. Total is the sum of the counts
// and of the items that are still to be carried out.
type BatchOperation struct {
	BatchOperationKey        Key             `json:"batchOperationKey"`
	BatchOperationType       string          `json:"batchOperationType"`
	State                    string          `json:"state"`
	CreationDate             time.Time       `json:"creationDate"`
	StartDate                *time.Time      `json:"startDate"`
	EndDate                  *time.Time      `json:"endDate"`
	ActorType                string          `json:"actorType"`
	ActorID                  string          `json:"actorId"`
	OperationsTotalCount     int64           `json:"operationsTotalCount"`
	OperationsCompletedCount int64           `json:"operationsCompletedCount"`
	OperationsFailedCount    int64           `json:"operationsFailedCount"`
	OperationsSkippedCount   int64           `json:"operationsSkippedCount"`
	OperationsCanceledCount  int64           `json:"operationsCanceledCount"`
	Filter                   json.RawMessage `json:"filter"` // as it was asked
	Errors                   []string        `json:"errors"` // none: what failed stands with the items
}

// BatchOperationItem is what a batch operation does to one instance, or to one incident.
type BatchOperationItem struct {
	OperationType          string     `json:"operationType"`
	BatchOperationKey      Key        `json:"batchOperationKey"`
	ItemKey                Key        `json:"itemKey"`
	ProcessInstanceKey     Key        `json:"processInstanceKey"`
	RootProcessInstanceKey *Key       `json:"rootProcessInstanceKey"`
	State                  string     `json:"state"`
	ProcessedDate          *time.Time `json:"processedDate"`
	ErrorCode              *string    `json:"errorCode"`
	ErrorMessage           *string    `json:"errorMessage"`
	EventID                *string    `json:"eventId"` // of the command's audit entry
}
