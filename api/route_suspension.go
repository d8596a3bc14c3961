package api

import (
	"net/http"
	"slices"
	"time"

	"tallystick/host"
	"tallystick/query"
)

// suspensionRoutes keep processes from starting and jobs of a type from being handed out.
func suspensionRoutes() []route {
	return []route{
		{http.MethodPost, "/v2/process-definitions/{processDefinitionKey}/suspension", host.ActionDefinitionSuspend, "Let no instance of a process start until it is resumed", suspendDefinition},
		{http.MethodPost, "/v2/process-definitions/{processDefinitionKey}/resumption", host.ActionDefinitionSuspend, "Let a suspended process start again", resumeDefinition},
		{http.MethodPost, "/v2/job-types/{jobType}/suspension", host.ActionJobSuspend, "Hand out no jobs of a type until it is resumed", suspendJobs},
		{http.MethodPost, "/v2/job-types/{jobType}/resumption", host.ActionJobSuspend, "Hand out the jobs of a suspended type again", resumeJobs},
		{http.MethodGet, "/v2/suspensions", host.ActionDefinitionRead, "List the processes and job types that are suspended", getSuspensions},
	}
}

type definitionSuspensionBody struct {
	command
	// AllVersions means every version of the process, also those to come; else it is the one of the path.
	AllVersions bool `json:"allVersions"`
}

func (s *Server) definitionSuspension(r *request) (host.Suspension, error) {
	key, err := r.key("processDefinitionKey")
	if err != nil {
		return host.Suspension{}, err
	}
	b, err := decode[definitionSuspensionBody](r, optional)
	if err != nil {
		return host.Suspension{}, err
	}
	d, ok := s.opts.Host.Catalog().Process(host.ProcessRef{Key: key})
	if !ok {
		return host.Suspension{}, host.ErrProcessNotFound
	}
	out := host.Suspension{Kind: host.SuspendsDefinition, Name: d.ID, Version: d.Version, Reason: b.why()}
	if b.AllVersions {
		out.Version = 0
	}
	return out, nil
}

func suspendDefinition(s *Server, r *request) (*response, error) {
	x, err := s.definitionSuspension(r)
	if err != nil {
		return nil, err
	}
	if err := s.opts.Host.Suspend(r.ctx(), r.by, x, r.id()); err != nil {
		return nil, err
	}
	return done()
}

func resumeDefinition(s *Server, r *request) (*response, error) {
	x, err := s.definitionSuspension(r)
	if err != nil {
		return nil, err
	}
	if err := s.opts.Host.Lift(r.ctx(), r.by, x, r.id()); err != nil {
		return nil, err
	}
	return done()
}

func jobSuspension(r *request) (host.Suspension, error) {
	b, err := decode[struct{ command }](r, optional)
	return host.Suspension{Kind: host.SuspendsJobs, Name: r.path["jobType"], Reason: b.why()}, err
}

func suspendJobs(s *Server, r *request) (*response, error) {
	x, err := jobSuspension(r)
	if err != nil {
		return nil, err
	}
	if err := s.opts.Host.Suspend(r.ctx(), r.by, x, r.id()); err != nil {
		return nil, err
	}
	return done()
}

func resumeJobs(s *Server, r *request) (*response, error) {
	x, err := jobSuspension(r)
	if err != nil {
		return nil, err
	}
	if err := s.opts.Host.Lift(r.ctx(), r.by, x, r.id()); err != nil {
		return nil, err
	}
	return done()
}

type suspensionView struct {
	ProcessDefinitionID      *string   `json:"processDefinitionId"`
	ProcessDefinitionVersion *int      `json:"processDefinitionVersion"`
	JobType                  *string   `json:"jobType"`
	SuspendedDate            time.Time `json:"suspendedDate"`
	SuspendedBy              string    `json:"suspendedBy"`
	Reason                   *string   `json:"reason"`
}

type suspensionList struct {
	Items []suspensionView `json:"items"`
}

// getSuspensions lists the processes that the caller may see, and job types for those who may see every process.
func getSuspensions(s *Server, r *request) (*response, error) {
	see := s.access(r, host.ActionDefinitionRead)
	out := suspensionList{Items: []suspensionView{}}
	for _, x := range s.opts.Host.Catalog().Suspensions() {
		v := suspensionView{SuspendedDate: x.Since, SuspendedBy: x.Actor, Reason: orNull(x.Reason)}
		switch {
		case x.Kind == host.SuspendsJobs && see.All && len(see.Denied) == 0:
			v.JobType = &x.Name
		case x.Kind == host.SuspendsDefinition && sees(see, x.Name):
			v.ProcessDefinitionID = &x.Name
			if x.Version != 0 {
				v.ProcessDefinitionVersion = &x.Version
			}
		default:
			continue
		}
		out.Items = append(out.Items, v)
	}
	return respond(http.StatusOK, out)
}

func sees(a query.Access, id string) bool {
	return (a.All || slices.Contains(a.Definitions, id)) && !slices.Contains(a.Denied, id)
}
