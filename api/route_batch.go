package api

import (
	"encoding/json"
	"net/http"

	"tallystick/host"
	"tallystick/internal/canon"
	"tallystick/query"
)

func batchRoutes() []route {
	return []route{
		{http.MethodPost, "/v2/process-instances/cancellation", host.ActionBatchCreate, "Cancel all instances that match", createBatch(host.BatchCancel)},
		{http.MethodPost, "/v2/process-instances/incident-resolution", host.ActionBatchCreate, "Resolve the incidents of all instances that match", createBatch(host.BatchResolve)},
		{http.MethodPost, "/v2/process-instances/suspension", host.ActionBatchCreate, "Suspend all instances that match", createBatch(host.BatchSuspend)},
		{http.MethodPost, "/v2/process-instances/resumption", host.ActionBatchCreate, "Resume all instances that match", createBatch(host.BatchResume)},
		{http.MethodPost, "/v2/process-instances/deletion", host.ActionBatchCreate, "Forget all ended instances that match, and those that they called", createBatch(host.BatchDelete)},
		{http.MethodPost, "/v2/process-instances/modification", host.ActionBatchCreate, "Move elements of all instances that match", modifyProcessInstances},
		{http.MethodPost, "/v2/process-instances/migration", host.ActionBatchCreate, "Let all instances that match go on by another definition", migrateProcessInstances},
		{http.MethodPost, "/v2/process-instances/{processInstanceKey}/incident-resolution", host.ActionIncidentResolve, "Resolve all incidents of an instance", resolveAllOfInstance},
		{http.MethodPost, "/v2/batch-operations/search", host.ActionBatchRead, "Find batch operations", searchBatchOperations},
		{http.MethodGet, "/v2/batch-operations/{batchOperationKey}", host.ActionBatchRead, "Read how far a batch operation is", getBatchOperation},
		{http.MethodPost, "/v2/batch-operations/{batchOperationKey}/cancellation", host.ActionBatchUpdate, "Cancel what is left of a batch operation", steerBatch(host.BatchCanceled)},
		{http.MethodPost, "/v2/batch-operations/{batchOperationKey}/suspension", host.ActionBatchUpdate, "Let a batch operation rest", steerBatch(host.BatchSuspended)},
		{http.MethodPost, "/v2/batch-operations/{batchOperationKey}/resumption", host.ActionBatchUpdate, "Let a batch operation go on", steerBatch(host.BatchActive)},
		{http.MethodPost, "/v2/batch-operation-items/search", host.ActionBatchRead, "Find what became of the items of batch operations", searchBatchItems},
	}
}

var batchOperationTable = &table{
	filter: map[string]kind{
		"batchOperationKey": keys, "operationType": labels, "state": labels, "actorType": labels, "actorId": words,
		"creationDate": moments, "startDate": moments, "endDate": moments,
	},
	sort: []string{"batchOperationKey", "operationType", "state", "creationDate", "startDate", "endDate", "actorType", "actorId"},
}

var batchItemTable = &table{
	filter: map[string]kind{
		"batchOperationKey": keys, "itemKey": keys, "processInstanceKey": keys, "state": labels, "operationType": labels,
		"errorCode": words, "processedDate": moments,
	},
	sort: []string{"batchOperationKey", "itemKey", "processInstanceKey", "processedDate", "state", "errorCode"},
}

type batchBody struct {
	command
	Filter document `json:"filter" api:"required"`
	DryRun bool     `json:"dryRun"` // tells how many items there would be, and does nothing
}

// batchMadeView answers a creation; a dry run has no key.
type batchMadeView struct {
	BatchOperationKey    *query.Key `json:"batchOperationKey"`
	BatchOperationType   string     `json:"batchOperationType"`
	OperationsTotalCount int64      `json:"operationsTotalCount"`
}

// createBatch makes the handler of a type whose items need no instructions.
func createBatch(kind string) func(*Server, *request) (*response, error) {
	return func(s *Server, r *request) (*response, error) {
		b, err := decode[batchBody](r, required)
		if err != nil {
			return nil, err
		}
		return s.batch(r, b, kind, nil)
	}
}

// batch creates a batch operation, or plans it.
func (s *Server) batch(r *request, b batchBody, kind string, payload json.RawMessage) (*response, error) {
	var f findings
	var q query.Request
	f.filter(canon.JSON(b.Filter), processInstanceTable, "filter", &q)
	if len(f.list) == 0 && len(q.Conds)+len(q.Any)+len(q.Variables) == 0 {
		f.add("filter", fieldMissing, `an empty filter takes every instance; if that is meant, say {"state": {"$exists": true}}`)
	}
	if err := invalid(f.list); err != nil {
		return nil, err
	}
	asked := host.BatchRequest{Type: kind, Payload: payload, Filter: q, Text: string(b.Filter), Reason: b.why()}
	if b.DryRun {
		n, err := s.opts.Host.PlanBatch(r.ctx(), r.by, asked)
		if err != nil {
			return nil, err
		}
		return respond(http.StatusOK, batchMadeView{BatchOperationType: kind, OperationsTotalCount: n})
	}
	return s.makeBatch(r, asked)
}

func (s *Server) makeBatch(r *request, asked host.BatchRequest) (*response, error) {
	var err error
	if asked.Key, err = r.repeatKey(); err != nil {
		return nil, err
	}
	asked.Digest, asked.RequestID = r.digest(), r.id()
	made, err := s.opts.Host.CreateBatch(r.ctx(), r.by, asked)
	if err != nil {
		return nil, err
	}
	key := query.Key(made.Batch)
	return respond(http.StatusOK, batchMadeView{&key, made.Type, made.Items})
}

func resolveAllOfInstance(s *Server, r *request) (*response, error) {
	key, err := instanceKey(r)
	if err != nil {
		return nil, err
	}
	b, err := decode[struct{ command }](r, optional)
	if err != nil {
		return nil, err
	}
	text := canon.Object(map[string]canon.JSON{"processInstanceKey": canon.String(r.path["processInstanceKey"])})
	return s.makeBatch(r, host.BatchRequest{Type: host.BatchResolve, Instance: key, Text: string(text), Reason: b.why()})
}

func searchBatchOperations(s *Server, r *request) (*response, error) {
	return search(r, batchOperationTable, s.access(r, host.ActionBatchRead), s.opts.Reads.SearchBatchOperations, same)
}

func searchBatchItems(s *Server, r *request) (*response, error) {
	return search(r, batchItemTable, s.access(r, host.ActionBatchRead), s.opts.Reads.SearchBatchOperationItems, same)
}

func getBatchOperation(s *Server, r *request) (*response, error) {
	key, err := r.key("batchOperationKey")
	if err != nil {
		return nil, err
	}
	if err := s.require(r, host.ActionBatchRead, scopeBatch); err != nil {
		return nil, err
	}
	o, ok, err := s.opts.Reads.BatchOperation(r.ctx(), key)
	if err == nil && !ok {
		err = host.ErrBatchNotFound
	}
	if err != nil {
		return nil, err
	}
	return respond(http.StatusOK, o)
}

// steerBatch makes the handler that moves a batch operation to a state.
func steerBatch(to string) func(*Server, *request) (*response, error) {
	return func(s *Server, r *request) (*response, error) {
		key, err := r.key("batchOperationKey")
		if err != nil {
			return nil, err
		}
		b, err := decode[struct{ command }](r, optional)
		if err != nil {
			return nil, err
		}
		if err := s.opts.Host.SteerBatch(r.ctx(), r.by, key, to, b.why(), r.id()); err != nil {
			return nil, err
		}
		return done()
	}
}
