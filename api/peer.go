package api

import (
	"net"
	"net/netip"
	"strings"
)

// peer is the address that a request comes from: that of the other end of the connection or, when that is a trusted
// proxy, the last one in X-Forwarded-For that is none. What stands before it is the client's own invention.
func (s *Server) peer(r *request) string {
	connected := r.http.RemoteAddr
	if address, _, err := net.SplitHostPort(connected); err == nil {
		connected = address
	}
	if !s.trusts(connected) {
		return connected
	}
	hops := strings.Split(strings.Join(r.http.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop := strings.TrimSpace(hops[i])
		if _, err := netip.ParseAddr(hop); err != nil {
			break // a proxy that writes no addresses says nothing
		}
		if connected = hop; !s.trusts(hop) {
			break
		}
	}
	return connected
}

func (s *Server) trusts(address string) bool {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	a = a.WithZone("").Unmap()
	for _, p := range s.opts.TrustedProxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
