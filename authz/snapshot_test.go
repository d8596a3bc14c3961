package authz

import (
	"fmt"
	"testing"

	"tallystick/host"
)

// remembered counts the judgements that the snapshot keeps.
func (n *snapshot) remembered() int {
	count := 0
	n.memo.Range(func(any, any) bool { count++; return true })
	return count
}

// Names that no rule knows cannot make the memo grow.
func TestMemoIsBounded(t *testing.T) {
	a, err := New(Options{Extra: [][]string{{"p", "role:desk", "def:loan", "job.read", "allow"}}})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(i int) {
		by := host.Actor{
			Kind: "user", Name: fmt.Sprintf("u%d", i), Roles: []string{"desk", fmt.Sprintf("r%d", i)},
			Groups: []string{fmt.Sprintf("g%d", i)},
		}
		a.Allow(by, host.ActionJobRead, host.Target{Scope: fmt.Sprintf("def:d%d", i)})
		a.Allow(by, host.ActionJobRead, host.Target{Scope: "def:loan"})
	}
	ask(0)
	before := a.current.Load().remembered()
	for i := range 1000 {
		ask(i)
	}
	if after := a.current.Load().remembered(); before == 0 || after != before {
		t.Errorf("%d judgements kept after one question of each form, %d after thousands", before, after)
	}
}

// When Casbin fails the answer is a denial, and it is not remembered.
func TestErrorsDeny(t *testing.T) {
	a, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	n := a.current.Load()
	// Casbin takes a row that is too short and then fails every evaluation: why rule.check is there.
	if ok, err := n.enforcer.AddPolicy("role:admin", "*"); !ok || err != nil {
		t.Fatalf("Casbin refuses a short row now: %v, %v", ok, err)
	}
	by := host.Actor{Kind: "user", Name: "ann", Roles: []string{"admin"}}
	v := a.Allow(by, host.ActionUserWrite, host.Target{Scope: "user:"})
	if v.Allowed || v.Reason != "the policy cannot be evaluated" {
		t.Errorf("%+v", v)
	}
	if see := a.Access(by, host.ActionInstanceRead); see.All || len(see.Definitions) > 0 {
		t.Errorf("lists %+v", see)
	}
	if ok, err := n.enforcer.RemovePolicy("role:admin", "*"); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if v := a.Allow(by, host.ActionUserWrite, host.Target{Scope: "user:"}); !v.Allowed {
		t.Errorf("the failure was remembered: %s", v.Reason)
	}
}

func BenchmarkAllow(b *testing.B) {
	a, err := New(Options{})
	if err != nil {
		b.Fatal(err)
	}
	by := host.Actor{Kind: "user", Name: "ann", Roles: []string{"clerk", "operator", "auditor"}}
	on := host.Target{Scope: "def:loan"}
	b.Run("remembered", func(b *testing.B) {
		for b.Loop() {
			a.Allow(by, host.ActionInstanceRead, on)
		}
	})
	b.Run("evaluated", func(b *testing.B) {
		n := a.current.Load()
		for b.Loop() {
			judge(n.enforcer, "role:auditor", "def:*", host.ActionInstanceRead)
		}
	})
}
