package api

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"tallystick/fault"
	"tallystick/host"
	"tallystick/query"
)

// The limits of a deployment.
const (
	deploymentMax = 16 << 20
	resourceMax   = 8 << 20
	resourcesMax  = 100
)

func deploymentRoutes() []route {
	return []route{
		{http.MethodPost, "/v2/deployments", host.ActionDefinitionDeploy, "Deploy processes, decisions, forms and scoring models, all or none", postDeployment},
	}
}

type deploymentView struct {
	DeploymentKey query.Key      `json:"deploymentKey"`
	TenantID      string         `json:"tenantId"`
	Deployments   []deployedView `json:"deployments"`
	Warnings      []fault.Detail `json:"warnings"`
}

// deployedView names one deployed thing; exactly one member is not null.
type deployedView struct {
	ProcessDefinition    *deployedProcess      `json:"processDefinition"`
	DecisionDefinition   *deployedDecision     `json:"decisionDefinition"`
	DecisionRequirements *deployedRequirements `json:"decisionRequirements"`
	Form                 *deployedForm         `json:"form"`
	Resource             *deployedResource     `json:"resource"`
}

type deployedProcess struct {
	ProcessDefinitionKey     query.Key `json:"processDefinitionKey"`
	ProcessDefinitionID      string    `json:"processDefinitionId"`
	ProcessDefinitionVersion int       `json:"processDefinitionVersion"`
	ResourceName             string    `json:"resourceName"`
	TenantID                 string    `json:"tenantId"`
}

type deployedDecision struct {
	DecisionDefinitionKey   query.Key `json:"decisionDefinitionKey"`
	DecisionDefinitionID    string    `json:"decisionDefinitionId"`
	Name                    string    `json:"name"`
	Version                 int       `json:"version"`
	DecisionRequirementsID  string    `json:"decisionRequirementsId"`
	DecisionRequirementsKey query.Key `json:"decisionRequirementsKey"`
	TenantID                string    `json:"tenantId"`
}

type deployedRequirements struct {
	DecisionRequirementsKey  query.Key `json:"decisionRequirementsKey"`
	DecisionRequirementsID   string    `json:"decisionRequirementsId"`
	DecisionRequirementsName string    `json:"decisionRequirementsName"`
	Version                  int       `json:"version"`
	ResourceName             string    `json:"resourceName"`
	TenantID                 string    `json:"tenantId"`
}

type deployedForm struct {
	FormKey      query.Key `json:"formKey"`
	FormID       string    `json:"formId"`
	Version      int       `json:"version"`
	ResourceName string    `json:"resourceName"`
	TenantID     string    `json:"tenantId"`
}

type deployedResource struct {
	ResourceKey  query.Key `json:"resourceKey"`
	ResourceID   string    `json:"resourceId"`
	Version      int       `json:"version"`
	ResourceName string    `json:"resourceName"`
	TenantID     string    `json:"tenantId"`
}

func postDeployment(s *Server, r *request) (*response, error) {
	// Reading many megabytes for somebody who may deploy nothing would be a gift.
	if !reaches(s.access(r, host.ActionDefinitionDeploy)) {
		if err := s.require(r, host.ActionDefinitionDeploy, scopeDefinition("*")); err != nil {
			return nil, err
		}
	}
	key, err := r.repeatKey()
	if err != nil {
		return nil, err
	}
	resources, err := readResources(r)
	if err != nil {
		return nil, err
	}
	d, warnings, err := s.opts.Host.Deploy(r.ctx(), r.by, key, resources)
	if err != nil {
		return nil, err
	}
	return respond(http.StatusOK, deploymentView{
		DeploymentKey: query.Key(d.Key), TenantID: query.Tenant, Deployments: showDeployment(d), Warnings: warnings,
	})
}

func reaches(a query.Access) bool { return a.All || len(a.Definitions) > 0 }

// readResources reads the parts of a deployment.
func readResources(r *request) ([]host.Resource, error) {
	r.http.Body = http.MaxBytesReader(r.writer, r.http.Body, deploymentMax)
	parts, err := r.http.MultipartReader()
	if err != nil {
		return nil, ErrMedia.With("a deployment is multipart/form-data")
	}
	var out []host.Resource
	seen := map[string]bool{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, partFault(err)
		}
		res, err := readPart(part)
		if err != nil {
			return nil, err
		}
		if res == nil {
			continue
		}
		if seen[res.Name] || len(out) == resourcesMax {
			return nil, ErrRequest.With("resource %q comes twice, or there are more than %d", shorten(res.Name), resourcesMax)
		}
		seen[res.Name] = true
		out = append(out, *res)
	}
	if len(out) == 0 {
		return nil, ErrRequest.With("there is no part %q with a file", "resources")
	}
	return out, nil
}

// readPart reads one part; nil for the tenant.
func readPart(part *multipart.Part) (*host.Resource, error) {
	data, err := io.ReadAll(io.LimitReader(part, resourceMax+1))
	if err != nil {
		return nil, partFault(err)
	}
	switch {
	case len(data) > resourceMax:
		return nil, ErrTooLarge.With("a resource has more than %d bytes", resourceMax)
	case part.FormName() == "tenantId":
		if text := string(data); text != "" && text != query.Tenant {
			return nil, ErrRequest.With("tenantId: the only tenant is %s", query.Tenant)
		}
		return nil, nil
	case part.FormName() != "resources":
		return nil, ErrRequest.With("a deployment has the parts resources and tenantId, not %q", shorten(part.FormName()))
	}
	name := part.FileName()
	// Some clients send the path that the user gave, with the separators of their system.
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	if name == "" {
		return nil, ErrRequest.With("a resource has no file name")
	}
	return &host.Resource{Name: name, Data: data}, nil
}

func partFault(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return ErrTooLarge.With("the deployment has more than %d bytes", deploymentMax)
	}
	return ErrRequest.With("the multipart body is malformed")
}

func showDeployment(d host.Deployment) []deployedView {
	var out []deployedView
	for _, p := range d.Processes {
		out = append(out, deployedView{ProcessDefinition: &deployedProcess{query.Key(p.Key), p.ID, p.Version, p.ResourceName, query.Tenant}})
	}
	for _, g := range d.Graphs {
		out = append(out, deployedView{DecisionRequirements: &deployedRequirements{
			query.Key(g.Key), g.ID, g.Name, g.Version, g.ResourceName, query.Tenant,
		}})
	}
	for _, x := range d.Decisions {
		out = append(out, deployedView{DecisionDefinition: &deployedDecision{
			query.Key(x.Key), x.ID, x.Name, x.Version, x.Requirements.ID, query.Key(x.Requirements.Key), query.Tenant,
		}})
	}
	for _, f := range d.Forms {
		out = append(out, deployedView{Form: &deployedForm{query.Key(f.Key), f.ID, f.Version, f.ResourceName, query.Tenant}})
	}
	for _, m := range d.Models {
		out = append(out, deployedView{Resource: &deployedResource{query.Key(m.Key), m.ID, m.Version, m.ResourceName, query.Tenant}})
	}
	return out
}
