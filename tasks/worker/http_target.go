package worker

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"

	"tallystick/fault"
)

// ErrTarget refuses a call to what the administrator has not listed.
var ErrTarget = fault.New(fault.Denied, "http.target_denied", "the target is not on the list of allowed targets")

// targets decides what may be reached.
type targets struct {
	listed   map[string]bool // "host:port", the host in lower case
	networks []netip.Prefix
}

func newTargets(allow []string, networks []netip.Prefix) (targets, error) {
	t := targets{listed: map[string]bool{}, networks: networks}
	for _, entry := range allow {
		host, port, err := net.SplitHostPort(entry)
		if n, portErr := strconv.ParseUint(port, 10, 16); err != nil || portErr != nil || host == "" || n == 0 {
			return t, fmt.Errorf("worker: %q is not of the form host:port", entry)
		}
		t.listed[key(host, port)] = true
	}
	return t, nil
}

// key is a target as it is listed; an address has one spelling.
func key(host, port string) string {
	host = strings.ToLower(host)
	if a, err := netip.ParseAddr(host); err == nil {
		host = plain(a).String()
	}
	return net.JoinHostPort(host, port)
}

// permit reads the URL of a call and refuses what is not listed.
func (t targets) permit(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return nil, ErrTarget.With("the header url must be an http or https URL without credentials")
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	if !t.listed[key(u.Hostname(), port)] {
		return nil, ErrTarget
	}
	return u, nil
}

// control returns the check of one dial, called with the address that is connected to.
func (t targets) control(asked string) func(network, address string, _ syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		a, err := netip.ParseAddrPort(address)
		if err != nil {
			return ErrTarget
		}
		if !isSpecial(a.Addr()) || within(t.networks, a.Addr()) || t.meant(asked, a) {
			return nil
		}
		return ErrTarget.With("the target resolves to an address that is not public")
	}
}

// meant reports whether the administrator listed this very address, or localhost for a loopback one.
func (t targets) meant(asked string, a netip.AddrPort) bool {
	if t.listed[key(a.Addr().String(), strconv.Itoa(int(a.Port())))] {
		return true
	}
	host, port, err := net.SplitHostPort(asked)
	return err == nil && strings.EqualFold(host, "localhost") && plain(a.Addr()).IsLoopback() && t.listed[key(host, port)]
}
