package api

import (
	"context"
	"net/http"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/internal/canon"
	"tallystick/query"
)

func processInstanceRoutes() []route {
	return []route{
		{http.MethodPost, "/v2/process-instances", host.ActionInstanceStart, "Start an instance by id, version or key; may wait for its end", postProcessInstance},
		{http.MethodPost, "/v2/process-instances/search", host.ActionInstanceRead, "Find process instances", searchProcessInstances},
		{http.MethodGet, "/v2/process-instances/{processInstanceKey}", host.ActionInstanceRead, "Read a process instance", getProcessInstance},
		{http.MethodPost, "/v2/process-instances/{processInstanceKey}/cancellation", host.ActionInstanceCancel, "Cancel a running instance", cancelProcessInstance},
		{http.MethodGet, "/v2/process-instances/{processInstanceKey}/call-hierarchy", host.ActionInstanceRead, "Read which instances called an instance, the topmost first", getCallHierarchy},
		{http.MethodPost, "/v2/process-instances/{processInstanceKey}/incidents/search", host.ActionIncidentRead, "Find the incidents of an instance and of those that it called", searchInstanceIncidents},
	}
}

type startBody struct {
	command
	ProcessDefinitionID      string     `json:"processDefinitionId"`
	ProcessDefinitionVersion *int64     `json:"processDefinitionVersion"`
	ProcessDefinitionKey     *query.Key `json:"processDefinitionKey"`
	Variables                variables  `json:"variables"`
	TenantID                 tenant     `json:"tenantId"`
	AwaitCompletion          bool       `json:"awaitCompletion"`
	RequestTimeout           millis     `json:"requestTimeout"`
	FetchVariables           []string   `json:"fetchVariables"`
	Tags                     tags       `json:"tags"`
	BusinessID               *string    `json:"businessId"`
	StartInstructions        unserved   `json:"startInstructions"`
	RuntimeInstructions      unserved   `json:"runtimeInstructions"`
}

const businessIDMax = 256

// process names the process to start; version -1 stands for the latest, as no version does.
func (b startBody) process() (host.ProcessRef, error) {
	var f findings
	ref := host.ProcessRef{ID: b.ProcessDefinitionID}
	switch {
	case (b.ProcessDefinitionID == "") == (b.ProcessDefinitionKey == nil):
		f.add("", fieldMissing, "exactly one of processDefinitionId and processDefinitionKey is required")
	case b.ProcessDefinitionKey != nil:
		ref.Key = int64(*b.ProcessDefinitionKey)
		if ref.Key <= 0 {
			return ref, host.ErrProcessNotFound
		}
	}
	if v := b.ProcessDefinitionVersion; v != nil && *v != -1 {
		ref.Version = int(*v)
		if *v < 1 || *v > 1<<31 {
			f.add("processDefinitionVersion", fieldValue, "a version is 1 or more")
		}
	}
	if b.BusinessID != nil && (*b.BusinessID == "" || len([]rune(*b.BusinessID)) > businessIDMax) {
		f.add("businessId", fieldValue, "a business id has 1 to %d characters", businessIDMax)
	}
	return ref, invalid(f.list)
}

type startedView struct {
	ProcessInstanceKey       query.Key             `json:"processInstanceKey"`
	ProcessDefinitionKey     query.Key             `json:"processDefinitionKey"`
	ProcessDefinitionID      string                `json:"processDefinitionId"`
	ProcessDefinitionVersion int                   `json:"processDefinitionVersion"`
	TenantID                 string                `json:"tenantId"`
	Variables                map[string]canon.JSON `json:"variables"`
	Tags                     []string              `json:"tags"`
	BusinessID               *string               `json:"businessId"`
}

func postProcessInstance(s *Server, r *request) (*response, error) {
	b, err := decode[startBody](r, required)
	if err != nil {
		return nil, err
	}
	ref, err := b.process()
	if err != nil {
		return nil, err
	}
	start := engine.StartInstance{Tags: b.Tags, Variables: engine.Variables(b.Variables)}
	if b.BusinessID != nil {
		start.BusinessID = *b.BusinessID
	}
	receipt, err := s.do(r, host.Call{Process: ref, Command: start, Reason: b.why()})
	if err != nil {
		return nil, err
	}
	view := startedView{
		ProcessInstanceKey: query.Key(receipt.Instance), ProcessDefinitionKey: query.Key(receipt.Definition),
		ProcessDefinitionID: receipt.ProcessID, ProcessDefinitionVersion: receipt.Version,
		TenantID: query.Tenant, Tags: b.Tags, BusinessID: b.BusinessID,
	}
	if b.AwaitCompletion {
		if view.Variables, err = s.awaitEnd(r, receipt.Instance, b); err != nil {
			return nil, left{err, receipt.Instance}
		}
	}
	return respond(http.StatusOK, view)
}

// waitUsual is how long a call waits that names no time, waitMax the longest wait of all.
const (
	waitUsual = 10 * time.Second
	waitMax   = 10 * time.Minute
)

// awaitEnd waits until the instance has ended and returns its variables.
func (s *Server) awaitEnd(r *request, instance int64, b startBody) (map[string]canon.JSON, error) {
	wait := time.Duration(b.RequestTimeout)
	if wait <= 0 {
		wait = waitUsual
	}
	ctx, cancel := context.WithTimeout(r.ctx(), min(wait, waitMax))
	defer cancel()
	if _, err := s.opts.Host.Await(ctx, r.by, instance); err != nil {
		// Whatever the end of the wait interrupted, it is the end of the wait.
		if ctx.Err() != nil {
			err = host.ErrTimeout.With("the instance is still active")
		}
		return nil, err
	}
	q := query.Request{
		Conds:  []query.Cond{{Field: "scopeKey", Op: query.Eq, Value: instance}},
		Page:   query.Page{Limit: pageMax},
		Access: query.Access{All: true}, // Await has decided that the instance may be read
	}
	if len(b.FetchVariables) > 0 {
		q.Conds = append(q.Conds, query.Cond{Field: "name", Op: query.In, Value: anyOf(b.FetchVariables)})
	}
	found, err := s.opts.Reads.SearchVariables(r.ctx(), q)
	if err != nil {
		return nil, err
	}
	out := make(map[string]canon.JSON, len(found.Items))
	for _, v := range found.Items {
		out[v.Name] = canon.JSON(v.Value)
	}
	return out, nil
}

func anyOf(texts []string) []any {
	out := make([]any, len(texts))
	for i, t := range texts {
		out[i] = t
	}
	return out
}

// do carries out one command, under the caller's idempotency key when there is one.
func (s *Server) do(r *request, c host.Call) (host.Receipt, error) {
	key, err := r.repeatKey()
	if err != nil {
		return host.Receipt{}, err
	}
	c.Key, c.Digest, c.RequestID = key, r.digest(), r.id()
	return s.opts.Host.Do(r.ctx(), r.by, c)
}

// command carries out a command without a result.
func (s *Server) command(r *request, c host.Call) (*response, error) {
	if _, err := s.do(r, c); err != nil {
		return nil, err
	}
	return done()
}

func searchProcessInstances(s *Server, r *request) (*response, error) {
	return search(r, processInstanceTable, s.access(r, host.ActionInstanceRead), s.opts.Reads.SearchProcessInstances, same)
}

func (s *Server) processInstance(r *request, action string) (query.ProcessInstance, error) {
	key, err := r.key("processInstanceKey")
	if err != nil {
		return query.ProcessInstance{}, err
	}
	i, ok, err := s.opts.Reads.ProcessInstance(r.ctx(), key)
	if err != nil {
		return i, err
	}
	return i, s.found(r, ok, action, scopeDefinition(i.ProcessDefinitionID))
}

func getProcessInstance(s *Server, r *request) (*response, error) {
	i, err := s.processInstance(r, host.ActionInstanceRead)
	if err != nil {
		return nil, err
	}
	return respond(http.StatusOK, i)
}

func cancelProcessInstance(s *Server, r *request) (*response, error) {
	return s.toInstance(r, engine.CancelInstance{})
}

func searchInstanceIncidents(s *Server, r *request) (*response, error) {
	i, err := s.processInstance(r, host.ActionIncidentRead)
	if err != nil {
		return nil, err
	}
	of := query.Cond{Field: query.WithinInstance, Op: query.Eq, Value: int64(i.ProcessInstanceKey)}
	return search(r, incidentTable, s.access(r, host.ActionIncidentRead), s.opts.Reads.SearchIncidents, same, of)
}
