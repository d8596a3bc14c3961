package api_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"tallystick/api"
	"tallystick/authz"
)

var update = flag.Bool("update", false, "write docs/api.md")

// TestDescription compares openapi.yaml with the route table, both ways.
func TestDescription(t *testing.T) {
	t.Parallel()
	var doc struct {
		OpenAPI string `yaml:"openapi"`
		Paths   map[string]map[string]struct {
			OperationID string           `yaml:"operationId"`
			Summary     string           `yaml:"summary"`
			Action      string           `yaml:"x-action"`
			Security    *[]any           `yaml:"security"`
			Responses   map[string]any   `yaml:"responses"`
			Parameters  []map[string]any `yaml:"parameters"`
		} `yaml:"paths"`
	}
	// The common parameters of a path are a list and no operation.
	text := regexp.MustCompile(`(?m)^    parameters:\n(      - .*\n)+`).ReplaceAllString(string(api.Description()), "")
	must(t, yaml.Unmarshal([]byte(text), &doc))
	if doc.OpenAPI != "3.1.0" {
		t.Errorf("openapi is %q", doc.OpenAPI)
	}
	described, ids := map[string]bool{}, map[string]bool{}
	for path, item := range doc.Paths {
		for method, op := range item {
			described[strings.ToUpper(method)+" "+path] = true
			if op.OperationID == "" || ids[op.OperationID] {
				t.Errorf("%s %s: operationId %q is missing or taken", method, path, op.OperationID)
			}
			ids[op.OperationID] = true
		}
	}
	for _, r := range api.Rows() {
		name := r.Method + " " + r.Path
		op := doc.Paths[r.Path][strings.ToLower(r.Method)]
		if !described[name] || op.Summary != r.Summary || op.Action != r.Action {
			t.Errorf("%s: openapi.yaml says %q and %s, the table %q and %s", name, op.Summary, op.Action, r.Summary, r.Action)
		}
		if r.Public != (op.Security != nil) {
			t.Errorf("%s: security differs", name)
		}
		if _, ok := op.Responses["401"]; ok == r.Public {
			t.Errorf("%s: 401 differs", name)
		}
		delete(described, name)
	}
	for name := range described {
		t.Errorf("%s is in openapi.yaml and not in the table", name)
	}
}

// TestSchemasAreUsed finds schemas that nothing refers to.
func TestSchemasAreUsed(t *testing.T) {
	t.Parallel()
	var doc struct {
		Components struct {
			Schemas map[string]any `yaml:"schemas"`
		} `yaml:"components"`
	}
	must(t, yaml.Unmarshal(api.Description(), &doc))
	for _, name := range slices.Sorted(maps.Keys(doc.Components.Schemas)) {
		if !strings.Contains(string(api.Description()), "schemas/"+name+"'") {
			t.Errorf("nothing refers to %s", name)
		}
	}
}

const (
	tableBegin = "<!-- begin: routes (go test ./api -run TestDocument -update) -->\n"
	tableEnd   = "<!-- end: routes -->\n"
)

// TestDocument compares the table of docs/api.md with the route table.
func TestDocument(t *testing.T) {
	t.Parallel()
	const file = "../docs/api.md"
	b, err := os.ReadFile(file)
	must(t, err)
	before, rest, ok := strings.Cut(string(b), tableBegin)
	table, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		t.Fatal("docs/api.md has no marked table")
	}
	var want strings.Builder
	want.WriteString("| Request | Action | Purpose |\n|---|---|---|\n")
	for _, r := range api.Rows() {
		fmt.Fprintf(&want, "| `%s %s` | `%s` | %s |\n", r.Method, r.Path, r.Action, r.Summary)
	}
	if *update {
		must(t, os.WriteFile(file, []byte(before+tableBegin+want.String()+tableEnd+after), 0o644))
		return
	}
	if table != want.String() {
		t.Error("docs/api.md is not of this table; run go test ./api -run TestDocument -update")
	}
}

// TestActions sees the start refused when a row of the table declares nothing the policy knows.
func TestActions(t *testing.T) {
	t.Parallel()
	if err := api.Check(authz.Actions()...); err != nil {
		t.Error(err)
	}
	if err := api.Check("system.read", "system.docs"); err == nil || !strings.Contains(err.Error(), "declares the action") {
		t.Errorf("a table with unknown actions: %v", err)
	}
	if err := api.CheckTwice(); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("a table with a doubled row: %v", err)
	}
}

// TestUnrouted asks for what no row takes.
func TestUnrouted(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.ask("root", "GET", "/v2/nothing", "").is(404, `"code":"route.not_found"`, `"title":"NOT_FOUND"`)
	k.ask("root", "GET", "/", "").is(404, "route.not_found")
	k.ask("root", "DELETE", "/v2/topology", "").is(405, `"code":"route.method"`)
	k.ask("root", "GET", "/v2/process-instances/../users", "").is(404)
	served := map[string]bool{}
	for _, r := range api.Rows() {
		served[r.Method+" "+blank(r.Path)] = true
	}
	for _, known := range api.Unserved() {
		method, path, _ := strings.Cut(known, " ")
		if served[method+" "+blank(path)] {
			t.Errorf("%s is served", known)
		}
		k.ask("", method, strings.ReplaceAll(blank(path), "{}", "7"), "").is(501, `"code":"route.unserved"`)
	}
}

func blank(path string) string { return regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(path, "{}") }

// live fills the parameters of a path so that the route gets past them.
func live(path string, key string) string {
	path = strings.NewReplacer("{username}", "ida", "{groupId}", "inspectors", "{roleId}", "clerk", "{tokenId}", "t1", "{jobType}", "charge",
		"{decisionEvaluationInstanceKey}", key+"-1").Replace(path)
	return strings.ReplaceAll(blank(path), "{}", key)
}

// accepted has for each route that takes a body one that is well-formed.
var accepted = map[string]string{
	"POST /v2/process-instances":                                       `{"processDefinitionId":"order"}`,
	"POST /v2/jobs/activation":                                         `{"type":"charge","timeout":1000,"maxJobsToActivate":1,"requestTimeout":-1}`,
	"PATCH /v2/jobs/{jobKey}":                                          `{"changeset":{"retries":1}}`,
	"POST /v2/jobs/{jobKey}/completion":                                `{}`,
	"POST /v2/jobs/{jobKey}/failure":                                   `{}`,
	"POST /v2/jobs/{jobKey}/error":                                     `{"errorCode":"X"}`,
	"PUT /v2/element-instances/{elementInstanceKey}/variables":         `{"variables":{"a":1}}`,
	"PATCH /v2/user-tasks/{userTaskKey}":                               `{}`,
	"POST /v2/user-tasks/{userTaskKey}/assignment":                     `{"assignee":"nil"}`,
	"POST /v2/user-tasks/{userTaskKey}/completion":                     `{}`,
	"POST /v2/incidents/{incidentKey}/resolution":                      `{}`,
	"POST /v2/decision-definitions/evaluation":                         `{"decisionDefinitionId":"lane"}`,
	"PUT /v2/clock":                                                    `{"timestamp":1767225600000}`,
	"POST /v2/clock/reset":                                             `{}`,
	"POST /v2/users":                                                   `{"username":"new","password":"long enough"}`,
	"PUT /v2/users/{username}":                                         `{"name":"Ida"}`,
	"PUT /v2/authentication/me/password":                               `{"password":"not the password","newPassword":"long enough"}`,
	"POST /v2/groups":                                                  `{"groupId":"g1"}`,
	"POST /v2/users/{username}/tokens":                                 `{}`,
	"POST /v2/audit-entries/verify":                                    `{}`,
	"POST /v2/process-instances/{processInstanceKey}/cancellation":     `{}`,
	"POST /v2/process-instances/{processInstanceKey}/suspension":       `{}`,
	"POST /v2/process-definitions/{processDefinitionKey}/suspension":   `{}`,
	"POST /v2/process-definitions/{processDefinitionKey}/resumption":   `{}`,
	"POST /v2/job-types/{jobType}/suspension":                          `{}`,
	"POST /v2/job-types/{jobType}/resumption":                          `{}`,
	"POST /v2/process-instances/{processInstanceKey}/deletion":         `{}`,
	"POST /v2/process-instances/{processInstanceKey}/migration":        `{"targetProcessDefinitionKey":"7","mappingInstructions":[]}`,
	"POST /v2/process-instances/{processInstanceKey}/modification":     `{"activateInstructions":[{"elementId":"review"}]}`,
	"POST /v2/process-instances/{processInstanceKey}/resumption":       `{}`,
	"POST /v2/process-definitions/search":                              `{}`,
	"POST /v2/process-instances/search":                                `{}`,
	"POST /v2/process-instances/{processInstanceKey}/incidents/search": `{}`,
	"POST /v2/element-instances/search":                                `{}`,
	"POST /v2/variables/search":                                        `{}`,
	"POST /v2/jobs/search":                                             `{}`,
	"POST /v2/user-tasks/search":                                       `{}`,
	"POST /v2/user-tasks/{userTaskKey}/variables/search":               `{}`,
	"POST /v2/incidents/search":                                        `{}`,
	"POST /v2/decision-definitions/search":                             `{}`,
	"POST /v2/decision-instances/search":                               `{}`,
	"POST /v2/users/search":                                            `{}`,
	"POST /v2/audit-entries/search":                                    `{}`,
	"POST /v2/messages/publication":                                    `{"name":"paid"}`,
	"POST /v2/messages/correlation":                                    `{"name":"paid"}`,
	"POST /v2/signals/broadcast":                                       `{"signalName":"alarm"}`,
	"POST /v2/message-subscriptions/search":                            `{}`,
	"POST /v2/correlated-message-subscriptions/search":                 `{}`,

	"POST /v2/element-instances/ad-hoc-activities/{adHocSubProcessInstanceKey}/activation": `{"elements":[{"elementId":"x"}]}`,
	"POST /v2/element-instances/ad-hoc-activities/{adHocSubProcessInstanceKey}/completion": `{}`,

	"POST /v2/process-instances/cancellation":                             `{"filter":{"state":"ACTIVE"}}`,
	"POST /v2/process-instances/incident-resolution":                      `{"filter":{"state":"ACTIVE"}}`,
	"POST /v2/process-instances/suspension":                               `{"filter":{"state":"ACTIVE"}}`,
	"POST /v2/process-instances/resumption":                               `{"filter":{"state":"ACTIVE"}}`,
	"POST /v2/process-instances/deletion":                                 `{"filter":{"state":"COMPLETED"}}`,
	"POST /v2/process-instances/modification":                             `{"filter":{"state":"ACTIVE"},"moveInstructions":[{"sourceElementId":"a","targetElementId":"b"}]}`,
	"POST /v2/process-instances/migration":                                `{"filter":{"state":"ACTIVE"},"migrationPlan":{"targetProcessDefinitionKey":"7"}}`,
	"POST /v2/process-instances/{processInstanceKey}/incident-resolution": `{}`,
	"POST /v2/batch-operations/search":                                    `{}`,
	"POST /v2/batch-operations/{batchOperationKey}/cancellation":          `{}`,
	"POST /v2/batch-operations/{batchOperationKey}/suspension":            `{}`,
	"POST /v2/batch-operations/{batchOperationKey}/resumption":            `{}`,
	"POST /v2/batch-operation-items/search":                               `{}`,

	"POST /v2/conditionals/evaluation": `{"variables":{}}`,

	"POST /v2/decision-instances/{decisionEvaluationKey}/deletion": `{}`,
}

// TestRefusals asks every route as a stranger, with malformed input, and as somebody without any right.
func TestRefusals(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	deployed := k.deploy("order.bpmn", read(t, "order.bpmn"), "lane.dmn", read(t, "lane.dmn"), "review.form", read(t, "review.form")).is(200)
	instance := k.start(`{"processDefinitionId":"order","variables":{"a":1}}`)
	_, key := k.keys(deployed, instance)
	for _, r := range api.Rows() {
		name := r.Method + " " + r.Path
		body, takes := accepted[name]
		if takes != (r.Method != "GET" && r.Method != "DELETE" && !strings.Contains(r.Path, "/users/{username}") && name != "POST /v2/deployments" ||
			name == "POST /v2/users/{username}/tokens" || name == "PUT /v2/users/{username}") {
			t.Errorf("%s: is there a body or not?", name)
		}
		path := live(r.Path, key(r.Path))
		if r.Public {
			k.ask("", r.Method, path, body)
			continue
		}
		k.ask("", r.Method, path, body).is(401, `"code":"authn.required"`)
		k.ask("", r.Method, path, body, header("Authorization", "Bearer tsk_"+strings.Repeat("0", 64))).is(401, `"code":"authn.failed"`)
		if strings.Contains(r.Path, "Key}") {
			for _, bad := range []string{"x", "-1", "0", "01", "1.0", "99999999999999999999"} {
				k.ask("root", r.Method, live(r.Path, bad), body).is(400, `"code":"key.invalid"`)
			}
			k.ask("root", r.Method, live(r.Path, "4611686018427387904"), body).is(404, `"title":"NOT_FOUND"`)
		}
		if takes {
			k.malformed(r, path)
		}
		k.unauthorized(r, path, body)
	}
}

// keys finds a live key for each parameter.
func (k *kit) keys(deployed answer, instance string) (map[string]string, func(path string) string) {
	k.t.Helper()
	task := k.ask("ida", "POST", "/v2/user-tasks/search", "").text("items.0.userTaskKey")
	all := map[string]string{
		"{processDefinitionKey}": deployed.text("deployments.0.processDefinition.processDefinitionKey"),
		"{processInstanceKey}":   instance, "{userTaskKey}": task,
		"{elementInstanceKey}":    k.ask("op", "POST", "/v2/element-instances/search", "").text("items.0.elementInstanceKey"),
		"{variableKey}":           k.ask("op", "POST", "/v2/variables/search", "").text("items.0.variableKey"),
		"{decisionDefinitionKey}": deployed.text("deployments.2.decisionDefinition.decisionDefinitionKey"),
		"{decisionEvaluationKey}": k.ask("mod", "POST", "/v2/decision-definitions/evaluation", `{"decisionDefinitionId":"lane"}`).text("decisionEvaluationKey"),
		"{formKey}":               deployed.text("deployments.3.form.formKey"),
	}
	return all, func(path string) string {
		for name, key := range all {
			if strings.Contains(path, name) {
				return key
			}
		}
		return instance
	}
}

// malformed sends bodies that no route takes.
func (k *kit) malformed(r api.Row, path string) {
	k.t.Helper()
	for _, body := range []string{"{", "[]", "1", `{"a":1,"a":2}`, `{} {}`, "\xff", `{"a":"\u0000"}`, `{"noSuchField":1}`} {
		k.ask("root", r.Method, path, body).is(400, `"title":"INVALID_ARGUMENT"`)
	}
	k.ask("root", r.Method, path, "{}", header("Content-Type", "text/plain")).is(415)
	k.ask("root", r.Method, path, "{}", header("Content-Encoding", "br")).is(415)
	k.ask("root", r.Method, path, `{"a":"`+strings.Repeat("x", 5<<20)+`"}`).is(413)
}

// denied is what somebody without any role gets where it is not 403: searches are empty, gets find nothing.
var denied = regexp.MustCompile(`^(GET /v2/(process|element|variables|user-tasks|incidents|decision|forms)|POST .*/(incidents|variables|message-subscriptions|correlated-message-subscriptions)/search)`)

// unauthorized asks as somebody who has no role.
func (k *kit) unauthorized(r api.Row, path, body string) {
	k.t.Helper()
	name := r.Method + " " + r.Path
	if name == "POST /v2/deployments" {
		body = "not read"
	}
	a := k.ask("nil", r.Method, path, body)
	switch {
	case r.Action == "system.read":
		a.is(200)
	case r.Action == "password.change":
		a.is(401, `"code":"authn.failed"`)
	case strings.HasSuffix(r.Path, "/search") && a.status == 200:
		a.is(200, `"items":[]`, `"startCursor":null`)
	case name == "GET /v2/suspensions":
		a.is(200, `"items":[]`)
	case name == "POST /v2/jobs/activation":
		a.is(200, `"jobs":[]`)
	case denied.MatchString(name):
		a.is(404)
	case strings.Contains(r.Path, "{jobKey}") || strings.Contains(r.Path, "{incidentKey}"):
		a.refuses(403, 404)
	default:
		a.is(403, `"title":"FORBIDDEN"`)
	}
}

func (a answer) refuses(statuses ...int) {
	a.t.Helper()
	if !slices.Contains(statuses, a.status) {
		a.t.Errorf("status %d, want one of %v: %s", a.status, statuses, a.body)
	}
}

// TestProblems looks at the body and the headers of a refusal.
func TestProblems(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	a := k.ask("", "GET", "/v2/topology", "", header("X-Request-Id", "mine-1"))
	for name, want := range map[string]string{
		"Content-Type": "application/problem+json", "WWW-Authenticate": `Basic realm="tallystick", charset="UTF-8"`,
		"X-Request-Id": "mine-1", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	var p map[string]any
	must(t, json.Unmarshal([]byte(a.body), &p))
	for name, want := range map[string]any{
		"type": "about:blank", "title": "UNAUTHENTICATED", "status": 401.0, "instance": "/v2/topology", "requestId": "mine-1", "code": "authn.required",
	} {
		if p[name] != want {
			t.Errorf("%s is %v, want %v", name, p[name], want)
		}
	}
	odd := k.ask("root", "GET", "/v2/topology", "", header("X-Request-Id", "a b\n")).is(200)
	if id := odd.header.Get("X-Request-Id"); len(id) < 16 {
		t.Errorf("the id of the request is %q", id)
	}
	k.ask("", "GET", "/v2/topology", "", header("Authorization", "")).is(401)
	k.ask("", "GET", "/v2/topology", "", header("Authorization", "Digest x")).is(401)
	k.ask("", "GET", "/v2/topology", "", header("Authorization", "Basic !")).is(401)
	k.ask("", "GET", "/v2/topology", "", header("Authorization", "Bearer tsk_"+strings.Repeat("0", 64))).is(401)
	k.ask("root", "POST", "/v2/process-instances/search", "{}", header("Sec-Fetch-Site", "cross-site")).
		refuses(http.StatusForbidden)
}
