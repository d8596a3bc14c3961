package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// two tasks in a row; the name tells the versions apart.
const claims = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="test">
<process id="claims" name="%s" isExecutable="true"><startEvent id="start"/>
<userTask id="check"><extensionElements><zeebe:userTask/></extensionElements></userTask>
<userTask id="pay"><extensionElements><zeebe:userTask/></extensionElements></userTask><endEvent id="end"/>
<sequenceFlow id="f1" sourceRef="start" targetRef="check"/><sequenceFlow id="f2" sourceRef="check" targetRef="pay"/>
<sequenceFlow id="f3" sourceRef="pay" targetRef="end"/></process></definitions>`

// operated is a server with a clerk and a process, driven by command lines.
func operated(t *testing.T) *story {
	t.Helper()
	n := startNode(t)
	s := &story{t: t, port: n.address[strings.LastIndexByte(n.address, ':')+1:]}
	admin := s.as("admin").r
	s.must(admin.call(t.Context(), http.MethodPost, "/v2/users", map[string]any{"username": "ida", "password": storyPassword}, nil))
	s.must(admin.call(t.Context(), http.MethodPut, "/v2/roles/clerk/users/ida", nil, nil))
	s.version("first")
	return s
}

// version deploys a further version of the process and returns its key.
func (s *story) version(name string) string {
	s.t.Helper()
	file := filepath.Join(s.t.TempDir(), "claims.bpmn")
	s.must(os.WriteFile(file, fmt.Appendf(nil, claims, name), 0o600))
	s.says(exitOK, "", "admin", "deploy", file)
	rows, err := s.as("admin").r.search(s.t.Context(), "/v2/process-definitions/search", map[string]any{"processDefinitionId": "claims"}, 100)
	s.must(err)
	return rows[len(rows)-1]["processDefinitionKey"].(string)
}

// says runs a command line as somebody: it must end with the code and say the text.
func (s *story) says(code int, text, who string, args ...string) string {
	s.t.Helper()
	all := append(slices.Clone(args), "--address", "http://127.0.0.1:"+s.port, "--user", who, "--password", storyPassword, "-o", "json")
	got, out, said := types(s.t, all...)
	if got != code || !strings.Contains(out+said, text) {
		s.t.Errorf("%v as %s: exit code %d, want %d with %q: %s%s", args, who, got, code, text, out, said)
	}
	return out
}

func (s *story) begun() string {
	s.t.Helper()
	var made map[string]any
	s.must(s.as("admin").r.call(s.t.Context(), http.MethodPost, "/v2/process-instances", map[string]any{"processDefinitionId": "claims"}, &made))
	return made["processInstanceKey"].(string)
}

// stands demands the state of an instance, its version and the only element in which it is.
func (s *story) stands(instance, state string, version int, element string) {
	s.t.Helper()
	var shown struct {
		State    string `json:"state"`
		Version  int    `json:"processDefinitionVersion"`
		Elements []struct{ ElementID, State string }
	}
	s.must(json.Unmarshal([]byte(s.says(exitOK, "", "admin", "instance", "show", instance)), &shown))
	var in []string
	for _, e := range shown.Elements {
		if e.State == "ACTIVE" {
			in = append(in, e.ElementID)
		}
	}
	if shown.State != state || shown.Version != version || strings.Join(in, " ") != element {
		s.t.Errorf("the instance is %s in %v by version %d, want %s in %s by %d", shown.State, in, shown.Version, state, element, version)
	}
}

const nobody = "4611686018427387904" // a key that nothing has

func TestInstanceSuspendAndResume(t *testing.T) {
	s := operated(t)
	i := s.begun()
	s.says(exitDenied, "instance.suspend", "ida", "instance", "suspend", i)
	s.says(exitConflict, "not suspended", "admin", "instance", "resume", i)
	s.says(exitNotFound, "instance.not_found", "admin", "instance", "suspend", nobody)
	s.says(exitFailure, `"x"`, "admin", "instance", "suspend", "x")
	s.says(exitUsage, "accepts 1 arg", "admin", "instance", "suspend")
	s.stands(i, "ACTIVE", 1, "check")
	s.says(exitOK, "", "admin", "instance", "suspend", i)
	s.stands(i, "SUSPENDED", 1, "check")
	s.says(exitConflict, "suspended", "admin", "instance", "suspend", i)
	s.says(exitDenied, "instance.suspend", "ida", "instance", "resume", i)
	s.says(exitOK, "", "admin", "instance", "resume", i)
	s.stands(i, "ACTIVE", 1, "check")
}

func TestInstanceModify(t *testing.T) {
	s := operated(t)
	i := s.begun()
	modify := func(code int, text, who string, args ...string) {
		t.Helper()
		s.says(code, text, who, append([]string{"instance", "modify", i}, args...)...)
	}
	modify(exitDenied, "instance.modify", "ida", "--move", "check:pay")
	modify(exitUsage, `--move wants SOURCE:ELEMENT, not "check"`, "admin", "--move", "check")
	modify(exitUsage, "--var goes with", "admin", "--terminate", "check", "--var", "a=1")
	modify(exitFailure, "nothing", "admin", "--activate", "nothing")
	modify(exitFailure, "modification.invalid", "admin")
	s.stands(i, "ACTIVE", 1, "check")
	modify(exitOK, "", "admin", "--move", "check:pay", "--var", "checked=true", "--reason", "checked by telephone")
	s.stands(i, "ACTIVE", 1, "pay")
	s.says(exitOK, `"checked"`, "admin", "instance", "show", i)
	modify(exitOK, "", "admin", "--activate", "check", "--terminate", "pay")
	s.stands(i, "ACTIVE", 1, "check")
}

func TestInstanceMigrate(t *testing.T) {
	s := operated(t)
	i, second := s.begun(), s.version("second")
	migrate := func(code int, text, who string, args ...string) {
		t.Helper()
		s.says(code, text, who, append([]string{"instance", "migrate", i}, args...)...)
	}
	migrate(exitDenied, "instance.migrate", "ida", "--to", second)
	migrate(exitUsage, `--to wants the key of a process definition, not "claims"`, "admin", "--to", "claims")
	migrate(exitUsage, `--map wants SOURCE=TARGET, not "check"`, "admin", "--to", second, "--map", "check")
	migrate(exitNotFound, "process.not_found", "admin", "--to", nobody)
	migrate(exitConflict, "check", "admin", "--to", second, "--map", "check=end")
	migrate(exitOK, `"targetElementId": "pay"`, "admin", "--to", second, "--map", "check=pay", "--dry-run")
	s.stands(i, "ACTIVE", 1, "check")
	migrate(exitOK, "", "admin", "--to", second, "--map", "check=pay")
	s.stands(i, "ACTIVE", 2, "pay")
}

// batch creates a batch operation, waits for its end and returns its key.
func (s *story) batch(want string, args ...string) (key string) {
	s.t.Helper()
	var made []map[string]any
	s.must(json.Unmarshal([]byte(s.says(exitOK, "", "admin", append([]string{"batch", "create"}, args...)...)), &made))
	key = made[0]["batchOperationKey"].(string)
	for deadline := time.Now().Add(30 * time.Second); ; {
		var shown map[string]any
		s.must(json.Unmarshal([]byte(s.says(exitOK, "", "admin", "batch", "show", key)), &shown))
		got := fmt.Sprint(shown["state"], " ", shown["operationsCompletedCount"], " of ", shown["operationsTotalCount"])
		if got == want {
			return key
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("%v: %s, want %s: %v", args, got, want, shown["failed"])
		}
	}
}

// TestBatchVerbs does each thing to two instances at once.
func TestBatchVerbs(t *testing.T) {
	s := operated(t)
	one, two, second := s.begun(), s.begun(), s.version("second")
	both := func(state string, version int, element string) {
		t.Helper()
		s.stands(one, state, version, element)
		s.stands(two, state, version, element)
	}
	s.batch("COMPLETED 2 of 2", "suspend", "--process", "claims")
	both("SUSPENDED", 1, "check")
	s.batch("COMPLETED 2 of 2", "resume", "--process", "claims")
	s.batch("COMPLETED 2 of 2", "modify", "--process", "claims", "--move", "check:pay")
	both("ACTIVE", 1, "pay")
	s.batch("COMPLETED 2 of 2", "migrate", "--process", "claims", "--to", second)
	both("ACTIVE", 2, "pay")
	s.says(exitOK, `"operationsTotalCount": 2`, "admin", "batch", "create", "cancel", "--process", "claims", "--dry-run")
	both("ACTIVE", 2, "pay")
	s.batch("COMPLETED 2 of 2", "cancel", "--process", "claims", "--version", "2", "--reason", "a recall")
	both("TERMINATED", 2, "")
	over := s.batch("COMPLETED 2 of 2", "delete", "--process", "claims")
	for _, verb := range []string{"suspend", "resume", "cancel"} {
		s.says(exitConflict, "batch.state", "admin", "batch", verb, over)
		s.says(exitDenied, "batch.update", "ida", "batch", verb, over)
	}
	s.says(exitNotFound, "404", "admin", "instance", "show", one)
	s.says(exitOK, "DELETE_PROCESS_INSTANCE", "admin", "batch", "list", "--state", "COMPLETED")
}

func TestBatchVerbsRefuse(t *testing.T) {
	s := operated(t)
	i := s.begun()
	for _, verb := range []string{"cancel", "resolve", "suspend", "resume", "delete"} {
		s.says(exitDenied, "batch.create", "ida", "batch", "create", verb, "--process", "claims")
		s.says(exitUsage, "--process is required", "admin", "batch", "create", verb)
	}
	s.says(exitDenied, "batch.create", "ida", "batch", "create", "modify", "--process", "claims", "--move", "check:pay")
	s.says(exitUsage, `"check"`, "admin", "batch", "create", "modify", "--process", "claims", "--move", "check")
	s.says(exitUsage, `"claims"`, "admin", "batch", "create", "migrate", "--process", "claims", "--to", "claims")
	s.says(exitNotFound, "process.not_found", "admin", "batch", "create", "migrate", "--process", "claims", "--to", nobody)
	for _, verb := range []string{"show", "cancel", "suspend", "resume"} {
		s.says(exitNotFound, "not_found", "admin", "batch", verb, nobody)
		s.says(exitFailure, `"x"`, "admin", "batch", verb, "x")
		s.says(exitUsage, "accepts 1 arg", "admin", "batch", verb)
	}
	s.says(exitOK, "[]", "admin", "batch", "list")
	s.stands(i, "ACTIVE", 1, "check")
}
