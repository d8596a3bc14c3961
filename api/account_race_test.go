package api_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"tallystick/api"
	"tallystick/host"
	"tallystick/query"
)

// meeting is a read side on which the first two who look for a user, or for the groups, wait for each other: each
// sees what there was before the other wrote.
type meeting struct {
	api.Reads
	users, groups *rendezvous
}

func (m *meeting) User(ctx context.Context, username string) (query.User, bool, error) {
	u, ok, err := m.Reads.User(ctx, username)
	m.users.arrive()
	return u, ok, err
}

func (m *meeting) Groups(ctx context.Context) ([]string, error) {
	names, err := m.Reads.Groups(ctx)
	m.groups.arrive()
	return names, err
}

// rendezvous holds who arrives until a second has arrived.
type rendezvous struct {
	came atomic.Int32
	both chan struct{}
}

func newRendezvous() *rendezvous { return &rendezvous{both: make(chan struct{})} }

func (r *rendezvous) arrive() {
	if r.came.Add(1) == 2 {
		close(r.both)
	}
	<-r.both
}

// TestCreatedTwiceAtOnce: of two who create the same user, or group, at the same moment one does; the other is
// told, and the password is that of the one.
func TestCreatedTwiceAtOnce(t *testing.T) {
	meet := func(o *api.Options, _ *host.Options) { o.Reads = &meeting{o.Reads, newRendezvous(), newRendezvous()} }
	onBoth(t, func(t *testing.T, k *kit) {
		passwords := []string{"the first of two", "the second of two"}
		made := atOnce(len(passwords), func(i int) answer {
			return k.ask("root", "POST", "/v2/users", fmt.Sprintf(`{"username":"twin","password":%q}`, passwords[i]))
		})
		for i, a := range made {
			login := func(r *http.Request) { r.SetBasicAuth("twin", passwords[i]) }
			if a.status == 201 {
				k.ask("", "GET", "/v2/authentication/me", "", login).is(200, `"username":"twin"`)
				continue
			}
			a.is(409, `"code":"user.exists"`, `"title":"ALREADY_EXISTS"`)
			k.ask("", "GET", "/v2/authentication/me", "", login).is(401, "authn.failed")
		}
		oneOf(t, made, "user")
		made = atOnce(2, func(int) answer { return k.ask("root", "POST", "/v2/groups", `{"groupId":"night"}`) })
		oneOf(t, made, "group")
		k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"action":"user.write","resource":"group:night"}}`).is(200, `"totalItems":1`)
	}, meet)
}

// oneOf insists on one answer of 201 and one of 409.
func oneOf(t *testing.T, made []answer, what string) {
	t.Helper()
	got := []int{made[0].status, made[1].status}
	slices.Sort(got)
	if !slices.Equal(got, []int{201, 409}) {
		t.Errorf("%s: %v %s %s", what, got, made[0].body, made[1].body)
	}
}

// atOnce asks n times side by side.
func atOnce(n int, ask func(i int) answer) []answer {
	answers := make([]answer, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { answers[i] = ask(i) })
	}
	all.Wait()
	return answers
}
