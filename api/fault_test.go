package api_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tallystick/api"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/query"
)

// broken answers reads with an error, or panics.
type broken struct {
	api.Reads
	err error
}

func (b broken) SearchJobs(context.Context, query.Request) (query.Result[query.Job], error) {
	if b.err == nil {
		panic("the shelf is empty")
	}
	return query.Result[query.Job]{}, b.err
}

func (b broken) EachAuditEntry(ctx context.Context, q query.Request, f func(query.AuditEntry) error) error {
	if err := b.Reads.EachAuditEntry(ctx, q, f); err != nil {
		return err
	}
	return b.err
}

func breaking(err error) options {
	return func(o *api.Options, _ *host.Options) { o.Reads = broken{o.Reads, err} }
}

// TestInternal shows nothing of a failure of ours but its id; the log has the rest, once.
func TestInternal(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"fault": fault.Wrap(errors.New("disk 7 is on fire"), "store.failed", "table jobs is gone"),
		"plain": errors.New("disk 7 is on fire"), "panic": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKit(t, breaking(err))
			a := k.ask("op", "POST", "/v2/jobs/search", "", header("X-Request-Id", "find-me")).is(500, `"requestId":"find-me"`, `"title":"INTERNAL_ERROR"`)
			for _, secret := range []string{"disk 7", "table jobs", "shelf", "store.failed"} {
				if strings.Contains(a.body, secret) {
					t.Errorf("the answer tells %q", secret)
				}
			}
			if n := strings.Count(k.log.String(), "requestId=find-me"); n != 1 {
				t.Errorf("the log has the request %d times", n)
			}
			if !strings.Contains(k.log.String(), "disk 7") && !strings.Contains(k.log.String(), "shelf") {
				t.Error("the log does not have the cause")
			}
		})
	}
}

// TestOverloaded tells clients to come back.
func TestOverloaded(t *testing.T) {
	t.Parallel()
	k := newKit(t, breaking(fault.New(fault.Overloaded, "store.unavailable", "no database")))
	a := k.ask("op", "POST", "/v2/jobs/search", "").is(503, `"title":"RESOURCE_EXHAUSTED"`)
	if a.header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After is %q", a.header.Get("Retry-After"))
	}
}

// TestNotReady keeps the cause to itself.
func TestNotReady(t *testing.T) {
	t.Parallel()
	k := newKit(t, func(o *api.Options, _ *host.Options) {
		o.Checks = []api.ReadyCheck{{Name: "database", Run: func(context.Context) error { return errors.New("10.0.0.7 refused") }}}
	})
	for _, path := range []string{"/readyz", "/v2/status"} {
		if a := k.ask("", "GET", path, "").is(503, `"code":"server.not_ready"`); strings.Contains(a.body, "10.0.0.7") {
			t.Error("the answer tells the cause")
		}
	}
	k.ask("ida", "GET", "/v2/topology", "").is(200, `"health":"unhealthy"`)
}

// TestExportBreaksOff leaves an export without its last line when the database goes away.
func TestExportBreaksOff(t *testing.T) {
	t.Parallel()
	k := newKit(t, breaking(errors.New("gone")))
	s := httptest.NewServer(k.server)
	defer s.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/v2/audit-entries/export", nil)
	must(t, err)
	r.SetBasicAuth("aud", password)
	res, err := s.Client().Do(r)
	if err != nil {
		return // the connection broke before the header left
	}
	defer res.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(res.Body); err == nil {
		t.Errorf("the export ends as if it were whole: %s", b.String())
	}
}

// TestExportQuery refuses what an export does not take.
func TestExportQuery(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	for q, want := range map[string]string{
		"instance=1": "an export takes", "from=yesterday": "a date-time", "processInstanceKey=x": "a key", "private=maybe": "true or false",
	} {
		k.ask("aud", "GET", "/v2/audit-entries/export?"+q, "").is(400, want)
	}
	k.ask("op", "GET", "/v2/audit-entries/export", "").is(403)
	k.written()
	k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"action":"audit.export"}}`).is(200, `"outcome":"denied"`)
}

// TestGzip takes packed bodies and measures them unpacked.
func TestGzip(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	packed := func(text string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, err := z.Write([]byte(text))
		must(t, errors.Join(err, z.Close()))
		return b.String()
	}
	encoded := header("Content-Encoding", "gzip")
	k.ask("op", "POST", "/v2/jobs/search", packed(`{"filter":{"type":"x"}}`), encoded).is(200)
	k.ask("op", "POST", "/v2/jobs/search", packed(`{"filter":{"typ":"x"}}`), encoded).is(400, `did you mean \"type\"?`)
	k.ask("op", "POST", "/v2/jobs/search", packed(`"`+strings.Repeat("x", 50<<20)+`"`), encoded).is(413)
	k.ask("op", "POST", "/v2/jobs/search", "not gzip", encoded).is(400)
	k.ask("op", "POST", "/v2/jobs/search", packed(`{}`)[:12], encoded).is(400)
	k.ask("op", "POST", "/v2/jobs/search", `{}`, header("Content-Type", "application/json; charset=latin1")).is(415)
	k.ask("op", "POST", "/v2/jobs/search", `{}`, header("Content-Type", "application/merge-patch+json; charset=UTF-8")).is(200)
	k.ask("op", "POST", "/v2/jobs/search", strings.Repeat(`{"a":`, 100)+"1"+strings.Repeat("}", 100)).is(400, `"code":"json.invalid"`, "nested deeper")
}

// TestOptions refuses to make a server without its parts.
func TestOptions(t *testing.T) {
	t.Parallel()
	if _, err := api.New(api.Options{}); err == nil {
		t.Error("a server without anything")
	}
}
