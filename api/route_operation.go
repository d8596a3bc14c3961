package api

import (
	"net/http"
	"strconv"

	"tallystick/engine"
	"tallystick/host"
)

// operationRoutes are what operators do to running instances.
func operationRoutes() []route {
	return []route{
		{http.MethodPost, "/v2/process-instances/{processInstanceKey}/suspension", host.ActionInstanceSuspend, "Let an instance rest until it is resumed", suspendProcessInstance},
		{http.MethodPost, "/v2/process-instances/{processInstanceKey}/resumption", host.ActionInstanceSuspend, "Let a suspended instance go on", resumeProcessInstance},
		{http.MethodPost, "/v2/process-instances/{processInstanceKey}/deletion", host.ActionInstanceDelete, "Forget an ended instance and those that it called", deleteProcessInstance},
	}
}

// instanceKey is the instance of the path; a key inside an instance is no instance.
func instanceKey(r *request) (int64, error) {
	key, err := r.key("processInstanceKey")
	if err == nil && engine.InstanceOf(key) != key {
		return 0, engine.ErrInstanceNotFound.With("there is no process instance %s", strconv.FormatInt(key, 10))
	}
	return key, err
}

// toInstance gives an instance a command that takes nothing but a reason.
func (s *Server) toInstance(r *request, c engine.Command) (*response, error) {
	key, err := instanceKey(r)
	if err != nil {
		return nil, err
	}
	b, err := decode[struct{ command }](r, optional)
	if err != nil {
		return nil, err
	}
	return s.command(r, host.Call{Instance: key, Command: c, Reason: b.why()})
}

func suspendProcessInstance(s *Server, r *request) (*response, error) {
	return s.toInstance(r, engine.SuspendInstance{})
}

func resumeProcessInstance(s *Server, r *request) (*response, error) {
	return s.toInstance(r, engine.ResumeInstance{})
}

func deleteProcessInstance(s *Server, r *request) (*response, error) {
	key, err := instanceKey(r)
	if err != nil {
		return nil, err
	}
	b, err := decode[struct{ command }](r, optional)
	if err != nil {
		return nil, err
	}
	if err := s.opts.Host.Delete(r.ctx(), r.by, host.Deletion{Instance: key, Reason: b.why(), RequestID: r.id()}); err != nil {
		return nil, err
	}
	return done()
}
