package api

import (
	"net/http"

	"tallystick/host"
	"tallystick/query"
)

func authenticationRoutes() []route {
	return []route{
		{http.MethodGet, "/v2/authentication/me", host.ActionSystemRead, "Tell who one is: name, groups, roles", getMe},
		{http.MethodPut, "/v2/authentication/me/password", host.ActionPasswordChange, "Change one's own password", putPassword},
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

type passwordBody struct {
	Password    string `json:"password" api:"required"`
	NewPassword string `json:"newPassword" api:"required"`
}

// putPassword asks for the present password also from who holds a token: a stolen token must not become an account.
func putPassword(s *Server, r *request) (*response, error) {
	b, err := decode[passwordBody](r, required)
	if err != nil {
		return nil, err
	}
	if err := s.require(r, host.ActionPasswordChange, scopeUsers+r.by.Name); err != nil {
		return nil, err
	}
	u, ok, err := s.opts.Reads.User(r.ctx(), r.by.Name)
	switch {
	case err != nil:
		return nil, err
	case !ok || s.opts.Authenticator == nil:
		return nil, ErrMember.With("there is no account of %s", r.by.Ref())
	}
	if _, err := s.password(r, r.by.Name, b.Password); err != nil {
		return nil, err
	}
	if err := s.update(r, host.ActionPasswordChange, u, b.NewPassword); err != nil {
		return nil, err
	}
	return done()
}
