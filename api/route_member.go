package api

import (
	"net/http"
	"regexp"
	"slices"

	"tallystick/host"
)

func memberRoutes() []route {
	return []route{
		{http.MethodPost, "/v2/groups", host.ActionUserWrite, "Create a group", postGroup},
		{http.MethodPut, "/v2/groups/{groupId}/users/{username}", host.ActionUserWrite, "Put a user into a group", putGroupUser},
		{http.MethodDelete, "/v2/groups/{groupId}/users/{username}", host.ActionUserWrite, "Take a user out of a group", deleteGroupUser},
		{http.MethodPut, "/v2/roles/{roleId}/users/{username}", host.ActionUserWrite, "Give a role to a user", putRoleUser},
		{http.MethodDelete, "/v2/roles/{roleId}/users/{username}", host.ActionUserWrite, "Take a role from a user", deleteRoleUser},
	}
}

// roleAdmin is the role that holds user.write.
const roleAdmin = "admin"

var groupForm = regexp.MustCompile(`^[A-Za-z0-9._@-]{1,64}$`)

type groupBody struct {
	GroupID     string `json:"groupId" api:"required"`
	Name        string `json:"name"`
	Description string `json:"description"`
}

// check refuses what would be lost: a group is its id, nothing else is kept of it.
func (b groupBody) check() error {
	var f findings
	if !groupForm.MatchString(b.GroupID) {
		f.add("groupId", fieldValue, "a group id has 1 to 64 letters a-z, A-Z, digits and . _ - @")
	}
	if b.Name != "" && b.Name != b.GroupID {
		f.add("name", fieldValue, "a group has no name besides its id; leave the field out or repeat the id")
	}
	if b.Description != "" {
		f.add("description", fieldValue, "the field is not supported by this server")
	}
	return invalid(f.list)
}

type groupView struct {
	GroupID     string  `json:"groupId"`
	Name        string  `json:"name"`
	Description *string `json:"description"`
}

func postGroup(s *Server, r *request) (*response, error) {
	b, err := decode[groupBody](r, required)
	if err != nil {
		return nil, err
	}
	if err := s.require(r, host.ActionUserWrite, "group:"+b.GroupID); err != nil {
		return nil, err
	}
	if err := b.check(); err != nil {
		return nil, err
	}
	groups, err := s.opts.Reads.Groups(r.ctx())
	if err != nil {
		return nil, err
	}
	if slices.Contains(groups, b.GroupID) {
		return nil, host.ErrGroupExists
	}
	if err := s.change(r, host.ActionUserWrite, "group:"+b.GroupID, []host.AccountChange{{CreateGroup: b.GroupID}}); err != nil {
		return nil, err
	}
	return respond(http.StatusCreated, groupView{GroupID: b.GroupID, Name: b.GroupID})
}

// member changes whether a user belongs to something that the path names.
func (s *Server) member(r *request, scope, to string, known bool, change func(*host.Membership) host.AccountChange) (*response, error) {
	u, err := s.user(r, host.ActionUserWrite)
	if err != nil {
		return nil, err
	}
	if !known {
		return nil, ErrMember.With("there is no %s%s", scope, shorten(to))
	}
	c := change(&host.Membership{Username: u.Username, To: to})
	if err := s.change(r, host.ActionUserWrite, scope+to, []host.AccountChange{c}); err != nil {
		return nil, err
	}
	return done()
}

func (s *Server) group(r *request, change func(*host.Membership) host.AccountChange) (*response, error) {
	id := r.path["groupId"]
	groups, err := s.opts.Reads.Groups(r.ctx())
	if err != nil {
		return nil, err
	}
	return s.member(r, "group:", id, slices.Contains(groups, id), change)
}

func (s *Server) role(r *request, change func(*host.Membership) host.AccountChange) (*response, error) {
	id := r.path["roleId"]
	return s.member(r, "role:", id, slices.Contains(s.opts.Roles, id), change)
}

func putGroupUser(s *Server, r *request) (*response, error) {
	return s.group(r, func(m *host.Membership) host.AccountChange { return host.AccountChange{AddGroup: m} })
}

func deleteGroupUser(s *Server, r *request) (*response, error) {
	return s.group(r, func(m *host.Membership) host.AccountChange { return host.AccountChange{RemoveGroup: m} })
}

func putRoleUser(s *Server, r *request) (*response, error) {
	return s.role(r, func(m *host.Membership) host.AccountChange { return host.AccountChange{AddRole: m} })
}

// deleteRoleUser lets administrators go by the hand of another one only, so that one always remains.
func deleteRoleUser(s *Server, r *request) (*response, error) {
	if r.path["roleId"] == roleAdmin && r.path["username"] == r.by.Name {
		if err := s.require(r, host.ActionUserWrite, scopeUsers+r.by.Name); err != nil {
			return nil, err
		}
		return nil, ErrUserSelf
	}
	return s.role(r, func(m *host.Membership) host.AccountChange { return host.AccountChange{RemoveRole: m} })
}
