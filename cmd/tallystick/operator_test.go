package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// node is a server that runs in this process until its context ends.
type node struct {
	t                *testing.T
	address, watched string
	stop             context.CancelFunc
	done             chan int
}

// free is an address that nothing listens on.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func startNode(t *testing.T, flags ...string) *node {
	t.Helper()
	n := &node{t: t, address: free(t), watched: free(t), done: make(chan int, 1)}
	ctx, stop := context.WithCancel(context.Background())
	n.stop = stop
	args := append([]string{
		"serve", "--listen", n.address, "--metrics-addr", n.watched, "--example=false",
		"--db", "sqlite:" + filepath.Join(t.TempDir(), "node.db"),
	}, flags...)
	env := func(name string) string { return map[string]string{"TALLYSTICK_ADMIN_PASSWORD": "correct-horse"}[name] }
	go func() {
		n.done <- run(ctx, args, stdio{in: strings.NewReader(""), out: io.Discard, err: io.Discard, env: env})
	}()
	t.Cleanup(func() {
		stop()
		if n.done != nil {
			<-n.done
		}
	})
	for deadline := time.Now().Add(30 * time.Second); ; {
		if status, _ := n.get(n.address, "/readyz", ""); status == http.StatusOK {
			return n
		}
		if time.Now().After(deadline) {
			t.Fatal("the server does not get ready")
		}
	}
}

// get asks without or with the password of the administrator; 0 is no answer.
func (n *node) get(address, path, password string) (status int, body string) {
	return n.getAs(address, address, path, password)
}

// getAs is get under another name of the server.
func (n *node) getAs(name, address, path, password string) (status int, body string) {
	r, err := http.NewRequestWithContext(n.t.Context(), http.MethodGet, "http://"+address+path, nil)
	if err != nil {
		n.t.Fatal(err)
	}
	r.Host = name
	if password != "" {
		r.SetBasicAuth("admin", password)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err.Error()
	}
	return res.StatusCode, string(b)
}

func (n *node) want(address, path, password string, status int, text string) {
	n.t.Helper()
	if got, body := n.get(address, path, password); got != status || !strings.Contains(body, text) {
		n.t.Errorf("%s%s: %d %.300s, want %d with %q", address, path, got, body, status, text)
	}
}

// TestWatching reads metrics and probes of a real server at both of its doors and finds the doors it may not
// have closed.
func TestWatching(t *testing.T) {
	n := startNode(t)
	for _, check := range []string{"host", "database", "migrations", "writer", "audit"} {
		n.want(n.address, "/readyz", "", 200, `"`+check+`":"ok"`)
	}
	n.want(n.address, "/metrics", "", 401, "authn.required")
	n.want(n.address, "/metrics", "correct-horse", 200, "tallystick_batch_calls_bucket")
	n.want(n.watched, "/metrics", "", 200, "tallystick_host_running 1")
	n.want(n.watched, "/readyz", "", 200, "ready")
	for _, path := range []string{"/v2/topology", "/debug/pprof/", "/debug/pprof/heap", "/"} {
		n.want(n.watched, path, "correct-horse", 404, "")
	}
	n.want(n.address, "/debug/pprof/heap", "", 401, "")
	n.want(n.address, "/debug/pprof/goroutine?debug=1", "correct-horse", 200, "goroutine profile")
}

// TestWithoutCredentials asks both doors that want none under names that a web page can have, and under those of this
// machine.
func TestWithoutCredentials(t *testing.T) {
	n := startNode(t, "--auth", "none")
	for name, want := range map[string]int{"evil.example": 403, "evil.example:8080": 403, "localhost": 200, "127.0.0.1:1": 200, "[::1]:8080": 200} {
		for address, path := range map[string]string{n.address: "/v2/topology", n.watched: "/metrics"} {
			status, body := n.getAs(name, address, path, "")
			if refused := strings.Contains(body, `"code":"request.host"`); status != want || refused != (want == 403) {
				t.Errorf("%s%s as %s: %d %.200s, want %d", address, path, name, status, body, want)
			}
		}
	}
}

// TestStopping tells a server to stop: not ready at once, alive to the end, exit code 0.
func TestStopping(t *testing.T) {
	n := startNode(t, "--drain-delay", "3s")
	n.stop()
	for deadline := time.Now().Add(2 * time.Second); ; {
		if status, body := n.get(n.address, "/readyz", ""); status == 503 {
			if !strings.Contains(body, "not ready: draining") {
				t.Error(body)
			}
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the server stays ready")
		}
	}
	n.want(n.address, "/livez", "", 200, "alive")
	n.want(n.watched, "/livez", "", 200, "alive")
	n.want(n.watched, "/readyz", "", 503, "draining")
	n.want(n.address, "/v2/topology", "correct-horse", 200, "Tallystick")
	code := <-n.done
	n.done = nil
	if code != exitOK {
		t.Errorf("exit code %d", code)
	}
	if status, _ := n.get(n.watched, "/livez", ""); status != 0 {
		t.Errorf("/livez answers %d after the end", status)
	}
}

// TestWatchingFlags refuses what cannot work.
func TestWatchingFlags(t *testing.T) {
	for _, flags := range [][]string{
		{"--metrics-addr", "9090"},
		{"--auth", "none", "--metrics-addr", "9090"},
		{"--auth", "none", "--metrics-addr", "0.0.0.0:0"},
		{"--auth", "none", "--listen", ":0"},
		{"--drain-delay", "-1s"},
		{"--drain-delay", "6m"},
		{"--drain-delay", "soon"},
		{"--trusted-proxy", "proxy.example"},
		{"--trusted-proxy", "10.0.0.0/33"},
		{"--trusted-proxy", "0.0.0.0/0"},
	} {
		var said strings.Builder
		args := append([]string{"serve", "--db", "sqlite:" + filepath.Join(t.TempDir(), "x.db")}, flags...)
		if code := run(t.Context(), args, stdio{out: io.Discard, err: &said, env: func(string) string { return "" }}); code != exitUsage {
			t.Errorf("%v: exit code %d: %s", flags, code, &said)
		}
	}
	if d := durationOr(stdio{env: func(string) string { return "soon" }}, "X"); d >= 0 {
		t.Errorf("a variable that is no duration is %v", d)
	}
}
