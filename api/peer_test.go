package api_test

import (
	"context"
	"net/http"
	"net/netip"
	"testing"

	"tallystick/api"
	"tallystick/authz"
	"tallystick/host"
)

// listening remembers where logins came from.
type listening struct {
	*authz.Authenticator
	heard *string
}

func (l listening) BasicFrom(ctx context.Context, address, username, password string) (host.Actor, error) {
	*l.heard = address
	return l.Authenticator.BasicFrom(ctx, address, username, password)
}

// TestPeer: failed logins are counted for the address that a trusted proxy names, and nobody else's word is taken.
func TestPeer(t *testing.T) {
	t.Parallel()
	var heard string
	k := newKit(t, func(o *api.Options, _ *host.Options) {
		o.Authenticator = listening{o.Authenticator.(*authz.Authenticator), &heard}
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")}
	})
	for _, c := range []struct {
		name, remote string
		forwarded    []string
		want         string
	}{
		{"no proxy", "192.0.2.1:5", nil, "192.0.2.1"},
		{"a stranger's word", "192.0.2.1:5", []string{"198.51.100.7"}, "192.0.2.1"},
		{"a proxy's word", "10.0.0.1:5", []string{"198.51.100.7"}, "198.51.100.7"},
		{"a client's invention before it", "10.0.0.1:5", []string{"1.1.1.1, 198.51.100.7"}, "198.51.100.7"},
		{"proxies in a row", "10.0.0.1:5", []string{"1.1.1.1, 198.51.100.7, 10.2.0.1"}, "198.51.100.7"},
		{"several headers", "10.0.0.1:5", []string{"1.1.1.1", "198.51.100.7", "10.2.0.1"}, "198.51.100.7"},
		{"nothing but proxies", "10.0.0.1:5", []string{"10.3.0.1,10.2.0.1"}, "10.3.0.1"},
		{"a proxy that says nothing", "10.0.0.1:5", nil, "10.0.0.1"},
		{"a proxy that says nonsense", "10.0.0.1:5", []string{"198.51.100.7, unknown"}, "10.0.0.1"},
		{"IPv6", "[2001:db8::1]:5", []string{"2001:db9::7"}, "2001:db9::7"},
		{"IPv4 in IPv6", "[::ffff:10.0.0.1]:5", []string{"198.51.100.7"}, "198.51.100.7"},
	} {
		k.ask("root", "GET", "/v2/topology", "", func(r *http.Request) {
			r.RemoteAddr = c.remote
			for _, f := range c.forwarded {
				r.Header.Add("X-Forwarded-For", f)
			}
		}).is(200)
		if heard != c.want {
			t.Errorf("%s: %q, want %q", c.name, heard, c.want)
		}
	}
}
