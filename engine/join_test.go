package engine

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

var joinSeed = flag.Uint64("joinseed", 0, "the seed of the first random graph with a join, 0 for those of every run")

// graph is a random scope: nodes, flows between them, and where tokens are.
type graph struct {
	*rand.Rand
	nodes  []string
	flows  [][2]string
	tokens map[[2]string]int
	active map[string]int
}

// randomGraph draws flows between nodes, loops and a join j among them.
func randomGraph(r *rand.Rand) *graph {
	g := &graph{Rand: r, tokens: map[[2]string]int{}, active: map[string]int{}}
	for i := range 2 + r.IntN(6) {
		g.nodes = append(g.nodes, fmt.Sprintf("n%d", i))
	}
	all := append([]string{"j", "k"}, g.nodes...)
	for range 3 + r.IntN(14) {
		f := [2]string{all[r.IntN(len(all))], all[r.IntN(len(all))]}
		if !slices.Contains(g.flows, f) {
			g.flows = append(g.flows, f)
		}
	}
	for range 2 {
		if f := [2]string{g.nodes[r.IntN(len(g.nodes))], "j"}; !slices.Contains(g.flows, f) {
			g.flows = append(g.flows, f)
		}
	}
	for _, f := range g.flows {
		if r.IntN(5) == 0 {
			g.tokens[f] = 1 + r.IntN(2)
		}
	}
	for _, n := range all {
		if r.IntN(5) == 0 {
			g.active[n] = 1 + r.IntN(2)
		}
		if r.IntN(30) == 0 {
			g.active[n] = 2 * youngMax
		}
	}
	return g
}

func (g *graph) model() string {
	var b strings.Builder
	b.WriteString("start s\nor j\nor k\n")
	for _, n := range g.nodes {
		fmt.Fprintf(&b, "task %s\n", n)
	}
	for _, f := range g.flows {
		fmt.Fprintf(&b, "%s -> %s\n", f[0], f[1])
	}
	return b.String()
}

// state is an instance with the tokens of the graph, and some tokens in a scope that does not count.
func (g *graph) state(def *Definition) State {
	st := Replay([]Record{InstanceStarted{Instance: InstanceKey(5), Definition: 77}})
	add := func(r Record) { apply(&st, r) }
	activate := func(n string, scope int64) {
		add(ElementActivated{Key: st.key | (st.last + 1), Element: n, ElementType: def.nodes[n].elementType, Scope: scope})
	}
	for _, f := range g.flows {
		for range g.tokens[f] {
			add(FlowTaken{Flow: f[0] + ">" + f[1], Source: f[0], Target: f[1], Scope: st.key})
		}
		if g.IntN(4) == 0 {
			add(FlowTaken{Flow: f[0] + ">" + f[1], Source: f[0], Target: f[1], Scope: 1})
		}
	}
	for _, n := range append([]string{"k", "j"}, g.nodes...) {
		for range g.active[n] {
			activate(n, st.key)
		}
		if g.IntN(4) == 0 {
			activate(n, 1)
		}
	}
	return st
}

// paths walks every path from a flow that does not visit j and collects the flows into j that it ends with.
func (g *graph) paths(f [2]string, before [][2]string, ends map[[2]string]bool) {
	if f[1] == "j" {
		ends[f] = true
		return
	}
	for _, next := range g.flows {
		if next[0] == f[1] && !slices.Contains(before, next) {
			g.paths(next, append(before, next), ends)
		}
	}
}

// fires is 13.4.3 word by word for the join j.
func (g *graph) fires() bool {
	any := false
	for _, f := range g.flows {
		any = any || f[1] == "j" && g.tokens[f] > 0
	}
	for _, f := range g.flows {
		if ends := map[[2]string]bool{}; g.tokens[f] > 0 && f[1] != "j" {
			g.paths(f, [][2]string{f}, ends)
			any = any && !g.holdsUp(ends)
		}
	}
	for n := range g.active {
		ends := map[[2]string]bool{}
		for _, f := range g.flows {
			if f[0] == n {
				g.paths(f, [][2]string{f}, ends)
			}
		}
		any = any && !g.holdsUp(ends)
	}
	return any
}

// holdsUp reports whether a token that can come to these flows holds the join up.
func (g *graph) holdsUp(ends map[[2]string]bool) bool {
	empty, full := false, false
	for f := range ends {
		empty = empty || g.tokens[f] == 0
		full = full || g.tokens[f] > 0
	}
	return empty && !full
}

// The inclusive join decides as the standard says, whatever the graph.
func TestInclusiveJoinByTheLetter(t *testing.T) {
	t.Parallel()
	first, count := *joinSeed, uint64(1)
	if first == 0 {
		first, count = 1, 4000
	}
	waits, fires := 0, 0
	for seed := first; seed < first+count; seed++ {
		g := randomGraph(rand.New(rand.NewPCG(seed, 13)))
		def := compileModel(t, g.model())
		x := machine{def: def, st: g.state(def)}
		want, got := g.fires(), false
		for _, w := range x.waitingJoins(x.st.key, nil) {
			got = got || w.join.node.id == "j" && x.mayFire(w)
		}
		if def.nodes["j"].join == nil {
			continue // one incoming flow: it never waits
		}
		if got != want {
			t.Fatalf("-joinseed=%d: the join fires: %t, by the letter: %t\n%s\ntokens %v\nactive %v", seed, got, want, g.model(), g.tokens, g.active)
		}
		if want {
			fires++
		} else {
			waits++
		}
	}
	if count > 1 && (waits < 300 || fires < 300) {
		t.Errorf("%d graphs wait, %d fire: too few of one", waits, fires)
	}
}
