package engine

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// States share memory with those before and after them. Here all states of a walk are kept, and walks
// branch off old ones, also with commands that are refused: none of the kept states ever moves.
func TestOldStatesNeverMove(t *testing.T) {
	t.Parallel()
	for i := range 60 {
		seed := *lawSeed + uint64(i)
		r := rand.New(rand.NewPCG(seed, 7))
		text := inventModel(r)
		w := &walk{run: newRun(t, text), Rand: r, text: text, seed: seed}
		w.start("x=1")
		kept := []State{{}, w.st}
		texts := [][]byte{encode(t, State{}), encode(t, w.st)}
		for range 120 {
			w.st = kept[1+r.IntN(len(kept)-1)]
			stepAnyhow(w)
			kept, texts = append(kept, w.st), append(texts, encode(t, w.st))
		}
		for n, st := range kept {
			if got := encode(t, st); !bytes.Equal(got, texts[n]) {
				t.Fatalf("state %d of %d moved (-seed=%d)\n was %s\n is  %s", n, len(kept), seed, texts[n], got)
			}
		}
	}
}

// stepAnyhow carries out one command that the state allows, else any.
func stepAnyhow(w *walk) {
	cmds := []Command{
		SetVariables{Scope: w.st.key, Variables: Variables{"x": w.value(), "z": w.value()}},
		CompleteJob{Job: w.st.key + w.Int64N(40)},
		CancelInstance{},
	}
	for _, j := range w.st.Jobs() {
		cmds = append(cmds, CompleteJob{Job: j.Key, Variables: Variables{"x": w.value()}}, FailJob{Job: j.Key, Message: "down"})
	}
	for _, u := range w.st.Tasks() {
		cmds = append(cmds, CompleteTask{Task: u.Key}, AssignTask{Task: u.Key, Assignee: "ann"})
	}
	for _, u := range w.st.Timers() {
		w.meta.At = u.Due
		cmds = append(cmds, FireTimer{Timer: u.Key})
	}
	for _, i := range w.st.Incidents() {
		cmds = append(cmds, ResolveIncident{Incident: i.Key})
	}
	st, _, err := Step(w.def, w.st, w.meta, cmds[w.IntN(len(cmds))])
	if err == nil {
		w.st = st
	}
}
