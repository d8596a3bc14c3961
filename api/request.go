package api

import (
	"context"
	"crypto/sha256"
	"net/http"
	"net/url"
	"regexp"
	"strconv"

	"github.com/labstack/echo/v4"

	"tallystick/host"
	"tallystick/internal/canon"
)

// request is one HTTP request on its way through a handler.
type request struct {
	http   *http.Request
	writer http.ResponseWriter
	path   map[string]string
	by     host.Actor
	doc    canon.JSON // the body, once it is read
}

func newRequest(c echo.Context) *request {
	r := &request{http: c.Request(), writer: c.Response(), path: map[string]string{}}
	for i, name := range c.ParamNames() {
		value := c.ParamValues()[i]
		// The router matches the path as it was sent; an escape is still in it then.
		if plain, err := url.PathUnescape(value); err == nil && r.http.URL.RawPath != "" {
			value = plain
		}
		r.path[name] = value
	}
	return r
}

func (r *request) ctx() context.Context { return r.http.Context() }

func (r *request) id() string { return r.writer.Header().Get(requestIDHeader) }

var keyForm = regexp.MustCompile(`^[1-9][0-9]{0,18}$`)

// key reads a key in the path.
func (r *request) key(name string) (int64, error) {
	text := r.path[name]
	if keyForm.MatchString(text) {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n, nil
		}
	}
	return 0, ErrKey.With("%s %q is not a positive whole number", name, shorten(text))
}

const (
	idempotencyHeader = "Idempotency-Key"
	idempotencyMax    = 255
)

// repeatKey reads the key under which the outcome of a command is kept.
func (r *request) repeatKey() (string, error) {
	key := r.http.Header.Get(idempotencyHeader)
	if len(key) > idempotencyMax {
		return "", ErrRequest.With("%s is longer than %d bytes", idempotencyHeader, idempotencyMax)
	}
	return key, nil
}

// digest stands for what was asked: the same idempotency key may not be used for anything else.
func (r *request) digest() [32]byte {
	return sha256.Sum256([]byte(r.http.Method + "\n" + r.http.URL.Path + "\n" + string(r.doc)))
}
