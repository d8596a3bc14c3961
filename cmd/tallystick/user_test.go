package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// TestUserCreate leaves nobody behind without the roles and groups that were asked for.
func TestUserCreate(t *testing.T) {
	s := operated(t)
	create := func(code int, text string, args ...string) {
		t.Helper()
		var out, said strings.Builder
		all := append([]string{"user", "create", "bob", "--address", "http://127.0.0.1:" + s.port, "--user", "admin", "--password", storyPassword}, args...)
		env := func(name string) string { return map[string]string{"TALLYSTICK_NEW_PASSWORD": storyPassword}[name] }
		got := run(t.Context(), all, stdio{in: strings.NewReader(""), out: &out, err: &said, env: env})
		if got != code || !strings.Contains(said.String(), text) {
			t.Errorf("%v: exit code %d, want %d with %q: %s", args, got, code, text, said.String())
		}
	}
	exists := func() bool {
		rows, err := s.as("admin").r.search(t.Context(), "/v2/users/search", map[string]any{"username": "bob"}, 1)
		s.must(err)
		return len(rows) == 1
	}
	create(exitUsage, `clerk, worker`, "--role", "clrek")
	if exists() {
		t.Error("bob is there without his role")
	}
	create(exitNotFound, "the user bob was not created", "--role", "clerk", "--group", "nobodys")
	if exists() {
		t.Error("bob is there without his group")
	}
	create(exitOK, "", "--role", "clerk")
	create(exitConflict, "user.exists", "--group", "nobodys")
	if !exists() {
		t.Error("bob is gone though he was there before")
	}
}

// TestUserChanges goes through what can be done with an account.
func TestUserChanges(t *testing.T) {
	s := operated(t)
	const other = "another-password"
	do := func(code int, text, user, password, fresh string, args ...string) string {
		t.Helper()
		var out, said strings.Builder
		all := append([]string{"user", "--address", "http://127.0.0.1:" + s.port, "--user", user, "--password", password}, args...)
		env := func(name string) string { return map[string]string{newPassword: fresh}[name] }
		if got := run(t.Context(), all, stdio{in: strings.NewReader(""), out: &out, err: &said, env: env}); got != code || !strings.Contains(out.String()+said.String(), text) {
			t.Errorf("%v: exit code %d, want %d with %q: %s%s", args, got, code, text, out.String(), said.String())
		}
		return out.String()
	}
	admin := func(code int, text string, args ...string) string {
		t.Helper()
		return do(code, text, "admin", storyPassword, "", args...)
	}
	do(exitOK, "", "admin", storyPassword, storyPassword, "create", "bob")
	admin(exitOK, "", "grant", "bob", "--role", "clerk,operator")
	admin(exitOK, "", "withdraw", "bob", "--role", "operator")
	admin(exitOK, "", "update", "bob", "--name", "Bob Ash")
	admin(exitUsage, "nothing is to be changed", "update", "bob")
	admin(exitUsage, "give --role or --group", "grant", "bob")
	admin(exitUsage, "--role is one of", "withdraw", "bob", "--role", "king")
	admin(exitConflict, "user.self", "withdraw", "admin", "--role", "admin")
	if list := admin(exitOK, "Bob Ash", "list"); !strings.Contains(list, "clerk") || strings.Contains(list, "operator") {
		t.Error(list)
	}
	do(exitDenied, "authn.failed", "bob", "not the password", other, "password")
	do(exitOK, "", "bob", storyPassword, other, "password")
	do(exitDenied, "request.denied", "bob", other, "", "update", "bob", "--name", "Boss")
	do(exitOK, "", "admin", storyPassword, storyPassword, "update", "bob", "--email", "b@x") // the password is not asked for
	do(exitDenied, "request.denied", "bob", other, "", "list")
	do(exitUsage, "is empty", "admin", storyPassword, "", "update", "bob", "--new-password")
	do(exitUsage, "give --user and --password", "bob", other, storyPassword, "password", "--token", "tsk_x")
	do(exitOK, "", "admin", storyPassword, storyPassword, "update", "bob", "--new-password")
	do(exitDenied, "request.denied", "bob", storyPassword, "", "list")
	admin(exitOK, "tsk_", "token", "bob")
	listed := admin(exitOK, "TOKEN ID", "tokens", "bob")
	id := strings.Fields(strings.Split(listed, "\n")[1])[0]
	admin(exitOK, "", "revoke", "bob", id)
	admin(exitNotFound, "member.not_found", "revoke", "bob", id)
	admin(exitOK, "", "delete", "bob")
	admin(exitNotFound, "member.not_found", "tokens", "bob")
}

// TestStartWaits prints the variables with which an instance completed, as they are written.
func TestStartWaits(t *testing.T) {
	n := startNode(t, "--example")
	port := n.address[strings.LastIndexByte(n.address, ':')+1:]
	claim := `claim={"id":"C-1","customer":"ann","tier":"gold","amount":49.10,"reason":"too small","daysSincePurchase":3,"priorReturns":0,"item":{"sku":"SHIRT-M","quantity":1}}`
	args := []string{"start", "returns", "--var", claim, "--address", "http://127.0.0.1:" + port, "--user", "admin", "--password", storyPassword}
	code, out, said := types(t, append(args, "--wait", "30s")...)
	if code != exitOK || !strings.Contains(out, "VARIABLE") || !strings.Contains(out, "49.10") {
		t.Errorf("exit code %d: %s%s", code, out, said)
	}
	if code, out, _ := types(t, args...); code != exitOK || strings.Contains(out, "VARIABLE") {
		t.Errorf("without waiting: exit code %d: %s", code, out)
	}
	code, out, said = types(t, append(args, "--wait", "30s", "-o", "json")...)
	if code != exitOK || !json.Valid([]byte(out)) || !strings.Contains(out, "49.10") {
		t.Errorf("as JSON: exit code %d: %s%s", code, out, said)
	}
}

// TestCutLists says what is not shown.
func TestCutLists(t *testing.T) {
	s := operated(t)
	vars := map[string]any{}
	for i := range 1001 {
		vars[fmt.Sprintf("v%04d", i)] = i
	}
	var made map[string]any
	s.must(s.as("admin").r.call(t.Context(), http.MethodPost, "/v2/process-instances", map[string]any{"processDefinitionId": "claims", "variables": vars}, &made))
	instance := made["processInstanceKey"].(string)
	const cut = "only the first 1000 of 1001 variables are shown"
	s.says(exitOK, cut, "admin", "instance", "show", instance)
	tasks, err := s.as("admin").r.search(t.Context(), "/v2/user-tasks/search", map[string]any{"processInstanceKey": instance}, 1)
	s.must(err)
	s.says(exitOK, cut, "admin", "task", "show", tasks[0]["userTaskKey"].(string))
	full := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"items":[{"username":"ann"}],"page":{"totalItems":10000,"hasMoreTotalItems":true}}`)
	}))
	defer full.Close()
	if code, _, said := types(t, "user", "list", "--address", full.URL); code != exitOK || !strings.Contains(said, "only the first 1 of more than 10000 users are shown") {
		t.Errorf("exit code %d: %s", code, said)
	}
	if code, _, said := types(t, "user", "list", "--address", "http://127.0.0.1:"+s.port, "--user", "admin", "--password", storyPassword); code != exitOK || said != "" {
		t.Errorf("everything is shown: exit code %d: %s", code, said)
	}
}

// TestRetentionEvery takes the pause from the environment; the flag wins, nonsense is refused.
func TestRetentionEvery(t *testing.T) {
	for text, want := range map[string]time.Duration{"": retainEvery, "90s": 90 * time.Second, "1h": time.Hour} {
		var r retention
		r.flags(&cobra.Command{}, stdio{env: func(name string) string {
			return map[string]string{"TALLYSTICK_RETENTION_EVERY": text}[name]
		}})
		if _, err := r.parse(); err != nil || r.every != want {
			t.Errorf("%q: %s, %v", text, r.every, err)
		}
	}
	for _, text := range []string{"0s", "soon", "10"} {
		var r retention
		r.flags(&cobra.Command{}, stdio{env: func(name string) string {
			return map[string]string{"TALLYSTICK_RETENTION_EVERY": text}[name]
		}})
		if _, err := r.parse(); err == nil {
			t.Errorf("%q is taken as %s", text, r.every)
		}
	}
}
