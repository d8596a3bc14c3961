package api

import (
	"crypto/rand"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"runtime/debug"
	"strings"

	"tallystick/fault"
)

// requestIDHeader names a request in answers, logs and audit entries.
const requestIDHeader = "X-Request-Id"

// wrap puts around the router what holds for every request. The outermost is the last named.
func (s *Server) wrap(h http.Handler) http.Handler {
	h = s.sameOrigin(h)
	if s.opts.Anonymous != nil {
		h = s.local(h)
	}
	return identified(hardened(s.recovered(h)))
}

var requestIDForm = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,64}$`)

// identified gives every request an id: the caller's when it is harmless, else a random one.
func identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestIDHeader)
		if !requestIDForm.MatchString(id) {
			id = rand.Text()
		}
		w.Header().Set(requestIDHeader, id)
		next.ServeHTTP(w, r)
	})
}

// hardened tells browsers and caches to keep their hands off.
func hardened(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		h.Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}

// recovered turns a panic into an answer without detail; the log has the stack.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				s.panicked(w, r, p)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

func (s *Server) panicked(w http.ResponseWriter, r *http.Request, p any) {
	if p == http.ErrAbortHandler { //nolint:errorlint // recover returns the sentinel itself
		panic(p)
	}
	s.opts.Log.ErrorContext(r.Context(), "a request panicked", slog.Any("err", p),
		slog.String("requestId", w.Header().Get(requestIDHeader)), slog.String("stack", string(debug.Stack())))
	s.send(w, r, problemOf(fault.New(fault.Internal, "request.panic", "the request could not be carried out")))
}

// Local puts in front of h what guards a door without credentials: only requests that name this machine get through,
// others are refused with ErrHost. A web page whose name was turned to a loopback address after it was loaded (DNS
// rebinding) is of the same origin for browsers, and its requests come from this machine; their Host still is its name.
func (s *Server) Local(h http.Handler) http.Handler { return identified(hardened(s.local(h))) }

func (s *Server) local(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !Loopback(hostname(r.Host)) {
			s.fail(w, r, ErrHost.With("without credentials requests are taken for localhost and loopback addresses, not for %q", shorten(r.Host)))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hostname is the Host of a request without its port.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
}

// Loopback reports whether a name, without a port, is localhost or a loopback address.
func Loopback(name string) bool {
	lower := strings.ToLower(name) // EqualFold would take other letters for the s
	return lower == "localhost" || net.ParseIP(name).IsLoopback()
}

// sameOrigin refuses changes that a page of another origin asks for. Credentials of a browser travel with
// every request to this server, whoever wrote the page.
func (s *Server) sameOrigin(next http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, ErrCrossOrigin) }))
	return p.Handler(next)
}
