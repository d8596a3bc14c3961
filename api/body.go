package api

import (
	"compress/gzip"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"tallystick/fault"
	"tallystick/internal/canon"
)

// bodyMax bounds what is read of a JSON body, after decompression.
const bodyMax = canon.MaxBytes

// need says whether a body must be there.
type need bool

const (
	required need = true
	optional need = false
)

// decode reads the JSON body of a request into a T, strictly. An optional body that is not there gives the
// zero T.
func decode[T any](r *request, n need) (T, error) {
	var out T
	raw, err := readBody(r)
	if err != nil {
		return out, err
	}
	if len(raw) == 0 {
		if n == required {
			return out, ErrRequest.With("a JSON body is required")
		}
		return out, nil
	}
	if err := jsonBody(r.http); err != nil {
		return out, err
	}
	if r.doc, err = canon.Parse(raw); err != nil {
		return out, err
	}
	return out, bind(r.doc, &out)
}

// jsonBody refuses a body of another kind. A browser sends other kinds across origins without asking.
func jsonBody(r *http.Request) error {
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := params["charset"]
	if err != nil || media != mediaJSON && !strings.HasSuffix(media, "+json") {
		return ErrMedia.With("the content type of the body must be %s", mediaJSON)
	}
	if charset != "" && !strings.EqualFold(charset, "utf-8") {
		return ErrMedia.With("the body must be UTF-8")
	}
	return nil
}

// readBody reads the body after decompression, so that the limit holds for what it unpacks to.
func readBody(r *request) ([]byte, error) {
	source := io.Reader(r.http.Body)
	switch encoding := r.http.Header.Get("Content-Encoding"); strings.ToLower(encoding) {
	case "", "identity":
	case "gzip":
		z, err := gzip.NewReader(http.MaxBytesReader(r.writer, r.http.Body, bodyMax))
		if err != nil {
			return nil, ErrRequest.With("the body is not gzip")
		}
		source = z
	default:
		return nil, ErrMedia.With("the content encoding %q is not supported", shorten(encoding))
	}
	raw, err := io.ReadAll(io.LimitReader(source, bodyMax+1))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large) || len(raw) > bodyMax:
		return nil, ErrTooLarge.With("the body has more than %d bytes", bodyMax)
	case err != nil:
		return nil, ErrRequest.With("the body could not be read")
	}
	return raw, nil
}

// invalid is ErrRequest with its findings; the first one is the message.
func invalid(found []fault.Detail) error {
	if len(found) == 0 {
		return nil
	}
	e := ErrRequest.With("%s", found[0].Message)
	e.Details = found
	return e
}
