package worker

import (
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"tallystick/fault"
	"tallystick/host"
	"tallystick/internal/canon"
)

// serve starts a server and returns its URL and host:port.
func serve(t *testing.T, h http.HandlerFunc) (base, target string) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	u, _ := url.Parse(s.URL)
	return s.URL, u.Host
}

func caller(t *testing.T, o HTTPOptions) *HTTP {
	t.Helper()
	h, err := NewHTTP(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.client.CloseIdleConnections)
	return h
}

func callJob(headers ...string) host.Job {
	j := host.Job{Key: 42, Type: HTTPJobType, Headers: map[string]string{}, Variables: map[string]canon.JSON{"a": "1", "b": `"x"`}}
	for i := 0; i < len(headers); i += 2 {
		j.Headers[headers[i]] = headers[i+1]
	}
	return j
}

func TestCall(t *testing.T) {
	type seen struct{ method, body, kind, key, path string }
	var got seen
	base, target := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = seen{r.Method, string(body), r.Header.Get("Content-Type"), r.Header.Get("Idempotency-Key"), r.URL.RequestURI()}
		w.Header().Set("Content-Type", "application/vnd.x+json; charset=utf-8")
		io.WriteString(w, `{"n": 0.10, "a": [true]}`)
	})
	h := caller(t, HTTPOptions{Allow: []string{target}})
	for name, c := range map[string]struct {
		job  host.Job
		want seen
	}{
		"all variables": {callJob("url", base+"/p?q=1"), seen{"POST", `{"a":1,"b":"x"}`, "application/json", "42", "/p?q=1"}},
		"one variable":  {callJob("url", base, "method", "PUT", "bodyVariable", "b"), seen{"PUT", `"x"`, "application/json", "42", "/"}},
		"no body":       {callJob("url", base, "method", "GET"), seen{"GET", "", "", "42", "/"}},
	} {
		c.job.Headers["resultVariable"] = "answer"
		r, err := h.Work(t.Context(), c.job)
		if err != nil || got != c.want || r.Variables["answer"] != `{"body":{"a":[true],"n":0.10},"status":200}` || len(r.Variables) != 1 {
			t.Errorf("%s: saw %+v, answered %v, %v", name, got, r.Variables, err)
		}
	}
	if r, err := h.Work(t.Context(), callJob("url", base)); err != nil || len(r.Variables) != 0 {
		t.Errorf("without resultVariable: %v, %v", r, err)
	}
}

func TestCallRefusesRequest(t *testing.T) {
	base, target := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the target was reached") })
	h := caller(t, HTTPOptions{Allow: []string{target}})
	for name, j := range map[string]host.Job{
		"method":        callJob("url", base, "method", "TRACE"),
		"variable":      callJob("url", base, "bodyVariable", "none"),
		"timeout text":  callJob("url", base, "timeout", "soon"),
		"timeout large": callJob("url", base, "timeout", "11s"),
		"timeout zero":  callJob("url", base, "timeout", "0s"),
	} {
		if _, err := h.Work(t.Context(), j); !errors.Is(err, ErrRequest) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCallRefusesSpellings lists 127.0.0.1 under another name and tries to get there by every
// spelling of the address that some parser understands.
func TestCallRefusesSpellings(t *testing.T) {
	_, target := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the target was reached") })
	_, port, _ := net.SplitHostPort(target)
	h := caller(t, HTTPOptions{Allow: []string{"model.example.com:" + port}})
	for _, u := range []string{
		"http://127.0.0.1:" + port, "http://localhost:" + port, "http://2130706433:" + port, "http://127.1:" + port,
		"http://0x7f000001:" + port, "http://0177.0.0.1:" + port, "http://[::1]:" + port, "http://[::ffff:127.0.0.1]:" + port,
		"http://[::ffff:7f00:1]:" + port, "http://0:" + port, "http://model.example.com@127.0.0.1:" + port,
		"http://model.example.com:" + port + "@127.0.0.1", "http://model.example.com.:" + port, "http://model.example.com",
		"//127.0.0.1:" + port, "file:///etc/passwd", "gopher://127.0.0.1:" + port, "http:///x", "", "http://model.example.com:" + port + "\n",
		"http://user@model.example.com:" + port, `http://127.0.0.1:` + port + `\@model.example.com:` + port,
	} {
		if _, err := h.Work(t.Context(), callJob("url", u)); !errors.Is(err, ErrTarget) {
			t.Errorf("%q: %v", u, err)
		}
	}
	none := caller(t, HTTPOptions{})
	if _, err := none.Work(t.Context(), callJob("url", "http://"+target)); !errors.Is(err, ErrTarget) {
		t.Errorf("an empty list: %v", err)
	}
}

func TestSpecialAddresses(t *testing.T) {
	for _, a := range []string{
		"0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.31.0.1", "192.0.0.8",
		"192.0.2.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.9", "203.0.113.9", "224.0.0.1", "240.0.0.1",
		"255.255.255.255", "::", "::1", "::ffff:10.0.0.1", "::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1",
		"2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
	} {
		if !isSpecial(netip.MustParseAddr(a)) {
			t.Errorf("%s counts as public", a)
		}
	}
	for _, a := range []string{"1.1.1.1", "8.8.8.8", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "::ffff:1.1.1.1"} {
		if isSpecial(netip.MustParseAddr(a)) {
			t.Errorf("%s counts as special", a)
		}
	}
}

// resolving makes every name resolve to the given IPv4 address, by a name server at the other end of a pipe.
func resolving(h *HTTP, address netip.Addr) {
	h.dialer.Resolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		go nameServer(far, address)
		return near, nil
	}}
}

func nameServer(c net.Conn, address netip.Addr) {
	defer c.Close()
	var size [2]byte
	if _, err := io.ReadFull(c, size[:]); err != nil {
		return
	}
	query := make([]byte, binary.BigEndian.Uint16(size[:]))
	if _, err := io.ReadFull(c, query); err != nil {
		return
	}
	end := 12
	for query[end] != 0 {
		end += int(query[end]) + 1
	}
	question := query[12 : end+5]
	reply := append([]byte{query[0], query[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, question...)
	if kind := question[len(question)-3]; kind == 1 { // an A record was asked for
		reply[7] = 1
		a4 := address.As4()
		reply = append(reply, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4)
		reply = append(reply, a4[:]...)
	}
	c.Write(binary.BigEndian.AppendUint16(nil, uint16(len(reply))))
	c.Write(reply)
}

// TestCallChecksConnectedAddress: a listed name that resolves to the inside gets nowhere, unless that
// network was listed too.
func TestCallChecksConnectedAddress(t *testing.T) {
	reached := 0
	_, target := serve(t, func(http.ResponseWriter, *http.Request) { reached++ })
	_, port, _ := net.SplitHostPort(target)
	allow := []string{"model.test:" + port}
	h := caller(t, HTTPOptions{Allow: allow})
	resolving(h, netip.MustParseAddr("127.0.0.1"))
	if _, err := h.Work(t.Context(), callJob("url", "http://model.test:"+port)); !errors.Is(err, ErrTarget) || reached != 0 {
		t.Errorf("%v, reached %d times", err, reached)
	}
	open := caller(t, HTTPOptions{Allow: allow, Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	resolving(open, netip.MustParseAddr("127.0.0.1"))
	if _, err := open.Work(t.Context(), callJob("url", "http://model.test:"+port)); err != nil || reached != 1 {
		t.Errorf("with the network listed: %v, reached %d times", err, reached)
	}
}

func TestCallLocalhostByName(t *testing.T) {
	_, target := serve(t, func(http.ResponseWriter, *http.Request) {})
	_, port, _ := net.SplitHostPort(target)
	h := caller(t, HTTPOptions{Allow: []string{"LocalHost:" + port}})
	if _, err := h.Work(t.Context(), callJob("url", "http://localhost:"+port)); err != nil {
		t.Error(err)
	}
}

func TestCallAnswers(t *testing.T) {
	base, target := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/empty":
			w.WriteHeader(http.StatusNoContent)
		case "/html":
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, "<secret/>")
		case "/untyped":
			w.Header()["Content-Type"] = nil
			io.WriteString(w, "{}")
		case "/broken":
			io.WriteString(w, `{"a":1,"a":"secret"}`)
		case "/large":
			io.WriteString(w, `"`+strings.Repeat("a", AnswerBytesMax)+`"`)
		case "/gzip":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			io.WriteString(z, `{}`)
			z.Close()
		case "/redirect":
			http.Redirect(w, r, "/empty", http.StatusFound)
		case "/error", "/conflict":
			w.WriteHeader(map[string]int{"/error": 422, "/conflict": 409}[r.URL.Path])
			io.WriteString(w, `{"errorCode":"OUT_OF_STOCK","detail":"secret"}`)
		case "/plain422":
			w.WriteHeader(422)
			io.WriteString(w, `{"errorCode":"bad code\n","detail":"secret"}`)
		case "/400", "/404", "/401":
			w.WriteHeader(400)
			io.WriteString(w, `{"errorCode":"secret"}`)
		case "/500":
			w.WriteHeader(500)
			io.WriteString(w, `"secret"`)
		case "/429":
			w.WriteHeader(429)
		}
	})
	h := caller(t, HTTPOptions{Allow: []string{target}})
	for path, want := range map[string]error{
		"/empty": nil, "/html": ErrAnswer, "/untyped": ErrAnswer, "/broken": ErrAnswer, "/large": ErrAnswer, "/gzip": ErrAnswer,
		"/redirect": ErrRejected, "/plain422": ErrRejected, "/400": ErrRejected, "/500": ErrUnwell, "/429": ErrUnwell,
	} {
		r, err := h.Work(t.Context(), callJob("url", base+path, "resultVariable", "x"))
		if !errors.Is(err, want) || (err == nil) != (r.Variables["x"] != "") {
			t.Errorf("%s: %v, %v, want %v", path, r, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the answer is in the message: %v", path, err)
		}
	}
	for _, path := range []string{"/error", "/conflict"} {
		_, err := h.Work(t.Context(), callJob("url", base+path, "resultVariable", "x"))
		e, ok := errors.AsType[*host.JobError](err)
		if !ok || e.Code != "OUT_OF_STOCK" || strings.Contains(e.Message, "secret") || !strings.Contains(string(e.Variables["x"]), `"detail":"secret"`) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestCallTimeout(t *testing.T) {
	release := make(chan struct{})
	base, target := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"a":`)
			w.(http.Flusher).Flush()
		}
		<-release
	})
	t.Cleanup(func() { close(release) })
	h := caller(t, HTTPOptions{Allow: []string{target}})
	for _, path := range []string{"/head", "/body"} {
		_, err := h.Work(t.Context(), callJob("url", base+path, "timeout", "30ms"))
		if !errors.Is(err, ErrTimeout) || fault.KindOf(err) != fault.Timeout {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestCallUnreached(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	target := l.Addr().String()
	l.Close()
	h := caller(t, HTTPOptions{Allow: []string{target}})
	_, err = h.Work(t.Context(), callJob("url", "http://"+target+"/?key=secret"))
	if !errors.Is(err, ErrUnreached) || strings.Contains(err.Error(), "secret") {
		t.Error(err)
	}
}

func TestCallIgnoresProxy(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	base, target := serve(t, func(http.ResponseWriter, *http.Request) {})
	if _, err := caller(t, HTTPOptions{Allow: []string{target}}).Work(t.Context(), callJob("url", base)); err != nil {
		t.Error(err)
	}
	if h := caller(t, HTTPOptions{}); h.client.Transport.(*http.Transport).Proxy != nil {
		t.Error("the transport has a proxy")
	}
}

func TestCallVerifiesTLS(t *testing.T) {
	s := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(s.Close)
	u, _ := url.Parse(s.URL)
	h := caller(t, HTTPOptions{Allow: []string{u.Host}})
	if _, err := h.Work(t.Context(), callJob("url", s.URL)); !errors.Is(err, ErrUnreached) {
		t.Errorf("an unknown certificate: %v", err)
	}
}

func TestNewHTTPRefuses(t *testing.T) {
	for _, entry := range []string{"", "example.com", ":80", "example.com:", "example.com:http", "example.com:0", "example.com:70000", "http://example.com:80"} {
		if _, err := NewHTTP(HTTPOptions{Allow: []string{entry}}); err == nil {
			t.Errorf("%q was accepted", entry)
		}
	}
}

func TestFunc(t *testing.T) {
	var w host.Worker = Func(func(_ context.Context, j host.Job) (host.Result, error) {
		return host.Result{Variables: map[string]canon.JSON{"key": canon.Int(j.Key)}}, nil
	})
	r, err := w.Work(t.Context(), callJob())
	if err != nil || r.Variables["key"] != "42" {
		t.Errorf("%v, %v", r, err)
	}
}

func BenchmarkControl(b *testing.B) {
	t, err := newTargets([]string{"model.test:443"}, nil)
	if err != nil {
		b.Fatal(err)
	}
	check := t.control("model.test:443")
	for b.Loop() {
		if check("tcp4", "93.184.216.34:443", nil) != nil {
			b.Fatal("refused")
		}
	}
}
