package bench

import (
	"runtime"
	"time"

	"tallystick/bpmn"
	"tallystick/engine"
	"tallystick/internal/canon"
)

// core measures the machine alone on one core: no store, no host, no audit.
func (x *bench) core(s *scope) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, c := range []struct{ name, process, goal string }{
		{"W1", "w1", "≥ 90,000"}, {"W2", "w2", "≥ 60,000"}, {"W3", "w3", "≥ 30,000"},
	} {
		if !x.selects("core/" + c.name) {
			continue
		}
		def := s.compile(c.process)
		rates := make([]float64, x.runs)
		for i := range rates {
			rates[i] = s.stepFor(def, x.window)
		}
		x.table.add(summarize("core/"+c.name, "inst/cpu-s", rates...).aimingAt(c.goal))
	}
}

func (s *scope) compile(process string) *engine.Definition {
	data, err := models.ReadFile("models/" + process + ".bpmn")
	s.must(err)
	file, _, err := bpmn.Parse(data)
	s.must(err)
	def, found := engine.Compile(file.Processes[0], engine.Identity{Key: 1, Version: 1, Deployment: 1})
	if def == nil {
		s.Fatal(found)
	}
	return def
}

// stepFor carries instances through, one after the other, and returns how many a second of CPU time: with
// one processor for everything, collecting garbage too, that is a core, and other programs do not count.
func (s *scope) stepFor(def *engine.Definition, length time.Duration) float64 {
	g := &gauge{}
	before, err := g.read(s.Context())
	s.must(err)
	n := int64(0)
	for time.Since(before.at) < length {
		for range 100 {
			n++
			s.carry(def, n<<24)
		}
	}
	after, err := g.read(s.Context())
	s.must(err)
	return float64(n) / (after.cpu - before.cpu).Seconds()
}

// carry starts an instance and answers all it waits for.
func (s *scope) carry(def *engine.Definition, key int64) {
	meta := engine.Meta{At: time.Unix(1_700_000_000, 0).UTC(), Actor: "user:bench"}
	var waiting []engine.Command
	var st engine.State
	step := func(c engine.Command) {
		next, records, err := engine.Step(def, st, meta, c)
		s.must(err)
		st = next
		for _, r := range records {
			switch r := r.(type) {
			case engine.JobCreated:
				waiting = append(waiting, engine.CompleteJob{Job: r.Key, Variables: engine.Variables{"done": canon.Bool(true)}})
			case engine.TaskCreated:
				waiting = append(waiting, engine.CompleteTask{Task: r.Key})
			}
		}
	}
	step(engine.StartInstance{Instance: key, Variables: engine.Variables{"amount": canon.Int(250)}})
	for len(waiting) > 0 {
		next := waiting[0]
		waiting = waiting[1:]
		step(next)
	}
	if st.Status() != engine.Completed {
		s.Fatalf("the instance is %s", st.Status())
	}
}
