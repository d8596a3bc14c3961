package api

import (
	"context"
	"encoding/base64"
	"regexp"
	"strings"

	"tallystick/fault"
	"tallystick/host"
)

// addressed is an Authenticator that counts failed logins by address.
type addressed interface {
	BasicFrom(ctx context.Context, address, username, password string) (host.Actor, error)
}

// identify finds out who asks. A failed login is recorded, an absent one is not: it names nobody.
func (s *Server) identify(row route, r *request) error {
	if row.public() {
		return nil
	}
	scheme, value, _ := strings.Cut(strings.TrimSpace(r.http.Header.Get("Authorization")), " ")
	// Clients send the header empty when they have no credentials.
	if scheme == "" {
		return s.stranger(r)
	}
	if s.opts.Authenticator == nil {
		// Without accounts there is nothing to compare credentials with; everybody is Anonymous.
		return s.stranger(r)
	}
	var err error
	switch strings.ToLower(scheme) {
	case "basic":
		err = s.basic(r, value)
	case "bearer":
		err = s.bearer(r, strings.TrimSpace(value))
	default:
		return ErrUnauthorized.With("the authentication scheme is not supported; use Basic or Bearer")
	}
	return err
}

func (s *Server) stranger(r *request) error {
	if s.opts.Anonymous == nil {
		return ErrUnauthorized
	}
	r.by = *s.opts.Anonymous
	return nil
}

func (s *Server) basic(r *request, value string) error {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(value))
	name, password, ok := strings.Cut(string(raw), ":")
	if err != nil || !ok {
		return ErrUnauthorized.With("the Basic credentials are malformed")
	}
	if a, ok := s.opts.Authenticator.(addressed); ok {
		r.by, err = a.BasicFrom(r.ctx(), s.peer(r), name, password)
	} else {
		r.by, err = s.opts.Authenticator.Basic(r.ctx(), name, password)
	}
	return s.login(r, name, "basic", err)
}

func (s *Server) bearer(r *request, token string) error {
	var err error
	r.by, err = s.opts.Authenticator.Bearer(r.ctx(), token)
	return s.login(r, "", "token", err)
}

var nameForm = regexp.MustCompile(`^[A-Za-z0-9._@-]{1,64}$`)

// nameless are refusals that have nothing to do with the name. It stays out of the log, or a stranger who invents one
// for each request writes as many entries.
var nameless = map[string]bool{"authn.address_throttled": true, "authn.busy": true}

// login records a login that failed. What cannot be a user name may be a password in the wrong field and
// stays out of the log.
func (s *Server) login(r *request, name, method string, err error) error {
	if err == nil {
		return nil
	}
	if fault.KindOf(err) != fault.Internal {
		if !nameForm.MatchString(name) || nameless[fault.CodeOf(err)] {
			name = "unknown"
		}
		who := host.Actor{Kind: "user", Name: name, Method: method}
		s.opts.Host.Refused(r.ctx(), who, host.ActionAuthenticate, host.Target{Scope: "user:" + name}, fault.CodeOf(err))
	}
	return err
}
