package api

import (
	"tallystick/host"
	"tallystick/query"
	"tallystick/tasks"
)

// The scopes of things that belong to no definition.
const (
	scopeAudit = "audit:"
	scopeUsers = "user:"
	scopeBatch = "batch:"
)

func scopeDefinition(id string) string { return "def:" + id }

func scopeDecision(id string) string { return "dec:" + id }

// access is what the asking actor may list.
func (s *Server) access(r *request, action string) query.Access {
	return s.opts.Authorizer.Access(r.by, action)
}

// require refuses, and records the refusal, unless the actor may do this. It is for what no method of the
// host decides.
func (s *Server) require(r *request, action, scope string) error {
	on := host.Target{Scope: scope}
	v := s.opts.Authorizer.Allow(r.by, action, on)
	if v.Allowed {
		return nil
	}
	s.opts.Host.Refused(r.ctx(), r.by, action, on, v.Reason)
	return ErrDenied.With("%s", v.Reason)
}

// visible hides one thing from who may not see it: the answer does not tell whether it exists. The attempt
// is recorded.
func (s *Server) visible(r *request, action string, on host.Target) error {
	v := s.opts.Authorizer.Allow(r.by, action, on)
	if v.Allowed {
		return nil
	}
	s.opts.Host.Refused(r.ctx(), r.by, action, on, v.Reason)
	return ErrNotFound
}

// found is the end of every get: the thing is there and its definition may be read.
func (s *Server) found(r *request, ok bool, action, scope string) error {
	if !ok {
		return ErrNotFound
	}
	return s.visible(r, action, host.Target{Scope: scope})
}

// task is a user task that the actor may see, by the same rule that filters the task list.
func (s *Server) task(r *request) (query.UserTask, error) {
	key, err := r.key("userTaskKey")
	if err != nil {
		return query.UserTask{}, err
	}
	t, ok, err := s.opts.Reads.UserTask(r.ctx(), key)
	if err != nil {
		return t, err
	}
	if !ok {
		return t, ErrNotFound
	}
	related := tasks.Task{CandidateUsers: t.CandidateUsers, CandidateGroups: t.CandidateGroups}
	if t.Assignee != nil {
		related.Assignee = *t.Assignee
	}
	on := host.Target{
		Scope:    scopeDefinition(t.ProcessDefinitionID),
		Concerns: func(a host.Actor) bool { return a.Kind == "user" && related.Concerns(a.Name, a.Groups) },
	}
	return t, s.visible(r, host.ActionTaskRead, on)
}
