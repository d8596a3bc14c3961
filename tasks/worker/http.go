package worker

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"tallystick/fault"
	"tallystick/host"
	"tallystick/internal/canon"
)

// HTTPJobType is the type of the jobs that the HTTP worker does.
const HTTPJobType = "tallystick:http"

// The limits of a call.
const (
	TimeoutMax     = 10 * time.Second
	AnswerBytesMax = 2 << 20
)

// HTTPOptions say what the HTTP worker may reach. The zero value denies everything.
type HTTPOptions struct {
	// Allow lists targets as "host:port", for instance "model.example.com:443". The ports are exact.
	Allow []string
	// Networks are ranges outside the public internet that listed names may resolve to.
	Networks []netip.Prefix
}

// HTTP calls a URL per job. The job's headers are: url; method (POST without it); bodyVariable, the
// variable that is sent (all visible variables without it; GET and DELETE send nothing);
// resultVariable, the variable that gets {"status": …, "body": …}; timeout, a duration such as "3s",
// at most ten seconds. The job key is sent as Idempotency-Key. An answer of 409 or 422 with a JSON
// body {"errorCode": "X"} throws the BPMN error X. It is safe for concurrent use.
type HTTP struct {
	targets targets
	dialer  net.Dialer
	client  *http.Client
}

// NewHTTP returns a worker, or an error that says which entry of the options cannot be read.
func NewHTTP(o HTTPOptions) (*HTTP, error) {
	t, err := newTargets(o.Allow, o.Networks)
	if err != nil {
		return nil, err
	}
	h := &HTTP{targets: t}
	h.client = &http.Client{
		// A redirect would lead to a target that nobody listed.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			// No Proxy: the environment of the server does not decide where jobs go.
			DialContext:            h.dial,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2:      true,
			DisableCompression:     true,
			MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConns:           64,
			MaxConnsPerHost:        32,
			IdleConnTimeout:        time.Minute,
		},
	}
	return h, nil
}

func (h *HTTP) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := h.dialer
	d.Control = h.targets.control(address)
	return d.DialContext(ctx, network, address)
}

var (
	// ErrRequest refuses a job whose headers do not describe a call.
	ErrRequest = fault.New(fault.Invalid, "http.request_invalid", "the headers of the job do not describe a call")
	// ErrUnreached says that no answer came.
	ErrUnreached = fault.New(fault.Internal, "http.unreached", "the target did not answer")
	// ErrTimeout says that the answer was not complete in time.
	ErrTimeout = fault.New(fault.Timeout, "http.timeout", "the answer did not come in time")
)

// Work implements host.Worker.
func (h *HTTP) Work(ctx context.Context, job host.Job) (host.Result, error) {
	u, err := h.targets.permit(job.Headers["url"])
	if err != nil {
		return host.Result{}, err
	}
	limit, err := timeout(job.Headers["timeout"])
	if err != nil {
		return host.Result{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	req, err := request(ctx, u, job)
	if err != nil {
		return host.Result{}, err
	}
	resp, err := h.client.Do(req)
	if err != nil {
		return host.Result{}, reached(err)
	}
	defer resp.Body.Close()
	return answer(resp, job.Headers["resultVariable"])
}

func timeout(text string) (time.Duration, error) {
	if text == "" {
		return TimeoutMax, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 || d > TimeoutMax {
		return 0, ErrRequest.With("the header timeout must be a duration of at most %s, such as 3s", TimeoutMax)
	}
	return d, nil
}

// request builds the request of a job.
func request(ctx context.Context, u *url.URL, job host.Job) (*http.Request, error) {
	method := job.Headers["method"]
	var body []byte
	switch method {
	case "GET", "DELETE":
	case "":
		method = "POST"
		fallthrough
	case "POST", "PUT", "PATCH":
		doc := canon.Object(job.Variables)
		if name := job.Headers["bodyVariable"]; name != "" {
			doc = job.Variables[name]
		}
		if doc == "" {
			return nil, ErrRequest.With("there is no variable %q to send", job.Headers["bodyVariable"])
		}
		body = []byte(doc)
	default:
		return nil, ErrRequest.With("the header method must be GET, POST, PUT, PATCH or DELETE")
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, ErrRequest
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "tallystick")
	req.Header.Set("Idempotency-Key", strconv.FormatInt(job.Key, 10))
	return req, nil
}

// reached says why no answer came. The URL stays out of the message: its query may hold a secret.
func reached(err error) error {
	if denied, ok := errors.AsType[*fault.Error](err); ok {
		return denied
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return ErrTimeout
	}
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	return ErrUnreached.With("the target did not answer: %v", err)
}
