package query

import (
	"time"

	"tallystick/rules"
)

// DecisionInstance is one decision of an evaluation: the one that was asked for, or one that it required. The keys of
// process and element are nil when the evaluation was asked for outside of any process. Result and values are JSON text.
type DecisionInstance struct {
	DecisionEvaluationInstanceKey string    `json:"decisionEvaluationInstanceKey"` // evaluation and position: 7-2
	DecisionEvaluationKey         Key       `json:"decisionEvaluationKey"`
	DecisionDefinitionKey         Key       `json:"decisionDefinitionKey"`
	DecisionDefinitionID          string    `json:"decisionDefinitionId"`
	DecisionDefinitionName        string    `json:"decisionDefinitionName"`
	DecisionDefinitionVersion     int       `json:"decisionDefinitionVersion"`
	DecisionDefinitionType        string    `json:"decisionDefinitionType"`
	RootDecisionDefinitionKey     Key       `json:"rootDecisionDefinitionKey"`
	State                         string    `json:"state"`
	EvaluationDate                time.Time `json:"evaluationDate"`
	EvaluationFailure             *string   `json:"evaluationFailure"`
	Result                        string    `json:"result"`
	ProcessInstanceKey            *Key      `json:"processInstanceKey"`
	RootProcessInstanceKey        *Key      `json:"rootProcessInstanceKey"`
	ProcessDefinitionKey          *Key      `json:"processDefinitionKey"`
	ElementInstanceKey            *Key      `json:"elementInstanceKey"`
	BusinessID                    *string   `json:"businessId"`
	TenantID                      string    `json:"tenantId"`

	Inputs  []rules.Input `json:"-"`
	Matched []rules.Match `json:"-"`
}
