package engine

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestMigrationLaw walks random models at random with a twin beside, that is migrated again and again between the
// model and a copy in which all elements have other ids. The twin stays what the other is, but for the ids.
func TestMigrationLaw(t *testing.T) {
	t.Parallel()
	for i := range *lawModels/16 + 1 {
		seed := *lawSeed + uint64(i)
		r := rand.New(rand.NewPCG(seed, 1))
		text := inventModel(rand.New(rand.NewPCG(seed, 0)))
		w := &walk{run: newRun(t, text), Rand: r, text: text, seed: seed}
		p := &pair{walk: w, twin: &run{t: t, def: w.def}, copied: compileAs(t, renamed(text), 78)}
		w.beside = p.follow
		w.start(fmt.Sprintf("x=%d", r.IntN(4)))
		for range 30 {
			p.migrate()
			w.random()
			w.got.Reset()
		}
		w.drive()
		if t.Failed() {
			t.Fatalf("seed %d (-seed=%d -models=1), model\n%s\ntrace\n%s", seed, seed, text, w.trace())
		}
	}
}

type pair struct {
	*walk
	twin   *run
	copied *Definition
}

// migrate moves the twin to the other definition, now and then while it is suspended, or to the same one.
func (p *pair) migrate() {
	if p.st.Status() != Active || p.IntN(3) == 0 {
		return
	}
	from, to := p.twin.def, p.def
	if from == p.def {
		to = p.copied
	}
	if p.IntN(4) == 0 {
		p.do(SuspendInstance{})
		defer p.do(ResumeInstance{})
	}
	cmd := MigrateInstance{Definition: to.identity.Key}
	for _, n := range from.order {
		target := n.id + "z"
		if from == p.copied {
			target = strings.TrimSuffix(n.id, "z")
		}
		cmd.Mapping = append(cmd.Mapping, Mapping{n.id, target})
	}
	p.twin.got.Reset()
	p.twin.step(cmd, func() (State, []Record, error) { return Migrate(from, to, p.twin.st, p.meta, cmd) })
	if got := p.twin.got.String(); strings.Contains(got, "refused") {
		_, _, err := Migrate(from, to, p.twin.st, p.meta, cmd)
		p.t.Errorf("an equal model is refused: %v", err)
	}
	p.twin.def = to
	p.compare("migration")
}

// follow gives the twin the same command.
func (p *pair) follow(cmd Command) {
	p.twin.meta = p.meta
	if c, ok := cmd.(ModifyInstance); ok && p.twin.def == p.copied {
		cmd = c.renamed()
	}
	p.twin.do(cmd)
	p.compare(cmd.Name())
}

var copiedID = regexp.MustCompile(`\b([sengbh]\d+)z\b`)

func (p *pair) compare(after string) {
	p.t.Helper()
	twin := p.twin.st
	if twin.key != 0 && twin.definition != p.twin.def.identity.Key {
		p.t.Errorf("the twin runs %d, not %d", twin.definition, p.twin.def.identity.Key)
	}
	twin.definition = p.st.definition
	want, got := string(encode(p.t, p.st)), copiedID.ReplaceAllString(string(encode(p.t, twin)), "$1")
	if want = copiedID.ReplaceAllString(want, "$1"); want != got {
		p.t.Fatalf("seed %d: after %s the twin differs\n%s\nmodel\n%s", p.seed, after, cmp.Diff(strings.Split(want, "{"), strings.Split(got, "{")), p.text)
	}
}

// renamed gives all elements other ids; g1 may be a signal, too.
func renamed(text string) string {
	return regexp.MustCompile(`(signal=)?\b([sengbh]\d+)\b`).ReplaceAllStringFunc(text, func(id string) string {
		if strings.HasPrefix(id, "signal=") {
			return id
		}
		return id + "z"
	})
}

func compileAs(t testing.TB, text string, key int64) *Definition {
	t.Helper()
	p, err := parseModel(text)
	if err != nil {
		t.Fatal(err)
	}
	def, found := Compile(p, Identity{Key: key, Version: 2, Deployment: key})
	if found.HasErrors() {
		t.Fatal(found)
	}
	return def
}

// TestMigrationWalks migrates in the midst of random walks to models that have events more or less, or that are
// something else altogether. What is refused names its reasons; what is not goes on to its end.
func TestMigrationWalks(t *testing.T) {
	t.Parallel()
	migrated, refused := 0, 0
	for i := range *lawModels/16 + 1 {
		seed := *lawSeed + uint64(i)
		r := rand.New(rand.NewPCG(seed, 2))
		text := inventModel(rand.New(rand.NewPCG(seed, 0)))
		models := []string{text, watched(r, text), watched(r, text), inventModel(rand.New(rand.NewPCG(seed+1, 0)))}
		defs := make([]*Definition, len(models))
		for n, m := range models {
			defs[n] = compileAs(t, m, int64(77+n))
		}
		w := &walk{run: newRun(t, text), Rand: r, text: text, seed: seed}
		w.start("x=1")
		w.check()
		for range 30 {
			to := defs[r.IntN(len(defs))]
			cmd := MigrateInstance{Definition: to.identity.Key, EqualIDs: true}
			if err := w.migrate(to, cmd); err != nil {
				refused++
			} else {
				migrated++
			}
			w.check()
			w.random()
			w.check()
		}
		w.drive()
		if t.Failed() {
			t.Fatalf("seed %d (-seed=%d -models=1), models\n%s\ntrace\n%s", seed, seed, strings.Join(models, "\n----\n"), w.trace())
		}
	}
	if migrated == 0 || refused == 0 {
		t.Errorf("%d migrations and %d refusals show little", migrated, refused)
	}
}

// migrate carries a migration out and compares it with its plan.
func (w *walk) migrate(to *Definition, cmd MigrateInstance) (err error) {
	w.t.Helper()
	if w.st.Status() != Active {
		return ErrInstanceEnded
	}
	plan, planned := PlanMigration(w.def, to, w.st, w.meta, cmd)
	if planned != nil {
		w.t.Errorf("no plan: %v", planned)
	}
	before := w.st
	w.step(cmd, func() (st State, recs []Record, _ error) {
		st, recs, err = Migrate(w.def, to, w.st, w.meta, cmd)
		return st, recs, err
	})
	if err != nil {
		if !errors.Is(err, ErrMigration) || len(plan.Reasons) == 0 {
			w.t.Errorf("refused with %v, planned with %v", err, plan.Reasons)
		}
		return err
	}
	w.def = to
	if n := before.elements.len() + before.jobs.len() + before.tasks.len(); len(plan.Reasons) > 0 || len(plan.Moves)+len(plan.Stays) < n {
		w.t.Errorf("%d things were there, the plan is %+v", n, plan)
	}
	return nil
}

// watched adds boundary events to some tasks of a model.
func watched(r *rand.Rand, text string) string {
	var b strings.Builder
	v := &inventor{Rand: r}
	for line := range strings.Lines(text) {
		b.WriteString(line)
		words := strings.Fields(line)
		if len(words) > 1 && (words[0] == "service" || words[0] == "user") && r.IntN(2) == 0 {
			id := words[1]
			fmt.Fprintf(&b, "boundary w%s on=%s %s%s\nend v%s\nw%s -> v%s\n", id, id, v.awaited(), []string{"", " keep"}[r.IntN(2)], id, id, id)
		}
	}
	return b.String()
}
