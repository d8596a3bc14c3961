package api

import (
	"context"
	"io"
	"time"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/query"
)

// Doer is the host as the API needs it: the one door for every change.
type Doer interface {
	Do(ctx context.Context, by host.Actor, c host.Call) (host.Receipt, error)
	Deploy(ctx context.Context, by host.Actor, key string, resources []host.Resource) (host.Deployment, []fault.Detail, error)
	Activate(ctx context.Context, by host.Actor, a host.Activation) ([]host.Job, error)
	Extend(ctx context.Context, by host.Actor, l host.JobLock) error
	Suspend(ctx context.Context, by host.Actor, s host.Suspension, request string) error
	Lift(ctx context.Context, by host.Actor, s host.Suspension, request string) error
	Delete(ctx context.Context, by host.Actor, d host.Deletion) error
	DeleteEvaluation(ctx context.Context, by host.Actor, d host.EvaluationDeletion) error
	PlanMigration(ctx context.Context, by host.Actor, instance int64, cmd engine.MigrateInstance) (engine.MigrationReport, error)
	Await(ctx context.Context, by host.Actor, instance int64) (string, error)
	AwaitTask(ctx context.Context, task int64, over func(context.Context) (bool, error)) error
	Evaluate(ctx context.Context, by host.Actor, c host.DecisionCall) (host.Evaluation, error)
	Publish(ctx context.Context, by host.Actor, p host.Publication) (int64, error)
	Correlate(ctx context.Context, by host.Actor, p host.Publication) (message, instance int64, err error)
	Broadcast(ctx context.Context, by host.Actor, sig host.Signal) (int64, error)
	EvaluateConditions(ctx context.Context, by host.Actor, c host.Conditions) ([]host.Receipt, error)
	PlanBatch(ctx context.Context, by host.Actor, r host.BatchRequest) (int64, error)
	CreateBatch(ctx context.Context, by host.Actor, r host.BatchRequest) (host.BatchReceipt, error)
	SteerBatch(ctx context.Context, by host.Actor, batch int64, to, reason, request string) error
	Change(ctx context.Context, by host.Actor, action string, on host.Target, changes []host.AccountChange, note string) error
	Record(ctx context.Context, by host.Actor, action string, on host.Target, note string) error
	Refused(ctx context.Context, by host.Actor, action string, on host.Target, reason string)
	SetClock(ctx context.Context, by host.Actor, at time.Time) error
	ResetClock(ctx context.Context, by host.Actor) error
	Catalog() *host.Snapshot
	Now() time.Time
	Drain()
}

var _ Doer = (*host.Host)(nil)

// Reads is the read side of the store. A get answers false when there is no such thing.
type Reads interface {
	SearchProcessDefinitions(ctx context.Context, r query.Request) (query.Result[query.ProcessDefinition], error)
	SearchProcessInstances(ctx context.Context, r query.Request) (query.Result[query.ProcessInstance], error)
	SearchElementInstances(ctx context.Context, r query.Request) (query.Result[query.ElementInstance], error)
	SearchVariables(ctx context.Context, r query.Request) (query.Result[query.Variable], error)
	SearchJobs(ctx context.Context, r query.Request) (query.Result[query.Job], error)
	SearchUserTasks(ctx context.Context, r query.Request) (query.Result[query.UserTask], error)
	SearchIncidents(ctx context.Context, r query.Request) (query.Result[query.Incident], error)
	SearchDecisionDefinitions(ctx context.Context, r query.Request) (query.Result[query.DecisionDefinition], error)
	SearchDecisionInstances(ctx context.Context, r query.Request) (query.Result[query.DecisionInstance], error)
	SearchAuditEntries(ctx context.Context, r query.Request) (query.Result[query.AuditEntry], error)
	SearchUsers(ctx context.Context, r query.Request) (query.Result[query.User], error)
	SearchMessageSubscriptions(ctx context.Context, r query.Request) (query.Result[query.MessageSubscription], error)
	SearchCorrelatedMessages(ctx context.Context, r query.Request) (query.Result[query.CorrelatedMessage], error)
	SearchBatchOperations(ctx context.Context, r query.Request) (query.Result[query.BatchOperation], error)
	SearchBatchOperationItems(ctx context.Context, r query.Request) (query.Result[query.BatchOperationItem], error)
	BatchOperation(ctx context.Context, key int64) (query.BatchOperation, bool, error)
	CallHierarchy(ctx context.Context, instance int64) ([]query.ProcessInstance, error)
	ElementStatistics(ctx context.Context, instance int64) ([]query.ElementStatistics, error)
	SequenceFlows(ctx context.Context, instance int64, most int) ([]query.SequenceFlow, error)
	TaskVariables(ctx context.Context, userTask int64, r query.Request) (query.Result[query.Variable], error)

	ProcessDefinition(ctx context.Context, key int64) (query.ProcessDefinition, bool, error)
	ProcessInstance(ctx context.Context, key int64) (query.ProcessInstance, bool, error)
	ElementInstance(ctx context.Context, key int64) (query.ElementInstance, bool, error)
	Variable(ctx context.Context, key int64) (query.Variable, bool, error)
	UserTask(ctx context.Context, key int64) (query.UserTask, bool, error)
	Incident(ctx context.Context, key int64) (query.Incident, bool, error)
	DecisionDefinition(ctx context.Context, key int64) (query.DecisionDefinition, bool, error)
	DecisionInstance(ctx context.Context, evaluation int64, position int) (query.DecisionInstance, bool, error)
	Form(ctx context.Context, key int64) (query.Form, bool, error)
	User(ctx context.Context, username string) (query.User, bool, error)
	Tokens(ctx context.Context, username string) ([]host.Token, error)
	Groups(ctx context.Context) ([]string, error)

	host.Ledger
	// Source returns the bytes of a deployed resource.
	Source(ctx context.Context, key int64) ([]byte, error)
}

// Authenticator finds out who asks. It refuses with a fault of kind Unauthenticated.
type Authenticator interface {
	Basic(ctx context.Context, username, password string) (host.Actor, error)
	Bearer(ctx context.Context, token string) (host.Actor, error)
}

// Secrets makes what accounts are known by: the encoded hash of a password, and a token with the hash
// under which it is kept.
type Secrets struct {
	HashPassword func(ctx context.Context, random io.Reader, password string) (string, error)
	NewToken     func(random io.Reader) (secret string, hash [32]byte)
}
