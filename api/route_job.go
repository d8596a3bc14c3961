package api

import (
	"cmp"
	"math"
	"net/http"
	"strconv"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/internal/canon"
	"tallystick/query"
)

func jobRoutes() []route {
	return []route{
		{http.MethodPost, "/v2/jobs/activation", host.ActionJobFetch, "Lock jobs of a type for a worker; waits until there are some", activateJobs},
		{http.MethodPost, "/v2/jobs/search", host.ActionJobRead, "Find jobs", searchJobs},
		{http.MethodPatch, "/v2/jobs/{jobKey}", host.ActionJobUpdate, "Change retries, priority or time limit of a job", patchJob},
		{http.MethodPost, "/v2/jobs/{jobKey}/completion", host.ActionJobComplete, "Finish a job with variables", completeJob},
		{http.MethodPost, "/v2/jobs/{jobKey}/failure", host.ActionJobFail, "Report a technical failure; without retries an incident follows", failJob},
		{http.MethodPost, "/v2/jobs/{jobKey}/error", host.ActionJobError, "Throw a BPMN error", throwJobError},
	}
}

// leased holds the fencing token under both of its names.
type leased struct {
	LeaseToken    lease `json:"leaseToken"`
	JobLeaseToken lease `json:"jobLeaseToken"`
}

// token reads the lock that the client says it has; 0 when it goes without. What was never issued is stale.
func (l leased) token() (int64, error) {
	text := cmp.Or(l.JobLeaseToken, l.LeaseToken)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil || n < 1 {
		return 0, host.ErrLease
	}
	return n, nil
}

// finish carries out a command that ends a job, or an attempt at it, under the lease of the client.
func (s *Server) finish(r *request, l leased, c engine.Command) (*response, error) {
	token, err := l.token()
	if err != nil {
		return nil, err
	}
	return s.command(r, host.Call{Lease: token, Command: c})
}

type activationBody struct {
	Type              string   `json:"type" api:"required"`
	Worker            string   `json:"worker"`
	Timeout           millis   `json:"timeout" api:"required"`
	MaxJobsToActivate int64    `json:"maxJobsToActivate" api:"required"`
	FetchVariable     []string `json:"fetchVariable"`
	RequestTimeout    millis   `json:"requestTimeout"`
	TenantIDs         []tenant `json:"tenantIds"`
	TenantFilter      string   `json:"tenantFilter"`
	WithLease         bool     `json:"withLease"`
}

func (b activationBody) check() error {
	var f findings
	if b.Type == "" {
		f.add("type", fieldValue, "the type is empty")
	}
	if b.MaxJobsToActivate < 1 {
		f.add("maxJobsToActivate", fieldValue, "at least one job must be asked for")
	}
	if b.Timeout <= 0 {
		f.add("timeout", fieldValue, "the time limit must be positive")
	}
	return invalid(f.list)
}

// wait reads requestTimeout: nothing is the usual time, a negative one does not wait.
func (b activationBody) wait() time.Duration {
	if b.RequestTimeout == 0 {
		return waitUsual
	}
	return min(time.Duration(b.RequestTimeout), waitMax)
}

type activatedJob struct {
	JobKey                   query.Key             `json:"jobKey"`
	Type                     string                `json:"type"`
	ProcessInstanceKey       query.Key             `json:"processInstanceKey"`
	RootProcessInstanceKey   *query.Key            `json:"rootProcessInstanceKey"`
	ProcessDefinitionID      string                `json:"processDefinitionId"`
	ProcessDefinitionVersion int                   `json:"processDefinitionVersion"`
	ProcessDefinitionKey     query.Key             `json:"processDefinitionKey"`
	ElementID                string                `json:"elementId"`
	ElementInstanceKey       query.Key             `json:"elementInstanceKey"`
	CustomHeaders            map[string]string     `json:"customHeaders"`
	Worker                   string                `json:"worker"`
	Retries                  int                   `json:"retries"`
	Deadline                 int64                 `json:"deadline"`
	Variables                map[string]canon.JSON `json:"variables"`
	TenantID                 string                `json:"tenantId"`
	Kind                     string                `json:"kind"`
	ListenerEventType        string                `json:"listenerEventType"`
	UserTask                 *listenedTask         `json:"userTask"`
	Tags                     []string              `json:"tags"`
	BusinessID               *string               `json:"businessId"`
	Priority                 int                   `json:"priority"`
	LeaseToken               *string               `json:"leaseToken"`
	JobLeaseToken            *string               `json:"jobLeaseToken"`
}

type activatedJobs struct {
	Jobs []activatedJob `json:"jobs"`
}

func activateJobs(s *Server, r *request) (*response, error) {
	b, err := decode[activationBody](r, required)
	if err != nil {
		return nil, err
	}
	if err := b.check(); err != nil {
		return nil, err
	}
	jobs, err := s.opts.Host.Activate(r.ctx(), r.by, host.Activation{
		Type: b.Type, Worker: b.Worker, Max: int(min(b.MaxJobsToActivate, 1<<31-1)), Timeout: time.Duration(b.Timeout),
		Wait: b.wait(), Fetch: b.FetchVariable,
	})
	if err != nil {
		return nil, err
	}
	answer := activatedJobs{Jobs: make([]activatedJob, len(jobs))}
	for i, j := range jobs {
		answer.Jobs[i] = showJob(j)
		if b.WithLease {
			token := strconv.FormatInt(j.Lease, 10)
			answer.Jobs[i].LeaseToken, answer.Jobs[i].JobLeaseToken = &token, &token
		}
	}
	return respond(http.StatusOK, answer)
}

func showJob(j host.Job) activatedJob {
	root := query.Key(j.Root)
	return activatedJob{
		JobKey: query.Key(j.Key), Type: j.Type, ProcessInstanceKey: query.Key(j.Instance), RootProcessInstanceKey: &root,
		ProcessDefinitionID: j.ProcessID, ProcessDefinitionVersion: j.DefinitionVersion,
		ProcessDefinitionKey: query.Key(j.Definition), ElementID: j.Element, ElementInstanceKey: query.Key(j.ElementInstance),
		CustomHeaders: j.Headers, Worker: j.Worker, Retries: j.Retries, Deadline: j.Deadline.UnixMilli(),
		Variables: j.Variables, TenantID: query.Tenant, Kind: j.Kind, ListenerEventType: j.ListenerEvent, UserTask: showListenedTask(j.UserTask),
		Tags: j.Tags, BusinessID: orNull(j.BusinessID), Priority: j.Priority,
	}
}

func searchJobs(s *Server, r *request) (*response, error) {
	return search(r, jobTable, s.access(r, host.ActionJobRead), s.opts.Reads.SearchJobs, same)
}

type jobChange struct {
	Retries  *int64  `json:"retries"`
	Timeout  *millis `json:"timeout"`
	Priority *int64  `json:"priority"`
}

type patchJobBody struct {
	command
	leased
	Changeset jobChange `json:"changeset" api:"required"`
}

// update is the command that makes the changes.
func (c jobChange) update(job int64) (engine.UpdateJob, error) {
	u := engine.UpdateJob{Job: job, Timeout: (*time.Duration)(c.Timeout)}
	if c.Retries != nil {
		n, err := retries(*c.Retries, "changeset.retries")
		if err != nil {
			return u, err
		}
		u.Retries = &n
	}
	if c.Priority != nil {
		if *c.Priority < math.MinInt32 || *c.Priority > math.MaxInt32 {
			return u, engine.ErrJobPriority.With("%d is no priority of a job", *c.Priority)
		}
		u.Priority = new(int(*c.Priority))
	}
	return u, nil
}

// patchJob changes a job by one command. A time limit alone is a matter of the lock only.
func patchJob(s *Server, r *request) (*response, error) {
	key, err := r.key("jobKey")
	if err != nil {
		return nil, err
	}
	b, err := decode[patchJobBody](r, required)
	if err != nil {
		return nil, err
	}
	token, err := b.token()
	if err != nil {
		return nil, err
	}
	u, err := b.Changeset.update(key)
	if err != nil {
		return nil, err
	}
	if u.Timeout != nil && u.Retries == nil && u.Priority == nil {
		if err := s.opts.Host.Extend(r.ctx(), r.by, host.JobLock{Job: key, Lease: token, Timeout: *u.Timeout, Reason: b.why()}); err != nil {
			return nil, err
		}
		return done()
	}
	return s.command(r, host.Call{Lease: token, Command: u, Reason: b.why()})
}

// retries bounds a number of retries to what every database holds.
func retries(n int64, at string) (int, error) {
	if n < 0 || n > 1<<31-1 {
		var f findings
		f.add(at, fieldValue, "retries are from 0 to %d", 1<<31-1)
		return 0, invalid(f.list)
	}
	return int(n), nil
}

type completeJobBody struct {
	leased
	Variables  variables `json:"variables"`
	Result     jobResult `json:"result"`
	BusinessID unserved  `json:"businessId"`
}

// jobResult is what listeners and ad-hoc sub-processes answer with. Jobs of elements take none of it, but
// clients send the empty object.
type jobResult struct {
	Type               string            `json:"type"`
	Denied             bool              `json:"denied"`
	DeniedReason       string            `json:"deniedReason"`
	Corrections        taskCorrections   `json:"corrections"`
	ActivateElements   []activateElement `json:"activateElements"`
	ConditionFulfilled bool              `json:"isCompletionConditionFulfilled"`
	CancelRemaining    bool              `json:"isCancelRemainingInstances"`
}

func completeJob(s *Server, r *request) (*response, error) {
	key, err := r.key("jobKey")
	if err != nil {
		return nil, err
	}
	b, err := decode[completeJobBody](r, optional)
	if err != nil {
		return nil, err
	}
	result, err := b.Result.task()
	if err != nil {
		return nil, err
	}
	return s.finish(r, b.leased, engine.CompleteJob{
		Job: key, Variables: engine.Variables(b.Variables), AdHoc: b.Result.adHoc(), Task: result,
	})
}

type failJobBody struct {
	leased
	Retries      int64     `json:"retries"`
	ErrorMessage string    `json:"errorMessage"`
	RetryBackOff *millis   `json:"retryBackOff"`
	RetryBackoff *millis   `json:"retryBackoff"` // as documents of clients spell it
	Variables    variables `json:"variables"`
}

func failJob(s *Server, r *request) (*response, error) {
	key, err := r.key("jobKey")
	if err != nil {
		return nil, err
	}
	b, err := decode[failJobBody](r, optional)
	if err != nil {
		return nil, err
	}
	n, err := retries(b.Retries, "retries")
	if err != nil {
		return nil, err
	}
	fail := engine.FailJob{Job: key, Retries: n, Message: b.ErrorMessage, Variables: engine.Variables(b.Variables)}
	for _, pause := range []*millis{b.RetryBackoff, b.RetryBackOff} {
		if pause != nil {
			fail.Backoff = time.Duration(*pause)
		}
	}
	if fail.Backoff < 0 {
		return nil, ErrRequest.With("retryBackOff: the pause is not negative")
	}
	return s.finish(r, b.leased, fail)
}

type throwBody struct {
	leased
	ErrorCode    string    `json:"errorCode" api:"required"`
	ErrorMessage string    `json:"errorMessage"`
	Variables    variables `json:"variables"`
}

func throwJobError(s *Server, r *request) (*response, error) {
	key, err := r.key("jobKey")
	if err != nil {
		return nil, err
	}
	b, err := decode[throwBody](r, required)
	if err != nil {
		return nil, err
	}
	return s.finish(r, b.leased, engine.ThrowJobError{
		Job: key, Code: b.ErrorCode, Message: b.ErrorMessage, Variables: engine.Variables(b.Variables),
	})
}
