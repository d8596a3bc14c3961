package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// defaultAddress is where clients look for a server, and where one listens unless told otherwise.
const defaultAddress = "http://127.0.0.1:8080"

// remote is a client of one server's REST API.
type remote struct {
	io                             stdio
	address, user, password, token string
	format                         string
	client                         http.Client
}

// problemError is a problem+json answer.
type problemError struct {
	Status int    `json:"status"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Code   string `json:"code"`
	Errors []struct {
		Resource string `json:"resource"`
		Element  string `json:"elementId"`
		Field    string `json:"field"`
		Severity string `json:"severity"`
		Code     string `json:"code"`
		Message  string `json:"message"`
		Line     int    `json:"line"`
		Column   int    `json:"column"`
	} `json:"errors"`
}

// Error prints the detail and one line per finding.
func (p *problemError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%d %s)", p.Detail, p.Status, p.Code)
	for _, e := range p.Errors {
		place := e.Field
		if e.Resource != "" {
			place = fmt.Sprintf("%s:%d:%d %s", e.Resource, e.Line, e.Column, e.Element)
		}
		fmt.Fprintf(&b, "\n  %s %s %s: %s", e.Severity, place, e.Code, e.Message)
	}
	return b.String()
}

// flags adds the connection flags; the environment fills what the command line leaves out.
func (r *remote) flags(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringVar(&r.address, "address", envOr(r.io, "TALLYSTICK_ADDRESS", defaultAddress), "server address")
	f.StringVar(&r.user, "user", r.io.env("TALLYSTICK_USER"), "user name for basic authentication")
	f.StringVar(&r.password, "password", r.io.env("TALLYSTICK_PASSWORD"), "password (better: TALLYSTICK_PASSWORD)")
	f.StringVar(&r.token, "token", r.io.env("TALLYSTICK_TOKEN"), "API token (better: TALLYSTICK_TOKEN)")
	f.StringVarP(&r.format, "output", "o", "table", "output format: table or json")
	for _, secret := range []string{"password", "token"} {
		f.Lookup(secret).DefValue = ""
	}
	root.PersistentPreRunE = func(*cobra.Command, []string) error {
		if r.format != "table" && r.format != "json" {
			return &usageError{fmt.Errorf("--output is table or json, not %q", r.format)}
		}
		return nil
	}
}

func envOr(io stdio, name, otherwise string) string {
	if v := io.env(name); v != "" {
		return v
	}
	return otherwise
}

// call sends JSON and decodes the JSON answer into out; nil leaves one out.
func (r *remote) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	res, err := r.send(ctx, method, path, "application/json", body)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if out == nil {
		return nil
	}
	return json.NewDecoder(res.Body).Decode(out)
}

// send makes one request; an answer of 400 and above comes back as a problemError.
func (r *remote) send(ctx context.Context, method, path, contentType string, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(r.address, "/")+path, body)
	if err != nil {
		return nil, &usageError{err}
	}
	if body != nil {
		req.Header.Set("Content-Type", contentType)
	}
	switch {
	case r.token != "":
		req.Header.Set("Authorization", "Bearer "+r.token)
	case r.user != "":
		req.SetBasicAuth(r.user, r.password)
	}
	res, err := r.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("cannot reach the server: %w (is it running? see --address)", errors.Unwrap(err))
	}
	if res.StatusCode < http.StatusBadRequest {
		return res, nil
	}
	defer res.Body.Close()
	problem := &problemError{}
	if err := json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(problem); err != nil || problem.Detail == "" {
		problem.Detail = "the server answered without a problem description"
	}
	problem.Status = res.StatusCode
	return nil, problem
}

// found is one page of a search.
type found struct {
	Items []map[string]any `json:"items"`
	Page  struct {
		Total int  `json:"totalItems"`
		More  bool `json:"hasMoreTotalItems"`
	} `json:"page"`
}

func (r *remote) find(ctx context.Context, path string, filter map[string]any, limit int) (page found, err error) {
	in := map[string]any{"filter": filter, "page": map[string]any{"limit": limit}}
	err = r.call(ctx, http.MethodPost, path, in, &page)
	return page, err
}

// search fetches one page of a search.
func (r *remote) search(ctx context.Context, path string, filter map[string]any, limit int) ([]map[string]any, error) {
	page, err := r.find(ctx, path, filter, limit)
	return page.Items, err
}

// most fetches up to 1,000 rows.
func (r *remote) most(ctx context.Context, path string, filter map[string]any, what string) ([]map[string]any, error) {
	return r.atMost(ctx, path, filter, 1000, what)
}

// atMost fetches one page and says so on standard error when there is more.
func (r *remote) atMost(ctx context.Context, path string, filter map[string]any, limit int, what string) ([]map[string]any, error) {
	page, err := r.find(ctx, path, filter, limit)
	if n := len(page.Items); err == nil && (page.Page.More || page.Page.Total > n) {
		more := ""
		if page.Page.More {
			more = "more than "
		}
		fmt.Fprintf(r.io.err, "only the first %d of %s%d %s are shown\n", n, more, page.Page.Total, what)
	}
	return page.Items, err
}

// searchUntil repeats a search that finds nothing until wait is over.
func (r *remote) searchUntil(ctx context.Context, path string, filter map[string]any, limit int, wait time.Duration) ([]map[string]any, error) {
	const pause = 200 * time.Millisecond
	for end := time.Now().Add(wait); ; {
		rows, err := r.search(ctx, path, filter, limit)
		if err != nil || len(rows) > 0 || time.Now().After(end) {
			return rows, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
	}
}

// when prints an RFC 3339 time of an answer shortly, in UTC.
func when(v any) string {
	s, _ := v.(string)
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return t.UTC().Format("2006-01-02 15:04:05Z")
}
