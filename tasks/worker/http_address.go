package worker

import (
	"net/netip"
	"slices"
)

// special are the ranges that are not the public internet, from the IANA special-purpose registries;
// IPv6 addresses outside 2000::/3 are special as a whole. The tests of netip miss most of them.
var special = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
	"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)

var public6 = netip.MustParsePrefix("2000::/3")

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, t := range texts {
		out[i] = netip.MustParsePrefix(t)
	}
	return out
}

// plain removes what hides an address from a prefix: an IPv4 address in IPv6 clothes, a zone.
func plain(a netip.Addr) netip.Addr { return a.Unmap().WithZone("") }

// isSpecial reports whether an address is not of the public internet.
func isSpecial(a netip.Addr) bool {
	a = plain(a)
	if a.Is6() && !public6.Contains(a) {
		return true
	}
	return within(special, a)
}

func within(list []netip.Prefix, a netip.Addr) bool {
	a = plain(a)
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(a) })
}
