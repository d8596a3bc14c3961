package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"tallystick/api"
	"tallystick/authz"
	"tallystick/host"
	"tallystick/query"
	"tallystick/store"
)

// kit is the real thing: SQLite, policy, host and server in one process, with people in it.
type kit struct {
	t       *testing.T
	server  *api.Server
	host    *host.Host
	db      *store.DB
	log     *buffer
	schema  *schemas
	options api.Options
}

// buffer collects the log of several goroutines.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

const password = "correct-horse"

// people and what they hold. Nil has no role; every other name is that of the role.
var people = map[string][]string{
	"root": {"admin"}, "mod": {"modeler"}, "op": {"operator"}, "ida": {"clerk"}, "otto": {"clerk"},
	"wim": {"worker"}, "aud": {"auditor"}, "mona": {"monitor"}, "nil": nil,
}

// options change how a kit is wired.
type options func(*api.Options, *host.Options)

func newKit(t *testing.T, change ...options) *kit {
	t.Helper()
	return newKitOn(t, "sqlite:"+t.TempDir()+"/api.db", change...)
}

// newKitOn is newKit on a database of the caller's choice.
func newKitOn(t *testing.T, dsn string, change ...options) *kit {
	t.Helper()
	k := &kit{t: t, log: &buffer{}, schema: readSchemas(t)}
	var err error
	k.db, err = store.Open(t.Context(), store.Options{DSN: dsn})
	must(t, err)
	policy, err := authz.New(authz.Options{Accounts: k.db})
	must(t, err)
	log := slog.New(slog.NewTextHandler(k.log, nil))
	passwords := authz.NewAuthenticator(policy)
	h := host.Options{
		Store: k.db, Jobs: k.db, Library: k.db, History: k.db, Authorizer: policy, Log: log, Node: "n1", Build: "test",
		Origin: k.db.Origin(), TestClock: true,
	}
	a := api.Options{
		Reads: k.db, Authorizer: policy, Authenticator: passwords, Roles: authz.Roles(),
		Secrets: api.Secrets{HashPassword: passwords.HashPassword, NewToken: authz.NewToken},
		Origin:  k.db.Origin(), Build: "test", Log: log,
		Checks: []api.ReadyCheck{{Name: "database", Run: k.db.Ping}},
	}
	for _, c := range change {
		c(&a, &h)
	}
	k.host, err = host.New(h)
	must(t, err)
	if a.Host == nil {
		a.Host = k.host
	}
	k.options = a
	k.server, err = api.New(a)
	must(t, err)
	k.run()
	k.settlePeople()
	return k
}

// run starts the host and stops it when the test is over.
func (k *kit) run() {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- k.host.Run(ctx) }()
	k.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			k.t.Error(err)
		}
		k.db.Close()
		if k.t.Failed() {
			k.t.Log(k.log.String())
		}
	})
	<-k.host.Ready()
}

func (k *kit) settlePeople() {
	hash, err := hashOnce()
	must(k.t, err)
	var changes []host.AccountChange
	for name, roles := range people {
		u := query.User{Username: name, Roles: roles}
		if name == "ida" {
			u.Groups = []string{"inspectors"}
		}
		changes = append(changes, host.AccountChange{CreateUser: &host.Account{User: u, PasswordHash: hash}})
	}
	must(k.t, k.host.Change(k.t.Context(), host.System("bootstrap"), host.ActionUserWrite, host.Target{Scope: "user:"}, changes, ""))
}

// hashOnce makes the hash that all people have; hashing is slow on purpose.
var hashOnce = sync.OnceValues(func() (string, error) { return authz.HashPassword(zeros{}, password) })

// zeros is a random source for salts that nobody has to guess.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// answer is what a request got.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

// ask sends one request as a person ("" brings no credentials) and checks the answer against openapi.yaml.
func (k *kit) ask(who, method, path, body string, edit ...func(*http.Request)) answer {
	k.t.Helper()
	r := httptest.NewRequestWithContext(k.t.Context(), method, path, strings.NewReader(body))
	r.Host = "localhost:8080"
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if who != "" {
		r.SetBasicAuth(who, password)
	}
	for _, e := range edit {
		e(r)
	}
	w := httptest.NewRecorder()
	k.server.ServeHTTP(w, r)
	a := answer{k.t, w.Code, w.Header(), w.Body.String()}
	k.schema.check(k.t, method, r.URL.Path, a)
	return a
}

// written waits until the refusals so far are in the audit log: they are written behind the answer, in order.
func (k *kit) written() {
	k.t.Helper()
	must(k.t, k.host.Record(k.t.Context(), host.System("test"), host.ActionAuditRead, host.Target{Scope: "audit:"}, ""))
}

// header sets a header of a request.
func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// is fails unless the answer has the status and contains the texts.
func (a answer) is(status int, texts ...string) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Errorf("status %d, want %d: %s", a.status, status, a.body)
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			a.t.Errorf("%q is not in %s", text, a.body)
		}
	}
	return a
}

// at reads a member of a JSON answer by a dotted path; list items by number.
func (a answer) at(path string) any {
	a.t.Helper()
	var v any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		a.t.Fatalf("%v in %s", err, a.body)
	}
	for _, step := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			i := int(step[0] - '0')
			if i >= len(x) {
				a.t.Fatalf("%s has no item %d: %s", path, i, a.body)
			}
			v = x[i]
		}
	}
	return v
}

func (a answer) text(path string) string {
	a.t.Helper()
	s, ok := a.at(path).(string)
	if !ok {
		a.t.Fatalf("%s is no text in %s", path, a.body)
	}
	return s
}

// upload makes a multipart body from files in pairs of name and content.
func upload(pairs ...string) (body, contentType string) {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		part, err := form.CreateFormFile("resources", pairs[i])
		if err == nil {
			_, err = io.WriteString(part, pairs[i+1])
		}
		if err != nil {
			panic(err) // writing to memory
		}
	}
	form.Close()
	return b.String(), form.FormDataContentType()
}

// deploy deploys files as the modeler.
func (k *kit) deploy(pairs ...string) answer {
	k.t.Helper()
	body, contentType := upload(pairs...)
	return k.ask("mod", "POST", "/v2/deployments", body, header("Content-Type", contentType))
}

// start starts the process of testdata and returns the key of the instance.
func (k *kit) start(body string) string {
	k.t.Helper()
	return k.ask("mod", "POST", "/v2/process-instances", body).is(200).text("processInstanceKey")
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, file string) string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + file)
	must(t, err)
	return string(b)
}
