package engine

import (
	"testing"

	"tallystick/internal/canon"
)

// The three workloads of the bench: a straight order with a service task, one with a user task and a
// decision by conditions, and one with sub-process, timers and a parallel split.
var workloads = []struct{ name, model string }{
	{"W1", `
		start s
		service a type=work
		end e
		s -> a -> e`},
	{"W2", `
		start s
		xor g
		user a groups=clerks
		service b type=ship
		end e
		s -> g
		g -> a if =amount > 100
		g -> b default
		a -> b -> e`},
	{"W3", `
		start s
		sub box (
			start s1
			and split
			service a type=a
			service b type=b
			user c
			and join
			end e1
			s1 -> split
			split -> a -> join
			split -> b -> join
			split -> c -> join
			join -> e1
		)
		boundary late on=box duration=P1D
		boundary ca on=a compensate=una
		service una undo type=una
		end e
		end x
		in box order "=id"
		out box done "=true"
		s -> box -> e
		late -> x`},
}

// BenchmarkInstance runs whole instances; ns/step is the figure to watch.
func BenchmarkInstance(b *testing.B) {
	vars := Variables{"amount": "250", "id": `"A-17"`, "customer": `{"name":"Ann","city":"Ulm"}`}
	result := Variables{"ok": canon.Bool(true)}
	for _, w := range workloads {
		b.Run(w.name, func(b *testing.B) {
			def := compileModel(b, w.model)
			meta := Meta{At: testStart, Actor: "user:ann"}
			steps := 0
			b.ReportAllocs()
			for b.Loop() {
				steps += runThrough(b, def, meta, vars, result)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/step")
		})
	}
}

func runThrough(b *testing.B, def *Definition, meta Meta, vars, result Variables) (steps int) {
	var st State
	var cmd Command = StartInstance{Instance: InstanceKey(9), Variables: vars}
	for {
		next, _, err := Step(def, st, meta, cmd)
		if err != nil {
			b.Fatal(err)
		}
		steps, st = steps+1, next
		switch {
		case st.status != Active:
			return steps
		case st.jobs.len() > 0:
			cmd = CompleteJob{Job: st.jobs.rows()[0].Key, Variables: result}
		default:
			cmd = CompleteTask{Task: st.tasks.rows()[0].Key, Variables: result}
		}
	}
}

// BenchmarkState measures what storing a small state costs.
func BenchmarkState(b *testing.B) {
	def := compileModel(b, workloads[2].model)
	st, recs, err := Step(def, State{}, Meta{At: testStart}, StartInstance{
		Instance: InstanceKey(9), Variables: Variables{"id": `"A-17"`, "amount": "250"},
	})
	if err != nil {
		b.Fatal(err)
	}
	text := encode(b, st)
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			encode(b, st)
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := DecodeState(text); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("records", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := EncodeRecords(recs); err != nil {
				b.Fatal(err)
			}
		}
	})
}
