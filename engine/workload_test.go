package engine

import (
	"os"
	"testing"

	"tallystick/bpmn"
	"tallystick/internal/canon"
)

// BenchmarkWorkload carries whole instances of the processes of docs/performance.md, which make bench
// measures on the clock of the processor: W1 three jobs and a gateway, W2 one user task, W3 ten jobs at once.
func BenchmarkWorkload(b *testing.B) {
	for _, name := range []string{"w1", "w2", "w3"} {
		b.Run(name, func(b *testing.B) {
			def := compileFile(b, "../internal/bench/models/"+name+".bpmn")
			meta := Meta{At: testStart, Actor: "user:ann"}
			vars, result := Variables{"amount": canon.Int(250)}, Variables{"done": canon.Bool(true)}
			steps := 0
			b.ReportAllocs()
			for b.Loop() {
				steps += runThrough(b, def, meta, vars, result)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/step")
		})
	}
}

func compileFile(t testing.TB, path string) *Definition {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file, _, err := bpmn.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	def, found := Compile(file.Processes[0], Identity{Key: 1, Version: 1, Deployment: 1})
	if def == nil {
		t.Fatal(found)
	}
	return def
}
