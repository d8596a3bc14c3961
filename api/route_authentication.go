package api

import (
	"net/http"

	"tallystick/host"
	"tallystick/query"
)

func authenticationRoutes() []route {
	return []route{
		{http.MethodGet, "/v2/authentication/me", host.ActionSystemRead, "Tell who one is: name, groups, roles", getMe},
	}
}

type me struct {
	Username             string            `json:"username"`
	DisplayName          *string           `json:"displayName"`
	Email                *string           `json:"email"`
	AuthorizedComponents []string          `json:"authorizedComponents"`
	Tenants              []tenantView      `json:"tenants"`
	Groups               []string          `json:"groups"`
	Roles                []string          `json:"roles"`
	SalesPlanType        *string           `json:"salesPlanType"`
	C8Links              map[string]string `json:"c8Links"`
	CanLogout            bool              `json:"canLogout"`
}

type tenantView struct {
	Name        string  `json:"name"`
	TenantID    string  `json:"tenantId"`
	Description *string `json:"description"`
}

func getMe(s *Server, r *request) (*response, error) {
	u, _, err := s.opts.Reads.User(r.ctx(), r.by.Name)
	if err != nil {
		return nil, err
	}
	return respond(http.StatusOK, me{
		Username: r.by.Name, DisplayName: orNull(u.Name), Email: orNull(u.Email), AuthorizedComponents: []string{"*"},
		Tenants: []tenantView{{Name: "Default", TenantID: query.Tenant}}, Groups: r.by.Groups, Roles: r.by.Roles,
	})
}
