package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tallystick/audit"
	"tallystick/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// TestStory tells the story of examples/returns over REST against the real program, on both databases: a small
// claim, an inspection that survives kill -9, an escalation, a deadline, a refund that is taken back, a refusal;
// then the audit log is verified by the server, as an export and in the database.
func TestStory(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "tallystick")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	t.Run("sqlite", func(t *testing.T) {
		tellStory(t, binary, "sqlite:"+filepath.Join(t.TempDir(), "data", "story.db"))
	})
	t.Run("postgres", func(t *testing.T) { tellStory(t, binary, pgtest.Start(t)) })
}

func tellStory(t *testing.T, binary, dsn string) {
	s := &story{t: t, binary: binary, dsn: dsn}
	s.start()
	s.people()

	small := s.claim("C-1", "gold", 49, 3, 0, "SHIRT-M")
	s.ends(small, "refunded")
	s.ends(s.claim("C-2", "standard", 900, 60, 12, "TV-1"), "rejected")
	gone := s.claim("C-3", "gold", 49, 3, 0, "GONE-1")
	s.ends(gone, "reversed")
	s.order(gone, "RefundCustomer", "ReverseRefund")

	inspected := s.claim("C-4", "silver", 480, 20, 3, "LAMP-3")
	task := s.task("ida", inspected, "Inspect return")
	s.refused(s.as("oscar").complete(task, "approve"), http.StatusForbidden, http.StatusNotFound)
	s.must(s.as("ida").claim(task))
	s.kill()
	s.start()
	if got := s.task("ida", inspected, "Inspect return"); got != task {
		t.Fatalf("after kill -9 the task is %s, it was %s", got, task)
	}
	s.clock(25 * time.Hour)
	s.task("sue", inspected, "Decide escalated return")
	s.must(s.as("ida").complete(task, "approve"))
	s.ends(inspected, "refunded")
	s.refused(s.as("ida").complete(task, "approve"), http.StatusNotFound, http.StatusConflict)

	late := s.claim("C-5", "silver", 480, 20, 3, "LAMP-3")
	s.task("ida", late, "Inspect return")
	s.clock(26*time.Hour + 6*24*time.Hour)
	s.ends(late, "expired")

	s.verified()
}

// story is one run of the program with its clients.
type story struct {
	t           *testing.T
	binary, dsn string
	port        string
	process     *exec.Cmd
	done        chan error
	log         bytes.Buffer
}

// teller is one person's client.
type teller struct{ r *remote }

const storyPassword = "correct-horse"

// start runs the server and waits until it is ready.
func (s *story) start() {
	s.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	s.must(err)
	s.port = fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
	l.Close()
	s.process = exec.Command(s.binary, "serve", "--listen", "127.0.0.1:"+s.port, "--db", s.dsn, "--test-clock")
	s.process.Env = append(os.Environ(), "TALLYSTICK_ADMIN_PASSWORD="+storyPassword)
	s.process.Stderr = &s.log
	s.must(s.process.Start())
	process, done := s.process, make(chan error, 1)
	s.done = done
	go func() { done <- process.Wait() }()
	s.t.Cleanup(func() {
		process.Process.Signal(syscall.SIGKILL)
		if s.t.Failed() {
			s.t.Logf("the server said:\n%s", s.log.String())
			s.log.Reset()
		}
	})
	r := &reader{port: s.port}
	r.await(s.t, done)
}

// kill ends the server at once, as a power cut would.
func (s *story) kill() {
	s.t.Helper()
	s.must(s.process.Process.Signal(syscall.SIGKILL))
	<-s.done
}

// stop ends the server with SIGTERM; it must drain and leave with code 0.
func (s *story) stop() {
	s.t.Helper()
	s.must(s.process.Process.Signal(syscall.SIGTERM))
	if err := <-s.done; err != nil {
		s.t.Fatal("the server did not end cleanly:", err)
	}
}

func (s *story) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// refused demands that the server refused with one of the statuses.
func (s *story) refused(err error, statuses ...int) {
	s.t.Helper()
	for _, status := range statuses {
		if p, ok := err.(*problemError); ok && p.Status == status {
			return
		}
	}
	s.t.Fatalf("got %v, want a refusal with %v", err, statuses)
}

func (s *story) as(user string) teller {
	return teller{&remote{
		io: stdio{env: os.Getenv}, address: "http://127.0.0.1:" + s.port, user: user, password: storyPassword, format: "json",
	}}
}

// people creates the users of the story.
func (s *story) people() {
	s.t.Helper()
	admin := s.as("admin").r
	for _, p := range []struct{ name, role, group string }{
		{"ida", "clerk", "inspectors"}, {"sue", "clerk", "supervisors"}, {"oscar", "clerk", ""}, {"audrey", "auditor", ""},
	} {
		s.must(admin.call(s.t.Context(), http.MethodPost, "/v2/users", map[string]any{"username": p.name, "password": storyPassword}, nil))
		s.must(admin.call(s.t.Context(), http.MethodPut, "/v2/roles/"+p.role+"/users/"+p.name, nil, nil))
		if p.group != "" {
			s.must(admin.call(s.t.Context(), http.MethodPut, "/v2/groups/"+p.group+"/users/"+p.name, nil, nil))
		}
	}
}

// claim starts an instance and returns its key.
func (s *story) claim(id, tier string, amount, days, prior int, sku string) string {
	s.t.Helper()
	var out struct {
		Key string `json:"processInstanceKey"`
	}
	in := map[string]any{"processDefinitionId": "returns", "variables": map[string]any{"claim": map[string]any{
		"id": id, "customer": "bob", "tier": tier, "amount": amount, "reason": "broken", "daysSincePurchase": days,
		"priorReturns": prior, "item": map[string]any{"sku": sku, "quantity": 1},
	}}}
	s.must(s.as("admin").r.call(s.t.Context(), http.MethodPost, "/v2/process-instances", in, &out))
	return out.Key
}

// clock moves the server's clock ahead of now.
func (s *story) clock(ahead time.Duration) {
	s.t.Helper()
	in := map[string]any{"timestamp": time.Now().Add(ahead).UnixMilli()}
	s.must(s.as("admin").r.call(s.t.Context(), http.MethodPut, "/v2/clock", in, nil))
}

// task waits for an open task of the instance that the person can see, and returns its key.
func (s *story) task(who, instance, name string) string {
	s.t.Helper()
	filter := map[string]any{"processInstanceKey": instance, "name": name, "state": "CREATED"}
	rows, err := s.as(who).r.searchUntil(s.t.Context(), "/v2/user-tasks/search", filter, 10, 20*time.Second)
	s.must(err)
	if len(rows) != 1 {
		s.t.Fatalf("%s sees %d tasks %q of instance %s, want 1", who, len(rows), name, instance)
	}
	return rows[0]["userTaskKey"].(string)
}

func (p teller) claim(task string) error {
	return p.r.call(context.Background(), http.MethodPost, "/v2/user-tasks/"+task+"/assignment",
		map[string]any{"assignee": p.r.user, "allowOverride": false}, nil)
}

func (p teller) complete(task, decision string) error {
	return p.r.call(context.Background(), http.MethodPost, "/v2/user-tasks/"+task+"/completion",
		map[string]any{"variables": map[string]any{"decision": decision, "note": "seen"}}, nil)
}

// ends waits for the end of the instance and checks the recorded outcome.
func (s *story) ends(instance, status string) {
	s.t.Helper()
	admin := s.as("admin").r
	filter := map[string]any{"processInstanceKey": instance, "state": "COMPLETED"}
	rows, err := admin.searchUntil(s.t.Context(), "/v2/process-instances/search", filter, 1, 20*time.Second)
	s.must(err)
	if len(rows) != 1 {
		s.t.Fatalf("instance %s did not complete", instance)
	}
	vars, err := admin.search(s.t.Context(), "/v2/variables/search", map[string]any{"processInstanceKey": instance, "scopeKey": instance, "name": "outcome"}, 1)
	s.must(err)
	if len(vars) != 1 || !strings.Contains(vars[0]["value"].(string), `"status":"`+status+`"`) {
		s.t.Fatalf("the outcome of instance %s is %v, want %s", instance, vars, status)
	}
}

// order demands that the elements completed in this order.
func (s *story) order(instance string, elements ...string) {
	s.t.Helper()
	last := ""
	for _, e := range elements {
		rows, err := s.as("admin").r.search(s.t.Context(), "/v2/element-instances/search",
			map[string]any{"processInstanceKey": instance, "elementId": e, "state": "COMPLETED"}, 1)
		s.must(err)
		if len(rows) != 1 {
			s.t.Fatalf("element %s completed %d times, want once", e, len(rows))
		}
		end := rows[0]["endDate"].(string)
		if end < last {
			s.t.Fatalf("element %s ended at %s, before its predecessor at %s", e, end, last)
		}
		last = end
	}
}

// verified checks the audit log in all three ways.
func (s *story) verified() {
	s.t.Helper()
	audrey := s.as("audrey").r
	denied, err := audrey.search(s.t.Context(), "/v2/audit-entries/search", map[string]any{"outcome": "denied", "actor": "user:oscar"}, 10)
	s.must(err)
	if len(denied) == 0 {
		s.t.Error("the refusal of oscar is not in the audit log")
	}
	var report audit.Report
	s.must(audrey.call(s.t.Context(), http.MethodPost, "/v2/audit-entries/verify", nil, &report))
	if !report.OK() || report.Entries == 0 {
		s.t.Errorf("the server's own check: %s", report.String())
	}
	res, err := audrey.send(s.t.Context(), http.MethodGet, "/v2/audit-entries/export", "", nil)
	s.must(err)
	defer res.Body.Close()
	exported, err := audit.Verify(res.Body)
	s.must(err)
	if !exported.OK() || exported.Entries < report.Entries {
		s.t.Errorf("the export: %s", exported.String())
	}
	s.stop()
	stored, err := verifyLocal(s.t.Context(), s.dsn)
	s.must(err)
	if !stored.OK() || stored.Entries < exported.Entries {
		s.t.Errorf("the database: %s", stored.String())
	}
}
