package storetest

import (
	"fmt"
	"slices"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/host"
)

var commitCases = []testCase{
	{"keeps a state under its version", keepsState},
	{"a moved version is named", movedVersion},
	{"a new instance that exists has moved", movedNew},
	{"a moved head is named", movedHead},
	{"a moved policy is named", movedPolicy},
	{"a moved library is named", movedLibrary},
	{"everything that moved is named at once", movedAll},
	{"a rollback leaves nothing", rollbackLeavesNothing},
	{"a command is kept once", commandOnce},
	{"a foreign origin is refused", foreignOrigin},
	{"statements do not grow with calls", statementsConstant},
	{"sequences never repeat", sequencesDistinct},
	{"large values survive", largeValues},
	{"text that databases refuse is mended", hostileText},
}

func keepsState(w *world) {
	key := w.started(1)[0]
	first := w.load(key, 99).Instances
	if len(first) != 1 || string(first[key].State) != "state-1" || first[key].Version != 1 {
		w.Fatalf("after the first commit: %+v", first)
	}
	w.commit(w.batch().again(key, first[key], "state-2"))
	second := w.load(key).Instances[key]
	if string(second.State) != "state-2" || second.Version != 2 || second.Head.Seq != 2 {
		w.Fatalf("after the second commit: %+v", second)
	}
	entry, ok, err := w.db.AuditEntry(w.Context(), second.Head.Stream, 2)
	w.must(err)
	if !ok || audit.Hash(entry.Hash) != second.Head.Hash {
		w.Errorf("the head of the instance is not its last entry")
	}
}

func movedVersion(w *world) {
	keys := w.started(2)
	old := w.load(keys...).Instances
	w.commit(w.batch().again(keys[0], old[keys[0]], "state-2"))
	b := w.batch().again(keys[0], old[keys[0]], "late").again(keys[1], old[keys[1]], "also")
	m := w.moved(w.db.Commit(w.Context(), b.Batch))
	if diff := cmp.Diff([]int64{keys[0]}, m.Instances); diff != "" {
		w.Error(diff)
	}
	if got := string(w.load(keys[1]).Instances[keys[1]].State); got != "state-1" {
		w.Errorf("the unmoved instance was written: %s", got)
	}
}

func movedNew(w *world) {
	key := w.started(1)[0]
	m := w.moved(w.db.Commit(w.Context(), w.batch().start(key).Batch))
	if !slices.Equal(m.Instances, []int64{key}) {
		w.Errorf("moved: %+v", m)
	}
}

func movedHead(w *world) {
	b := w.batch()
	genesis := w.genesis("admin/default")
	first := b.stream(genesis, audit.Entry{})
	w.commit(b)
	heads, err := w.db.Heads(w.Context(), []string{"admin/default", "nobody"})
	w.must(err)
	if diff := cmp.Diff(map[string]audit.Head{"admin/default": first}, heads); diff != "" {
		w.Fatal(diff)
	}
	late := w.batch()
	late.stream(genesis, audit.Entry{})
	if m := w.moved(w.db.Commit(w.Context(), late.Batch)); !slices.Equal(m.Streams, []string{"admin/default"}) {
		w.Errorf("moved: %+v", m)
	}
	forged := first
	forged.Hash[0]++
	other := w.batch()
	other.stream(forged, audit.Entry{})
	if m := w.moved(w.db.Commit(w.Context(), other.Batch)); !slices.Equal(m.Streams, []string{"admin/default"}) {
		w.Errorf("moved: %+v", m)
	}
	// Two steps of one stream in a batch are one step.
	next := w.batch()
	next.stream(next.stream(first, audit.Entry{}), audit.Entry{})
	w.commit(next)
}

func movedPolicy(w *world) {
	b := w.batch()
	change := w.batch()
	change.Accounts = []host.AccountChange{{CreateGroup: "clerks"}}
	w.commit(change)
	key := w.keys(1)[0]
	if m := w.moved(w.db.Commit(w.Context(), b.start(key).Batch)); !m.Policy {
		w.Errorf("moved: %+v", m)
	}
}

func movedLibrary(w *world) {
	first, second := w.batch(), w.batch()
	first.Deployment = deployment(w, 1)
	second.Deployment = deployment(w, 1)
	w.commit(first)
	if m := w.moved(w.db.Commit(w.Context(), second.Batch)); !m.Library || m.Policy {
		w.Errorf("moved: %+v", m)
	}
}

func movedAll(w *world) {
	keys := w.started(2)
	old := w.load(keys...).Instances
	b := w.batch().again(keys[0], old[keys[0]], "late").command("c1").command("c2")
	genesis := w.genesis("admin/default")
	b.stream(genesis, audit.Entry{})
	first := w.batch().again(keys[0], old[keys[0]], "first").command("c1")
	first.stream(genesis, audit.Entry{})
	first.Accounts = []host.AccountChange{{CreateGroup: "clerks"}}
	w.commit(first)
	want := &host.Moved{
		Instances: []int64{keys[0]}, Streams: []string{"admin/default"}, Commands: []string{"c1"}, Policy: true,
	}
	if diff := cmp.Diff(want, w.moved(w.db.Commit(w.Context(), b.Batch)), cmpopts.IgnoreUnexported(host.Moved{})); diff != "" {
		w.Error(diff)
	}
}

// rollbackLeavesNothing fails a batch at its very end, by a membership of a user that does not exist, and
// finds no trace of the rest.
func rollbackLeavesNothing(w *world) {
	key := w.keys(1)[0]
	b := w.batch().start(key).command("c1")
	b.stream(w.genesis("admin/default"), audit.Entry{})
	fillInstance(b, key)
	b.Deployment = deployment(w, w.load().Library)
	b.Accounts = []host.AccountChange{{CreateGroup: "clerks"}, {AddRole: &host.Membership{Username: "nobody", To: "admin"}}}
	before := w.load()
	if err := w.db.Commit(w.Context(), b.Batch); err == nil {
		w.Fatal("a role was given to nobody")
	}
	after := w.load(key)
	if len(after.Instances) != 0 || after.Policy != before.Policy || after.Library != before.Library {
		w.Errorf("something stayed: %+v", after)
	}
	outcomes, err := w.db.Outcomes(w.Context(), []string{"c1"})
	w.must(err)
	heads, err := w.db.Heads(w.Context(), []string{"admin/default"})
	w.must(err)
	if len(outcomes) != 0 || len(heads) != 0 {
		w.Errorf("something stayed: %v %v", outcomes, heads)
	}
	if n := everything(w); n != 0 {
		w.Errorf("%d rows stayed in projections", n)
	}
}

func commandOnce(w *world) {
	key := w.keys(1)[0]
	w.commit(w.batch().start(key).command("c1"))
	m := w.moved(w.db.Commit(w.Context(), w.batch().command("c0").command("c1").Batch))
	if !slices.Equal(m.Commands, []string{"c1"}) {
		w.Errorf("moved: %+v", m)
	}
	outcomes, err := w.db.Outcomes(w.Context(), []string{"c0", "c1", "c2"})
	w.must(err)
	want := map[string]host.Outcome{"c1": {Digest: [32]byte{1, 2, 3}, Receipt: []byte(`{"commandId":"c1"}`)}}
	if diff := cmp.Diff(want, outcomes); diff != "" {
		w.Error(diff)
	}
	twice := w.batch().command("c5").command("c5")
	if m := w.moved(w.db.Commit(w.Context(), twice.Batch)); !slices.Equal(m.Commands, []string{"c5"}) {
		w.Errorf("moved: %+v", m)
	}
}

func foreignOrigin(w *world) {
	key := w.keys(1)[0]
	b := w.batch()
	b.change(key, 0, audit.Genesis("elsewhere", tenant, "pi/1"), "state")
	if err := w.db.Commit(w.Context(), b.Batch); err == nil {
		w.Error("a head of another installation was taken")
	}
}

// statementsConstant runs a full batch of one instance and one of fifty and counts.
func statementsConstant(w *world) {
	round := func(n int, name string) (starts, changes int) {
		keys := w.keys(n)
		first := w.batch()
		for _, k := range keys {
			fillInstance(first.start(k, "t").command(fmt.Sprint(name, k)), k)
		}
		starts = w.counted(func() { w.commit(first) })
		loaded := w.load(keys...)
		second := w.batch()
		for _, k := range keys {
			emptyInstance(second.again(k, loaded.Instances[k], "state-2").command(fmt.Sprint(name, "b", k)), k)
		}
		changes = w.counted(func() { w.commit(second) })
		return starts, changes
	}
	starts1, changes1 := round(1, "one")
	starts64, changes64 := round(64, "many")
	if starts1 != starts64 || changes1 != changes64 {
		w.Errorf("1 call: %d and %d statements, 64 calls: %d and %d", starts1, changes1, starts64, changes64)
	}
	w.Logf("a batch takes %d statements to begin and %d to end everything", starts64, changes64)
}

func sequencesDistinct(w *world) {
	first, err := w.db.Sequences(w.Context(), 10)
	w.must(err)
	second, err := w.db.Sequences(w.Context(), 1)
	w.must(err)
	if first < 1 || second != first+10 {
		w.Errorf("got %d and %d", first, second)
	}
	if _, err := w.db.Sequences(w.Context(), 0); err == nil {
		w.Error("no numbers were reserved without an error")
	}
}

func largeValues(w *world) {
	key := w.keys(1)[0]
	b := w.batch().start(key)
	state := slices.Repeat([]byte("0123456789abcdef"), 1<<18) // 4 MiB
	state[0], state[1] = 0, 0xff
	b.Instances[0].State = state
	value := `"` + string(slices.Repeat([]byte("ä'\\"), 1<<18)) + `"`
	name := string(slices.Repeat([]byte("n"), 5000))
	b.record(key, engine.VariableSet{Key: key + 1, Scope: key, Name: name, Value: "1"})
	b.record(key, engine.VariableSet{Key: key + 2, Scope: key, Name: "large", Value: canonText(value)})
	b.record(key, engine.JobCreated{Key: key + 3, Type: name, Element: name, Retries: 1})
	w.commit(b)
	if got := w.load(key).Instances[key].State; !slices.Equal(got, state) {
		w.Error("the state came back otherwise")
	}
	v, ok, err := w.db.Variable(w.Context(), key+2)
	w.must(err)
	if !ok || v.Value != value {
		w.Error("the variable came back otherwise")
	}
}

func hostileText(w *world) {
	key := w.keys(1)[0]
	b := w.batch().start(key, "?", "a'b")
	b.record(key, engine.IncidentRaised{Key: key + 1, Element: "e\x00?", ErrorType: "?0", Message: "nul \x00 broken \xff quote ' ?id \\"})
	w.commit(b)
	i, ok, err := w.db.Incident(w.Context(), key+1)
	w.must(err)
	if want := "nul \uFFFD broken \uFFFD quote ' ?id \\"; !ok || i.ErrorMessage != want {
		w.Errorf("got %q", i.ErrorMessage)
	}
	p, _, err := w.db.ProcessInstance(w.Context(), key)
	w.must(err)
	if !slices.Equal(p.Tags, []string{"?", "a'b"}) {
		w.Errorf("tags %q", p.Tags)
	}
}
