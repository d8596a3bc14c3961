package api

import (
	"encoding/hex"
	"io"
	"net/http"
	"slices"
	"time"

	"tallystick/host"
)

func tokenRoutes() []route {
	return []route{
		{http.MethodPost, "/v2/users/{username}/tokens", host.ActionTokenIssue, "Issue an API token; its secret is shown this once", postToken},
		{http.MethodGet, "/v2/users/{username}/tokens", host.ActionUserRead, "List the API tokens of a user, without their secrets", getTokens},
		{http.MethodDelete, "/v2/users/{username}/tokens/{tokenId}", host.ActionTokenRevoke, "Revoke an API token", deleteToken},
	}
}

type tokenBody struct {
	Expires *time.Time `json:"expires"`
}

// Tokens end: after 90 days unless the request says otherwise, after 366 at the latest.
const (
	tokenUsual = 90 * 24 * time.Hour
	tokenMax   = 366 * 24 * time.Hour
)

type tokenView struct {
	TokenID  string    `json:"tokenId"`
	Username string    `json:"username"`
	Expires  time.Time `json:"expires"`
	Token    string    `json:"token"`
}

func postToken(s *Server, r *request) (*response, error) {
	b, err := decode[tokenBody](r, optional)
	if err != nil {
		return nil, err
	}
	u, err := s.user(r, host.ActionTokenIssue)
	if err != nil {
		return nil, err
	}
	now := s.opts.Now().UTC().Truncate(time.Second)
	expires := now.Add(tokenUsual)
	if b.Expires != nil {
		expires = b.Expires.Truncate(time.Second)
	}
	if !expires.After(now) || expires.After(now.Add(tokenMax)) {
		return nil, ErrRequest.With("expires: a token ends in the future, after at most %d days", int(tokenMax.Hours()/24))
	}
	id := make([]byte, 16)
	if _, err := io.ReadFull(s.opts.Rand, id); err != nil {
		return nil, err
	}
	secret, hash := s.opts.Secrets.NewToken(s.opts.Rand)
	t := &host.Token{ID: hex.EncodeToString(id), Username: u.Username, Hash: hash, Expires: expires}
	if err := s.change(r, host.ActionTokenIssue, scopeUsers+u.Username, []host.AccountChange{{PutToken: t}}); err != nil {
		return nil, err
	}
	return respond(http.StatusCreated, tokenView{TokenID: t.ID, Username: u.Username, Expires: expires, Token: secret})
}

type tokenList struct {
	Items []listedToken `json:"items"`
}

type listedToken struct {
	TokenID  string    `json:"tokenId"`
	Username string    `json:"username"`
	Expires  time.Time `json:"expires"`
}

// getTokens shows expired tokens, too: they are there until they are revoked.
func getTokens(s *Server, r *request) (*response, error) {
	u, err := s.user(r, host.ActionUserRead)
	if err != nil {
		return nil, err
	}
	tokens, err := s.opts.Reads.Tokens(r.ctx(), u.Username)
	if err != nil {
		return nil, err
	}
	list := tokenList{Items: make([]listedToken, len(tokens))}
	for i, t := range tokens {
		list.Items[i] = listedToken{t.ID, t.Username, t.Expires}
	}
	return respond(http.StatusOK, list)
}

func deleteToken(s *Server, r *request) (*response, error) {
	u, err := s.user(r, host.ActionTokenRevoke)
	if err != nil {
		return nil, err
	}
	tokens, err := s.opts.Reads.Tokens(r.ctx(), u.Username)
	if err != nil {
		return nil, err
	}
	id := r.path["tokenId"]
	if !slices.ContainsFunc(tokens, func(t host.Token) bool { return t.ID == id }) {
		return nil, ErrMember.With("user %q has no such token", u.Username)
	}
	if err := s.change(r, host.ActionTokenRevoke, scopeUsers+u.Username, []host.AccountChange{{DeleteToken: id}}); err != nil {
		return nil, err
	}
	return done()
}
