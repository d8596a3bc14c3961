package api

import (
	"net/http"

	"tallystick/host"
	"tallystick/query"
)

func userRoutes() []route {
	return []route{
		{http.MethodPost, "/v2/users", host.ActionUserWrite, "Create a user", postUser},
		{http.MethodPost, "/v2/users/search", host.ActionUserRead, "Find users", searchUsers},
		{http.MethodGet, "/v2/users/{username}", host.ActionUserRead, "Read a user with roles and groups", getUser},
		{http.MethodPut, "/v2/users/{username}", host.ActionUserWrite, "Change name, email or password of a user; what is left out stays", putUser},
		{http.MethodDelete, "/v2/users/{username}", host.ActionUserWrite, "Delete a user with all tokens and memberships", deleteUser},
	}
}

type userBody struct {
	Username string `json:"username" api:"required"`
	Password string `json:"password" api:"required"`
	Name     string `json:"name"`
	Email    string `json:"email"`
}

// textMax bounds names and addresses of people.
const textMax = 256

func (b userBody) check() error {
	var f findings
	if !nameForm.MatchString(b.Username) {
		f.add("username", fieldValue, "a user name has 1 to 64 letters a-z, A-Z, digits and . _ - @")
	}
	f.person(b.Name, b.Email)
	return invalid(f.list)
}

func (f *findings) person(name, email string) {
	for at, text := range map[string]string{"name": name, "email": email} {
		if len(text) > textMax {
			f.add(at, fieldValue, "the text has more than %d bytes", textMax)
		}
	}
}

// userChange leaves alone what it does not name; an empty password, too, as clients send forms.
type userChange struct {
	Password string  `json:"password"`
	Name     *string `json:"name"`
	Email    *string `json:"email"`
}

type createdUser struct {
	Username string `json:"username"`
	Name     string `json:"name"`
	Email    string `json:"email"`
}

func postUser(s *Server, r *request) (*response, error) {
	b, err := decode[userBody](r, required)
	if err != nil {
		return nil, err
	}
	// The right comes first: whether a name is taken is not everybody's to know, and hashing costs time.
	if err := s.require(r, host.ActionUserWrite, scopeUsers+b.Username); err != nil {
		return nil, err
	}
	if err := b.check(); err != nil {
		return nil, err
	}
	// Looked at before the password is hashed; what decides is the change itself.
	if _, taken, err := s.opts.Reads.User(r.ctx(), b.Username); err != nil || taken {
		if err == nil {
			err = host.ErrUserExists
		}
		return nil, err
	}
	hash, err := s.opts.Secrets.HashPassword(r.ctx(), s.opts.Rand, b.Password)
	if err != nil {
		return nil, err
	}
	u := query.User{Username: b.Username, Name: b.Name, Email: b.Email}
	changes := []host.AccountChange{{CreateUser: &host.Account{User: u, PasswordHash: hash}}}
	if err := s.change(r, host.ActionUserWrite, scopeUsers+b.Username, changes); err != nil {
		return nil, err
	}
	return respond(http.StatusCreated, createdUser{b.Username, b.Name, b.Email})
}

func putUser(s *Server, r *request) (*response, error) {
	b, err := decode[userChange](r, required)
	if err != nil {
		return nil, err
	}
	u, err := s.user(r, host.ActionUserWrite)
	if err != nil {
		return nil, err
	}
	if b.Name != nil {
		u.Name = *b.Name
	}
	if b.Email != nil {
		u.Email = *b.Email
	}
	var f findings
	if f.person(u.Name, u.Email); len(f.list) > 0 {
		return nil, invalid(f.list)
	}
	err = s.update(r, host.ActionUserWrite, host.UserUpdate{Username: u.Username, Name: b.Name, Email: b.Email}, b.Password)
	if err != nil {
		return nil, err
	}
	return respond(http.StatusOK, createdUser{u.Username, u.Name, u.Email})
}

// update changes a user, with another password unless that is empty.
func (s *Server) update(r *request, action string, u host.UserUpdate, password string) (err error) {
	if password != "" {
		if u.PasswordHash, err = s.opts.Secrets.HashPassword(r.ctx(), s.opts.Rand, password); err != nil {
			return err
		}
	}
	return s.change(r, action, scopeUsers+u.Username, []host.AccountChange{{UpdateUser: &u}})
}

// change carries out an administrative change; the host decides whether the actor may.
func (s *Server) change(r *request, action, scope string, changes []host.AccountChange) error {
	return s.opts.Host.Change(r.ctx(), r.by, action, host.Target{Scope: scope}, changes, "")
}

func searchUsers(s *Server, r *request) (*response, error) {
	if err := s.require(r, host.ActionUserRead, scopeUsers); err != nil {
		return nil, err
	}
	return search(r, userTable, query.Access{All: true}, s.opts.Reads.SearchUsers, same)
}

// username reads the name in the path; no other name can be that of a user.
func (r *request) username() (string, error) {
	name := r.path["username"]
	if !nameForm.MatchString(name) {
		return "", ErrMember.With("there is no user %q", shorten(name))
	}
	return name, nil
}

// user is an existing user whom the actor may read or change.
func (s *Server) user(r *request, action string) (query.User, error) {
	name, err := r.username()
	if err != nil {
		return query.User{}, err
	}
	if err := s.require(r, action, scopeUsers+name); err != nil {
		return query.User{}, err
	}
	u, ok, err := s.opts.Reads.User(r.ctx(), name)
	if err == nil && !ok {
		err = ErrMember.With("there is no user %q", name)
	}
	return u, err
}

func getUser(s *Server, r *request) (*response, error) {
	u, err := s.user(r, host.ActionUserRead)
	if err != nil {
		return nil, err
	}
	return respond(http.StatusOK, u)
}

func deleteUser(s *Server, r *request) (*response, error) {
	u, err := s.user(r, host.ActionUserWrite)
	if err != nil {
		return nil, err
	}
	if u.Username == r.by.Name {
		return nil, ErrUserSelf
	}
	err = s.change(r, host.ActionUserWrite, scopeUsers+u.Username, []host.AccountChange{{DeleteUser: u.Username}})
	if err != nil {
		return nil, err
	}
	return done()
}
