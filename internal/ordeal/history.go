package ordeal

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"
)

// Act is what a client asked for in a history.
type Act struct {
	Kind string // one of those that the model of the history knows
	Who  string // the person, the worker or the digest of the body
}

// Fate is what the client was told.
type Fate struct {
	Outcome Outcome
	Status  int
	Code    string
	Seen    string // what a read showed, or the receipt
}

// History is what several clients did to the same things. Its methods may be called concurrently.
type History struct {
	mu    sync.Mutex
	begin time.Time
	parts map[string][]porcupine.Operation // by the thing that was acted on
	lost  []porcupine.Operation            // calls with unknown outcome that may concern any of the things
}

// NewHistory returns an empty history.
func NewHistory() *History {
	return &History{begin: time.Now(), parts: map[string][]porcupine.Operation{}}
}

// partMax is how many operations on one thing can be judged.
const partMax = 5000

// Note adds what a client asked about a thing and was told. A refusal by a server that is busy or away changes
// nothing and shows nothing, so it is left out; what is unknown may still happen at any later time. A call that
// may concern any thing has the thing "".
func (h *History) Note(thing string, client int, act Act, called time.Time, a Answer, seen string) {
	fate := Fate{Outcome: a.Outcome(), Status: a.Status, Code: a.Code, Seen: seen}
	if fate.Outcome == Refused && a.Passing() {
		return
	}
	o := porcupine.Operation{
		ClientId: client, Input: act, Output: fate,
		Call: called.Sub(h.begin).Nanoseconds(), Return: a.Returned.Sub(h.begin).Nanoseconds(),
	}
	if fate.Outcome == Unknown {
		o.Return = math.MaxInt64
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case thing == "":
		h.lost = append(h.lost, o)
	case len(h.parts[thing]) < partMax:
		h.parts[thing] = append(h.parts[thing], o)
	}
}

// Verdict is the judgement of a history.
type Verdict struct {
	Operations, Things int
	Undecided          int // things that took too long to judge
	Violations         []string
}

// judgeMax is how long the operations on one thing may take to judge.
const judgeMax = 30 * time.Second

// Judge decides for each thing whether its operations fit some order in which each happened at one moment between
// call and return.
func (h *History) Judge(m porcupine.Model) Verdict {
	h.mu.Lock()
	defer h.mu.Unlock()
	var v Verdict
	for _, thing := range slices.Sorted(maps.Keys(h.parts)) {
		operations := slices.Concat(h.parts[thing], h.lost)
		v.Things++
		v.Operations += len(h.parts[thing])
		switch porcupine.CheckOperationsTimeout(m, operations, judgeMax) {
		case porcupine.Illegal:
			v.Violations = append(v.Violations, fmt.Sprintf("the history of %s fits no order:%s", thing, tell(operations)))
		case porcupine.Unknown:
			v.Undecided++
		case porcupine.Ok:
		}
	}
	v.Operations += len(h.lost)
	return v
}

// String counts.
func (v Verdict) String() string {
	return fmt.Sprintf("%d operations on %d things, %d illegal, %d undecided", v.Operations, v.Things, len(v.Violations), v.Undecided)
}

// told is how many operations of an illegal history are shown.
const told = 200

// tell lists operations in the order of their calls.
func tell(operations []porcupine.Operation) string {
	sorted := slices.SortedFunc(slices.Values(operations), func(a, b porcupine.Operation) int { return int(a.Call - b.Call) })
	out := ""
	for _, o := range sorted[:min(len(sorted), told)] {
		end := "open"
		if o.Return != math.MaxInt64 {
			end = time.Duration(o.Return).Round(time.Microsecond).String()
		}
		out += fmt.Sprintf("\n  client %d  %s … %s  %+v → %+v", o.ClientId, time.Duration(o.Call).Round(time.Microsecond), end, o.Input, o.Output)
	}
	return out
}
