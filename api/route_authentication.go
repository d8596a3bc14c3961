package api

import (
	"context"
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

// proving is an Authenticator that tells by which hash a password was right.
type proving interface {
	Prove(ctx context.Context, address, username, password string) (hash string, err error)
}

// putPassword asks for the present password also from who holds a token: a stolen token must not become an account.
func putPassword(s *Server, r *request) (*response, error) {
	b, err := decode[passwordBody](r, required)
	if err != nil {
		return nil, err
	}
	u := host.UserUpdate{Username: r.by.Name}
	if err := s.require(r, host.ActionPasswordChange, scopeUsers+u.Username); err != nil {
		return nil, err
	}
	passwords, ok := s.opts.Authenticator.(proving)
	if !ok {
		return nil, ErrMember.With("there is no account of %s", r.by.Ref())
	}
	u.Verified, err = passwords.Prove(r.ctx(), s.peer(r), u.Username, b.Password)
	if err := s.login(r, u.Username, "basic", err); err != nil {
		return nil, err
	}
	if err := s.update(r, host.ActionPasswordChange, u, b.NewPassword); err != nil {
		return nil, err
	}
	return done()
}
