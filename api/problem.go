package api

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"tallystick/fault"
	"tallystick/query"
)

// problem is the body of every refusal and failure (RFC 9457). Code, Errors and RequestID are members of
// ours; the others are what clients know.
type problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail"`
	Instance  string         `json:"instance"`
	Code      string         `json:"code"`
	Errors    []fault.Detail `json:"errors,omitempty"`
	RequestID string         `json:"requestId"`
	// ProcessInstanceKey is the instance that goes on when waiting for its end took too long.
	ProcessInstanceKey *query.Key `json:"processInstanceKey,omitempty"`
}

// meaning is what HTTP makes of a fault.
type meaning struct {
	status int
	title  string
}

// The one mapping of kinds to HTTP. Clients compare the titles; RESOURCE_EXHAUSTED with 503 makes them try
// again and must stand for nothing else.
var meanings = map[fault.Kind]meaning{
	fault.Internal:        {http.StatusInternalServerError, "INTERNAL_ERROR"},
	fault.Invalid:         {http.StatusBadRequest, "INVALID_ARGUMENT"},
	fault.Unauthenticated: {http.StatusUnauthorized, "UNAUTHENTICATED"},
	fault.Denied:          {http.StatusForbidden, "FORBIDDEN"},
	fault.NotFound:        {http.StatusNotFound, "NOT_FOUND"},
	fault.Conflict:        {http.StatusConflict, "INVALID_STATE"},
	fault.TooLarge:        {http.StatusRequestEntityTooLarge, "CONTENT_TOO_LARGE"},
	fault.Unprocessable:   {http.StatusUnprocessableEntity, "UNPROCESSABLE"},
	fault.Overloaded:      {http.StatusServiceUnavailable, "RESOURCE_EXHAUSTED"},
	fault.Timeout:         {http.StatusGatewayTimeout, "DEADLINE_EXCEEDED"},
}

// exceptions are codes for which HTTP has a status of its own.
var exceptions = map[string]meaning{
	ErrMethod.Code:   {http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED"},
	ErrMedia.Code:    {http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE"},
	ErrUnserved.Code: {http.StatusNotImplemented, "NOT_SERVED"},

	"authn.throttled":         {http.StatusTooManyRequests, "TOO_MANY_REQUESTS"},
	"authn.address_throttled": {http.StatusTooManyRequests, "TOO_MANY_REQUESTS"},
}

// retryAfter is how long, in seconds, clients wait by status.
var retryAfter = map[int]string{
	http.StatusServiceUnavailable: "1",
	http.StatusTooManyRequests:    "60",
}

// left is an error with the instance that goes on without the caller.
type left struct {
	error
	instance int64
}

// Unwrap returns the error itself.
func (l left) Unwrap() error { return l.error }

func meaningOf(f *fault.Error) meaning {
	if m, ok := exceptions[f.Code]; ok {
		return m
	}
	m := meanings[f.Kind]
	if f.Kind == fault.Conflict && strings.HasSuffix(f.Code, ".exists") {
		m.title = "ALREADY_EXISTS"
	}
	return m
}

// problemOf tells what may be told: of a failure of ours nothing but that it happened.
func problemOf(err error) problem {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind == fault.Internal {
		f = fault.New(fault.Internal, "server.failed", "the server failed; the request id finds the cause in its log")
	}
	m := meaningOf(f)
	p := problem{Type: "about:blank", Title: m.title, Status: m.status, Detail: f.Message, Code: f.Code, Errors: f.Details}
	var l left
	if errors.As(err, &l) {
		key := query.Key(l.instance)
		p.ProcessInstanceKey = &key
	}
	return p
}

// fail answers with an error, and logs it when it is ours.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	if p.Status == http.StatusInternalServerError {
		s.opts.Log.ErrorContext(r.Context(), "a request failed", slog.Any("err", err), slog.String("method", r.Method),
			slog.String("path", r.URL.Path), slog.String("requestId", w.Header().Get(requestIDHeader)))
	}
	s.send(w, r, p)
}

func (s *Server) send(w http.ResponseWriter, r *http.Request, p problem) {
	p.Instance = r.URL.Path
	p.RequestID = w.Header().Get(requestIDHeader)
	body, err := json.Marshal(p)
	if err != nil {
		s.opts.Log.ErrorContext(r.Context(), "a problem does not marshal", slog.Any("err", err))
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Basic realm="tallystick", charset="UTF-8"`)
	}
	if seconds, ok := retryAfter[p.Status]; ok {
		h.Set("Retry-After", seconds)
	}
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(body, '\n')) // nobody is left to tell when the connection is gone
}
