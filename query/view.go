package query

import "time"

// Tenant is the only tenant until tenancy is served.
const Tenant = "<default>"

// ProcessDefinition is a deployed process.
type ProcessDefinition struct {
	ProcessDefinitionKey Key     `json:"processDefinitionKey"`
	ProcessDefinitionID  string  `json:"processDefinitionId"`
	Name                 *string `json:"name"`
	ResourceName         string  `json:"resourceName"`
	Version              int     `json:"version"`
	VersionTag           *string `json:"versionTag"`
	TenantID             string  `json:"tenantId"`
	HasStartForm         bool    `json:"hasStartForm"`
	State                string  `json:"state"`
}

// ProcessInstance is a running or ended instance.
type ProcessInstance struct {
	ProcessInstanceKey          Key        `json:"processInstanceKey"`
	ProcessDefinitionKey        Key        `json:"processDefinitionKey"`
	ProcessDefinitionID         string     `json:"processDefinitionId"`
	ProcessDefinitionName       *string    `json:"processDefinitionName"`
	ProcessDefinitionVersion    int        `json:"processDefinitionVersion"`
	ProcessDefinitionVersionTag *string    `json:"processDefinitionVersionTag"`
	ParentProcessInstanceKey    *Key       `json:"parentProcessInstanceKey"`
	ParentElementInstanceKey    *Key       `json:"parentElementInstanceKey"`
	RootProcessInstanceKey      *Key       `json:"rootProcessInstanceKey"`
	StartDate                   time.Time  `json:"startDate"`
	EndDate                     *time.Time `json:"endDate"`
	SuspendedDate               *time.Time `json:"suspendedDate"`
	State                       string     `json:"state"`
	HasIncident                 bool       `json:"hasIncident"`
	TenantID                    string     `json:"tenantId"`
	Tags                        []string   `json:"tags"`
	BusinessID                  *string    `json:"businessId"`
}

// ElementInstance is one activation of an element.
type ElementInstance struct {
	ElementInstanceKey     Key        `json:"elementInstanceKey"`
	ElementID              string     `json:"elementId"`
	ElementName            string     `json:"elementName"`
	Type                   string     `json:"type"`
	State                  string     `json:"state"`
	StartDate              time.Time  `json:"startDate"`
	EndDate                *time.Time `json:"endDate"`
	HasIncident            bool       `json:"hasIncident"`
	IncidentKey            *Key       `json:"incidentKey"`
	ElementInstanceScope   Key        `json:"-"`
	ProcessInstanceKey     Key        `json:"processInstanceKey"`
	RootProcessInstanceKey *Key       `json:"rootProcessInstanceKey"`
	ProcessDefinitionKey   Key        `json:"processDefinitionKey"`
	ProcessDefinitionID    string     `json:"processDefinitionId"`
	TenantID               string     `json:"tenantId"`
}

// Variable is a variable of a scope. Value is canonical JSON text, always whole; api cuts it for lists.
type Variable struct {
	VariableKey            Key    `json:"variableKey"`
	Name                   string `json:"name"`
	Value                  string `json:"value"`
	ScopeKey               Key    `json:"scopeKey"`
	ProcessInstanceKey     Key    `json:"processInstanceKey"`
	RootProcessInstanceKey *Key   `json:"rootProcessInstanceKey"`
	TenantID               string `json:"tenantId"`
}

// Job is a job in history and in lists.
type Job struct {
	JobKey                   Key               `json:"jobKey"`
	Type                     string            `json:"type"`
	Kind                     string            `json:"kind"`
	ListenerEventType        string            `json:"listenerEventType"`
	State                    string            `json:"state"`
	Retries                  int               `json:"retries"`
	Worker                   string            `json:"worker"`
	Deadline                 *time.Time        `json:"deadline"`
	CustomHeaders            map[string]string `json:"customHeaders"`
	ErrorCode                *string           `json:"errorCode"`
	ErrorMessage             *string           `json:"errorMessage"`
	HasFailedWithRetriesLeft bool              `json:"hasFailedWithRetriesLeft"`
	IsDenied                 *bool             `json:"isDenied"`
	DeniedReason             *string           `json:"deniedReason"`
	CreationTime             *time.Time        `json:"creationTime"`
	LastUpdateTime           *time.Time        `json:"lastUpdateTime"`
	EndTime                  *time.Time        `json:"endTime"`
	ElementID                string            `json:"elementId"`
	ElementInstanceKey       Key               `json:"elementInstanceKey"`
	ProcessInstanceKey       Key               `json:"processInstanceKey"`
	RootProcessInstanceKey   *Key              `json:"rootProcessInstanceKey"`
	ProcessDefinitionKey     Key               `json:"processDefinitionKey"`
	ProcessDefinitionID      string            `json:"processDefinitionId"`
	TenantID                 string            `json:"tenantId"`
	Priority                 int               `json:"priority"`
}

// UserTask is a human task.
type UserTask struct {
	UserTaskKey              Key               `json:"userTaskKey"`
	Name                     *string           `json:"name"`
	State                    string            `json:"state"`
	Assignee                 *string           `json:"assignee"`
	CandidateGroups          []string          `json:"candidateGroups"`
	CandidateUsers           []string          `json:"candidateUsers"`
	CreationDate             time.Time         `json:"creationDate"`
	CompletionDate           *time.Time        `json:"completionDate"`
	DueDate                  *time.Time        `json:"dueDate"`
	FollowUpDate             *time.Time        `json:"followUpDate"`
	Priority                 int               `json:"priority"`
	CustomHeaders            map[string]string `json:"customHeaders"`
	FormKey                  *Key              `json:"formKey"`
	ExternalFormReference    *string           `json:"externalFormReference"`
	ElementID                string            `json:"elementId"`
	ElementInstanceKey       Key               `json:"elementInstanceKey"`
	ProcessName              *string           `json:"processName"`
	ProcessInstanceKey       Key               `json:"processInstanceKey"`
	RootProcessInstanceKey   *Key              `json:"rootProcessInstanceKey"`
	ProcessDefinitionKey     Key               `json:"processDefinitionKey"`
	ProcessDefinitionID      string            `json:"processDefinitionId"`
	ProcessDefinitionVersion int               `json:"processDefinitionVersion"`
	TenantID                 string            `json:"tenantId"`
	Tags                     []string          `json:"tags"`
}

// Incident is a parked element.
type Incident struct {
	IncidentKey            Key       `json:"incidentKey"`
	ErrorType              string    `json:"errorType"`
	ErrorMessage           string    `json:"errorMessage"`
	State                  string    `json:"state"`
	CreationTime           time.Time `json:"creationTime"`
	ElementID              string    `json:"elementId"`
	ElementInstanceKey     Key       `json:"elementInstanceKey"`
	JobKey                 *Key      `json:"jobKey"`
	ProcessInstanceKey     Key       `json:"processInstanceKey"`
	RootProcessInstanceKey *Key      `json:"rootProcessInstanceKey"`
	ProcessDefinitionKey   Key       `json:"processDefinitionKey"`
	ProcessDefinitionID    string    `json:"processDefinitionId"`
	TenantID               string    `json:"tenantId"`
}

// Form is a deployed form; Schema is the file's JSON text.
type Form struct {
	FormKey  Key    `json:"formKey"`
	FormID   string `json:"formId"`
	Version  int    `json:"version"`
	Schema   string `json:"schema"`
	TenantID string `json:"tenantId"`
}

// DecisionDefinition is a deployed decision.
type DecisionDefinition struct {
	DecisionDefinitionKey       Key    `json:"decisionDefinitionKey"`
	DecisionDefinitionID        string `json:"decisionDefinitionId"`
	Name                        string `json:"name"`
	Version                     int    `json:"version"`
	DecisionRequirementsKey     Key    `json:"decisionRequirementsKey"`
	DecisionRequirementsID      string `json:"decisionRequirementsId"`
	DecisionRequirementsName    string `json:"decisionRequirementsName"`
	DecisionRequirementsVersion int    `json:"decisionRequirementsVersion"`
	TenantID                    string `json:"tenantId"`
}

// AuditEntry is an entry of the audit log as the search shows it: the columns that can be asked for, the
// hash, and the canonical bytes from which the rest of the view is derived.
type AuditEntry struct {
	ID          int64     // order of commit, the sort key
	Stream      string    `json:"stream"`
	Seq         int64     `json:"seq"`
	Time        time.Time `json:"time"`
	Category    string    `json:"category"`
	Action      string    `json:"action"`
	Outcome     string    `json:"outcome"`
	Actor       string    `json:"actor"`
	Resource    string    `json:"resource"`
	ProcessID   string    `json:"processDefinitionId"`
	InstanceKey Key       `json:"processInstanceKey"`
	Hash        [32]byte  `json:"-"`
	Canonical   []byte    `json:"-"` // AR1
	Salt        []byte    `json:"-"` // nil when there is no private part
	Private     []byte    `json:"-"`
	ElementID   string    `json:"elementId"`
	RequestID   string    `json:"requestId"`
	DecisionID  string    `json:"decisionDefinitionId"`
	Model       string    `json:"model"`
}

// User is an account. The password hash never leaves the store through a view.
type User struct {
	Username string   `json:"username"`
	Name     string   `json:"name"`
	Email    string   `json:"email"`
	Roles    []string `json:"roles"`
	Groups   []string `json:"groups"`
}
