package pairs

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"tallystick/bpmn"
	"tallystick/engine"
	"tallystick/internal/oracle"
)

// actionsMax is the length of a walk.
const actionsMax = 25

// trial is a model with a walk, and in what both differ there.
type trial struct {
	seed    uint64
	deploy  deployment
	model   *model
	start   map[string]oracle.Value
	actions []action
	differs string
	trace   []string
}

// sizeMax is the number of nodes and flows of a model.
const sizeMax = 150

// deployment reads a model for the reference interpreter and compiles it for the engine.
type deployment func(*model) (*bpmn.Process, *engine.Definition, error)

// counts say what a run of pairs has met.
type counts struct {
	pairs, refused, wild, open, actions, completed int
	families                                       map[string]int
	reasons                                        map[string]int
}

// try draws a model and walks through it. A model that does not deploy is drawn again.
func try(seed uint64, weights Weights, d deployment, c *counts) *trial {
	r := rand.New(rand.NewPCG(seed, 0))
	for {
		m, drawn := invent(r, weights)
		if m.size() > sizeMax {
			continue
		}
		t := &trial{seed: seed, deploy: d, model: m, start: map[string]oracle.Value{"x": r.Int64N(5), "y": r.Int64N(5), "z": int64(0)}}
		if !t.walk(r, c) {
			continue
		}
		for family, n := range drawn {
			c.families[family] += n
		}
		c.pairs++
		return t
	}
}

// walk goes through the model at random; false when it does not deploy.
func (t *trial) walk(r *rand.Rand, c *counts) bool {
	p, def, err := t.deploy(t.model)
	if err != nil {
		c.refused++
		c.reasons[reason(err)]++
		return false
	}
	var w *pair
	defer func() {
		if failure := recover(); failure != nil {
			t.differs = fmt.Sprint(failure)
		}
	}()
	w, t.differs = open(p, def, t.start)
	walker := &walker{Rand: r, at: begin}
	for range actionsMax {
		if t.differs != "" || w.lost() || w.reference.Status != oracle.Running {
			break
		}
		a, ok := walker.next(w.reference.Choices())
		if !ok {
			break
		}
		t.actions = append(t.actions, a)
		t.differs = w.perform(a)
		c.actions++
	}
	c.note(w)
	t.trace = w.trace
	return true
}

func (c *counts) note(w *pair) {
	switch {
	case w.reference.Wild:
		c.wild++
	case w.reference.Open:
		c.open++
	case w.reference.Status == oracle.Completed:
		c.completed++
	}
}

// reason shortens why a model is refused to the first code.
func reason(err error) string {
	text := err.Error()
	if _, code, found := strings.Cut(text, "error "); found {
		text = code
	}
	code, _, _ := strings.Cut(text, " ")
	return code
}

// again does a recorded walk in another model. Actions that find nothing are left out.
func (t *trial) again(m *model, actions []action) *trial {
	c := &trial{seed: t.seed, deploy: t.deploy, model: m, start: t.start}
	c.repeat(actions)
	return c
}

func (t *trial) repeat(actions []action) {
	p, def, err := t.deploy(t.model)
	if err != nil {
		return
	}
	defer func() {
		if failure := recover(); failure != nil {
			t.differs = fmt.Sprint(failure)
		}
	}()
	var w *pair
	w, t.differs = open(p, def, t.start)
	defer func() { t.trace = w.trace }()
	for _, a := range actions {
		if t.differs != "" || w.lost() || w.reference.Status != oracle.Running {
			break
		}
		if !fits(a, w.reference.Choices()) {
			continue
		}
		t.actions = append(t.actions, a)
		t.differs = w.perform(a)
	}
}

// fits reports whether what an action answers waits, and may be answered at its time.
func fits(a action, choices []oracle.Choice) bool {
	if a.kind == setVariables || a.kind == cancel {
		return true
	}
	for _, c := range choices {
		same := c.Kind == a.choice.Kind && c.Element == a.choice.Element && c.Part == a.choice.Part && c.Index == a.choice.Index
		if same && !c.Due.After(a.at) {
			return true
		}
	}
	return false
}

// String prints the seed, the model, the walk, what differs and the trace of the engine.
func (t *trial) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d (-pairs.seed=%d -pairs.count=1)\n%s\nstart with", t.seed, t.seed, t.model.xml())
	for name, v := range t.start {
		fmt.Fprintf(&b, " %s=%s", name, oracle.Text(v))
	}
	b.WriteString("\n")
	for _, a := range t.actions {
		fmt.Fprintln(&b, a)
	}
	fmt.Fprintf(&b, "\n%s\n\nwhat the engine showed:\n%s\n", t.differs, strings.Join(t.trace, "\n"))
	return b.String()
}
