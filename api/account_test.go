package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tallystick/api"
	"tallystick/authz"
	"tallystick/fault"
	"tallystick/host"
)

// TestUsers walks the life of a user.
func TestUsers(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.ask("root", "POST", "/v2/users", `{"username":"eve@home.org","password":"long enough","name":"Eve","email":"e@x"}`).is(201, `"name":"Eve"`)
	k.ask("root", "POST", "/v2/users", `{"username":"eve@home.org","password":"long enough"}`).is(409, `"title":"ALREADY_EXISTS"`)
	k.ask("root", "POST", "/v2/users", `{"username":"a:b","password":"long enough"}`).is(400, "username: a user name has")
	k.ask("root", "POST", "/v2/users", `{"username":"bob","password":"short"}`).is(400, `"code":"password.invalid"`)
	k.ask("root", "POST", "/v2/users", `{"username":"bob"}`).is(400, "password: the field is required")
	k.ask("root", "GET", "/v2/users/eve@home.org", "").is(200, `"roles":[]`, `"groups":[]`)
	k.ask("root", "GET", "/v2/users/eve%40home.org", "").is(200)
	k.ask("root", "GET", "/v2/users/nobody", "").is(404)
	k.ask("root", "GET", "/v2/users/a%3Ab", "").is(404)
	k.ask("root", "PUT", "/v2/roles/clerk/users/eve@home.org", "").is(204)
	k.ask("root", "PUT", "/v2/roles/king/users/eve@home.org", "").is(404)
	k.ask("root", "POST", "/v2/groups", `{"groupId":"night","name":"night"}`).is(201, `"description":null`)
	k.ask("root", "POST", "/v2/groups", `{"groupId":"night"}`).is(409, `"title":"ALREADY_EXISTS"`)
	k.ask("root", "POST", "/v2/groups", `{"groupId":"x y"}`).is(400)
	k.ask("root", "POST", "/v2/groups", `{"groupId":"day","name":"Day shift"}`).is(400, "name: a group has no name")
	k.ask("root", "PUT", "/v2/groups/night/users/eve@home.org", "").is(204)
	k.ask("root", "PUT", "/v2/groups/none/users/eve@home.org", "").is(404)
	k.ask("root", "PUT", "/v2/groups/night/users/nobody", "").is(404)
	k.ask("root", "POST", "/v2/users/search", `{"filter":{"role":"clerk","group":"night"}}`).is(200, `"totalItems":1`, "eve@home.org")
	k.ask("root", "DELETE", "/v2/groups/night/users/eve@home.org", "").is(204)
	k.ask("root", "DELETE", "/v2/roles/clerk/users/eve@home.org", "").is(204)
	k.ask("root", "DELETE", "/v2/users/eve@home.org", "").is(204)
	k.ask("root", "DELETE", "/v2/users/eve@home.org", "").is(404)
	k.ask("root", "DELETE", "/v2/users/root", "").is(409, `"code":"user.self"`)
	log := k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"action":"user.write"}}`).is(200, "createUser", "deleteUser")
	if strings.Contains(log.body, "long enough") || strings.Contains(log.body, "argon2") {
		t.Error("the audit log holds a secret")
	}
}

// TestUserChange changes what is named and nothing else.
func TestUserChange(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.ask("root", "POST", "/v2/users", `{"username":"eve","password":"long enough","name":"Eve","email":"e@x"}`).is(201)
	k.ask("root", "PUT", "/v2/roles/clerk/users/eve", "").is(204)
	as := func(password string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth("eve", password) }
	}
	k.ask("", "GET", "/v2/authentication/me", "", as("long enough")).is(200)
	k.ask("root", "PUT", "/v2/users/eve", `{"name":"Eve Ash"}`).is(200, `"name":"Eve Ash"`, `"email":"e@x"`)
	k.ask("", "GET", "/v2/authentication/me", "", as("long enough")).is(200, `"displayName":"Eve Ash"`, `"clerk"`)
	k.ask("root", "PUT", "/v2/users/eve", `{"password":"other enough","email":""}`).is(200, `"email":""`)
	k.ask("", "GET", "/v2/authentication/me", "", as("long enough")).is(401)
	k.ask("", "GET", "/v2/authentication/me", "", as("other enough")).is(200, `"clerk"`)
	k.ask("root", "PUT", "/v2/users/eve", `{"password":"short"}`).is(400, `"code":"password.invalid"`)
	k.ask("root", "PUT", "/v2/users/eve", `{"name":"`+strings.Repeat("x", 300)+`"}`).is(400, "name: the text has more than 256 bytes")
	k.ask("root", "PUT", "/v2/users/nobody", `{"name":"x"}`).is(404)
	k.ask("", "PUT", "/v2/users/eve", `{"name":"x"}`, as("other enough")).is(403)
	log := k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"action":"user.write"}}`).is(200, `{"change":"updateUser","name":"Eve Ash","username":"eve"}`, `{"change":"updateUser","email":"","password":"set","username":"eve"}`)
	if strings.Contains(log.body, "other enough") || strings.Contains(log.body, "argon2") {
		t.Error("the audit log holds a secret")
	}
}

// TestOwnPassword: everybody changes the password that they know, whatever they are logged in by.
func TestOwnPassword(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.ask("root", "POST", "/v2/users", `{"username":"eve","password":"long enough"}`).is(201)
	issued := k.ask("root", "POST", "/v2/users/eve/tokens", "").is(201)
	bearer := header("Authorization", "Bearer "+issued.text("token"))
	const path = "/v2/authentication/me/password"
	k.ask("", "PUT", path, `{"password":"wrong wrong","newPassword":"other enough"}`, bearer).is(401, `"code":"authn.failed"`)
	k.ask("", "PUT", path, `{"password":"long enough","newPassword":"short"}`, bearer).is(400, `"code":"password.invalid"`)
	k.ask("", "PUT", path, `{"password":"long enough"}`, bearer).is(400, "newPassword: the field is required")
	k.ask("", "PUT", path, `{"password":"long enough","newPassword":"other enough"}`, bearer).is(204)
	k.ask("", "PUT", path, `{"password":"long enough","newPassword":"third enough"}`, bearer).is(401)
	k.ask("", "GET", "/v2/authentication/me", "", func(r *http.Request) { r.SetBasicAuth("eve", "other enough") }).is(200)
	k.ask("", "PUT", path, `{"password":"other enough","newPassword":"third enough"}`).is(401, `"code":"authn.required"`)
	k.ask("", "PUT", path, `{"password":"other enough","newPassword":"third enough"}`, bearer).is(204)
	k.ask("", "PUT", path, `{"password":"third enough","newPassword":"other enough"}`, bearer).is(429, `"code":"authn.throttled"`)
	k.written()
	k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"action":"password.change"}}`).is(200, `"actor":"user:eve"`, `"resource":"user:eve"`)
	open := newKit(t, func(o *api.Options, _ *host.Options) {
		o.Authenticator = nil
		o.Anonymous = &host.Actor{Kind: "user", Name: "anonymous", Roles: []string{"admin"}, Method: "none"}
	})
	open.ask("", "PUT", path, `{"password":"other enough","newPassword":"third enough"}`).is(404, "there is no account of user:anonymous")
}

// TestLastAdministrator stays: nobody takes the role from the account that is asking.
func TestLastAdministrator(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.ask("root", "DELETE", "/v2/roles/admin/users/root", "").is(409, `"code":"user.self"`)
	k.ask("wim", "DELETE", "/v2/roles/admin/users/wim", "").is(403)
	k.ask("root", "PUT", "/v2/roles/admin/users/wim", "").is(204)
	k.ask("wim", "DELETE", "/v2/roles/admin/users/root", "").is(204)
	k.ask("root", "DELETE", "/v2/roles/admin/users/wim", "").is(403)
	k.ask("wim", "DELETE", "/v2/roles/admin/users/wim", "").is(409)
}

// TestTokens issues a token, uses it and revokes it; the right is gone at once.
func TestTokens(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	at := func(d time.Duration) string {
		return `{"expires":"` + time.Now().Add(d).UTC().Format(time.RFC3339) + `"}`
	}
	issued := k.ask("root", "POST", "/v2/users/wim/tokens", at(48*time.Hour)).is(201)
	bearer := header("Authorization", "Bearer "+issued.text("token"))
	k.ask("", "GET", "/v2/authentication/me", "", bearer).is(200, `"username":"wim"`)
	k.ask("root", "POST", "/v2/users/wim/tokens", "").is(201)
	k.ask("root", "POST", "/v2/users/wim/tokens", at(-time.Hour)).is(400, "expires")
	k.ask("root", "POST", "/v2/users/wim/tokens", at(400*24*time.Hour)).is(400)
	k.ask("root", "POST", "/v2/users/nobody/tokens", "").is(404)
	k.ask("wim", "POST", "/v2/users/wim/tokens", "").is(403)
	k.ask("wim", "GET", "/v2/users/wim/tokens", "").is(403)
	k.ask("root", "GET", "/v2/users/nobody/tokens", "").is(404)
	k.ask("root", "GET", "/v2/users/ida/tokens", "").is(200, `"items":[]`)
	if list := k.ask("root", "GET", "/v2/users/wim/tokens", "").is(200, issued.text("tokenId"), `"username":"wim"`); strings.Contains(list.body, "tsk_") {
		t.Error("the list shows a secret")
	}
	k.ask("root", "DELETE", "/v2/users/ida/tokens/"+issued.text("tokenId"), "").is(404)
	k.ask("root", "DELETE", "/v2/users/wim/tokens/"+issued.text("tokenId"), "").is(204)
	k.ask("", "GET", "/v2/authentication/me", "", bearer).is(401)
	k.ask("root", "DELETE", "/v2/users/wim/tokens/"+issued.text("tokenId"), "").is(404)
}

// TestLogins records failed logins, slows them down and keeps what may be a password out of the log.
func TestLogins(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	for range 5 {
		k.ask("", "GET", "/v2/topology", "", header("Authorization", "Basic aWRhOndyb25n")).is(401, `"code":"authn.failed"`)
	}
	throttled := k.ask("ida", "GET", "/v2/topology", "").is(429, `"title":"TOO_MANY_REQUESTS"`)
	if throttled.header.Get("Retry-After") == "" {
		t.Error("Retry-After is missing")
	}
	k.ask("", "GET", "/v2/topology", "", header("Authorization", "Basic bXkgc2VjcmV0OngK")).is(401) // "my secret"
	k.written()
	k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"action":"authenticate"}}`).is(200, `"actor":"user:ida"`, `"actor":"user:unknown"`, `"outcome":"denied"`)
	all := k.ask("aud", "GET", "/v2/audit-entries/export", "").is(200)
	if strings.Contains(all.body, "my secret") {
		t.Error("the log holds what was typed in place of a name")
	}
}

// strange refuses names that begin with "stranger" as an Authenticator does that is flooded.
type strange struct {
	*authz.Authenticator
	refusal error
}

func (s strange) BasicFrom(ctx context.Context, address, username, password string) (host.Actor, error) {
	if strings.HasPrefix(username, "stranger") {
		return host.Actor{}, s.refusal
	}
	return s.Authenticator.BasicFrom(ctx, address, username, password)
}

// TestFlood tells strangers when to come again, and writes no entry for each name that they invent.
func TestFlood(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		refusal    error
		status     int
		title, try string
	}{
		{authz.ErrAddressThrottled, 429, "TOO_MANY_REQUESTS", "60"},
		{authz.ErrBusy, 503, "RESOURCE_EXHAUSTED", "1"},
	} {
		k := newKit(t, func(o *api.Options, _ *host.Options) {
			o.Authenticator = strange{o.Authenticator.(*authz.Authenticator), c.refusal}
		})
		for i := range 50 {
			a := k.ask(fmt.Sprint("stranger", i), "GET", "/v2/topology", "").is(c.status, c.title, fault.CodeOf(c.refusal))
			if got := a.header.Get("Retry-After"); got != c.try {
				t.Errorf("Retry-After %q, want %q", got, c.try)
			}
		}
		k.written()
		log := k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"action":"authenticate"}}`).is(200, `"totalItems":20`, `"actor":"user:unknown"`)
		if strings.Contains(log.body, "stranger") {
			t.Error("the log holds invented names")
		}
	}
}

// TestAnonymous serves without accounts.
func TestAnonymous(t *testing.T) {
	t.Parallel()
	k := newKit(t, func(o *api.Options, _ *host.Options) {
		o.Authenticator = nil
		o.Anonymous = &host.Actor{Kind: "user", Name: "anonymous", Roles: []string{"admin"}, Method: "none"}
	})
	k.ask("", "GET", "/v2/authentication/me", "").is(200, `"username":"anonymous"`)
	k.ask("", "POST", "/v2/process-instances/search", "{}", header("Authorization", "")).is(200)
	k.ask("", "POST", "/v2/process-instances/search", "{}", header("Origin", "https://evil.example")).is(403, "request.cross_origin")
	k.ask("", "POST", "/v2/process-instances/search", "{}", header("Content-Type", "text/plain")).is(415)
}

// TestRebinding: a page whose name was turned to this machine is of the same origin and brings no credentials. Where
// none are asked for its name gives it away; where they are, names are the operator's business.
func TestRebinding(t *testing.T) {
	t.Parallel()
	named := func(host string) func(*http.Request) {
		return func(r *http.Request) {
			r.Host = host
			r.Header.Set("Origin", "http://"+host)
			r.Header.Set("Sec-Fetch-Site", "same-origin")
		}
	}
	open := newKit(t, func(o *api.Options, _ *host.Options) {
		o.Authenticator = nil
		o.Anonymous = &host.Actor{Kind: "user", Name: "anonymous", Roles: []string{"admin"}, Method: "none"}
	})
	for _, name := range []string{
		"evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example:8080", "127.0.0.1.nip.io",
		"localhost.", "localhost:8080:8080", "localho\u017ft", "0.0.0.0:8080", "[::]:8080", "10.0.0.1", "2130706433", "0x7f.1", ":8080", "",
	} {
		open.ask("", "GET", "/v2/authentication/me", "", named(name)).is(403, `"code":"request.host"`)
		open.ask("", "POST", "/v2/process-instances/search", "{}", named(name)).is(403, `"code":"request.host"`)
	}
	for _, name := range []string{
		"localhost", "localhost:8080", "LocalHost:8080", "127.0.0.1", "127.0.0.1:8080", "127.8.8.8", "[::1]", "[::1]:8080",
	} {
		open.ask("", "GET", "/v2/authentication/me", "", named(name)).is(200, `"username":"anonymous"`)
		open.ask("", "POST", "/v2/process-instances/search", "{}", named(name)).is(200)
	}
	guarded := newKit(t)
	guarded.ask("root", "GET", "/v2/authentication/me", "", named("engine.example")).is(200)
	guarded.ask("", "GET", "/v2/authentication/me", "", named("evil.example")).is(401)
}
