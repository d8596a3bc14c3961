package engine

import (
	"fmt"
	"strings"
	"testing"

	"tallystick/internal/canon"
)

// crowd is a model that keeps as many tokens open as the variable most says, each at a job of its own.
const crowd = `
	start s
	xor again
	script inc expr="=n + 1" result=n
	and g
	service a type=a
	s -> again -> inc -> g
	g -> a
	xor more
	task last
	g -> more
	more -> again if =n < most
	more -> last default`

// diamond is an inclusive diamond in a loop.
const diamond = `
	start s
	xor head
	script inc expr="=n + 1" result=n
	or split
	task a
	task b
	task c
	or join
	xor again
	end e
	s -> head -> inc -> split
	split -> a if =n > 0
	split -> b if =odd(n)
	split -> c default
	a -> join
	b -> join
	c -> join
	join -> again
	again -> head if =n < 100
	again -> e default`

// BenchmarkDiamond runs an inclusive diamond a hundred times in one command.
func BenchmarkDiamond(b *testing.B) {
	def := compileModel(b, diamond)
	cmd := StartInstance{Instance: InstanceKey(9), Variables: Variables{"n": "0"}}
	reportMoves(b, func() int {
		st, recs, err := Step(def, State{}, Meta{At: testStart}, cmd)
		if err != nil || st.status != Completed {
			b.Fatal(err, st.Incidents())
		}
		return moves(recs)
	})
}

// BenchmarkMove runs the workloads of docs/performance.md and gives figures for each activation of an element.
func BenchmarkMove(b *testing.B) {
	for _, name := range []string{"w1", "w2", "w3"} {
		b.Run(name, func(b *testing.B) {
			def := compileFile(b, "../internal/bench/models/"+name+".bpmn")
			meta := Meta{At: testStart, Actor: "user:ann"}
			vars, result := Variables{"amount": canon.Int(250)}, Variables{"done": canon.Bool(true)}
			n := 0
			for _, info := range def.Nodes() {
				if info.ElementType != "" {
					n++
				}
			}
			reportMoves(b, func() int { runThrough(b, def, meta, vars, result); return n })
		})
	}
}

func moves(recs []Record) int {
	n := 0
	for _, r := range recs {
		if _, ok := r.(ElementActivated); ok {
			n++
		}
	}
	return n
}

// reportMoves runs something that activates so many elements.
func reportMoves(b *testing.B, run func() int) {
	b.Helper()
	n := float64(run())
	allocs := testing.AllocsPerRun(5, func() { run() })
	b.ReportMetric(loopCPU(b, func() { run() })/n, "cpu-ns/move")
	b.ReportMetric(allocs/n, "allocs/move")
}

// BenchmarkTokens completes one job among open ones: what a step costs must not depend on their number.
func BenchmarkTokens(b *testing.B) {
	for _, open := range []int{10, 100, 1000, 4000} {
		b.Run(fmt.Sprint(open), func(b *testing.B) {
			def := compileModel(b, crowd)
			st, _, err := Step(def, State{}, Meta{At: testStart}, StartInstance{
				Instance: InstanceKey(9), Variables: Variables{"n": "0", "most": canon.Int(int64(open))},
			})
			for i := st.Incidents(); len(i) > 0 && err == nil; i = st.Incidents() {
				st, _, err = Step(def, st, Meta{At: testStart}, ResolveIncident{Incident: i[0].Key})
			}
			if err != nil || st.jobs.len() != open {
				b.Fatal(err, st.jobs.len(), st.Incidents())
			}
			cmd := CompleteJob{Job: st.jobs.rows()[open/2].Key}
			loopCPU(b, func() {
				if _, _, err := Step(def, st, Meta{At: testStart}, cmd); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

// BenchmarkCompile2000 compiles a model of 2,000 elements in which every fifth is an inclusive join.
func BenchmarkCompile2000(b *testing.B) {
	var text strings.Builder
	text.WriteString("start s\n")
	last := "s"
	for i := range 400 {
		fmt.Fprintf(&text, "or o%d\ntask a%d\ntask b%d\nscript c%d expr=\"=x + %d\" result=x\nor j%d\n", i, i, i, i, i, i)
		fmt.Fprintf(&text, "%s -> o%d\no%d -> a%d if =x > %d\no%d -> b%d default\no%d -> c%d if =x < %d\na%d -> j%d\nb%d -> j%d\nc%d -> j%d\n",
			last, i, i, i, i, i, i, i, i, i, i, i, i, i, i, i)
		last = fmt.Sprintf("j%d", i)
	}
	p, err := parseModel(text.String())
	if err != nil {
		b.Fatal(err)
	}
	loopCPU(b, func() {
		if def, found := Compile(p, Identity{Key: 1}); def == nil {
			b.Fatal(found)
		}
	})
}
