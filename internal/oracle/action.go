package oracle

import (
	"fmt"
	"slices"
	"time"

	"tallystick/bpmn"
)

// Choice is one thing that waits. Index counts what waits in the same way at the same element, the oldest first.
type Choice struct {
	Kind    string // job, task, timer, message, signal, condition, incident
	Element string
	Part    int
	Index   int
	Name    string // of the message or signal
	Due     time.Time
	Class   string // of the incident
}

// Choices lists what waits, the oldest first.
func (i *Instance) Choices() []Choice {
	count := map[Choice]int{}
	list := make([]Choice, 0, 8)
	for _, w := range i.waits() {
		c := Choice{Kind: w.kind, Element: w.event.ID, Part: w.part}
		c.Index = count[c]
		count[Choice{Kind: c.Kind, Element: c.Element, Part: c.Part}]++
		c.Due, c.Name = w.due, named(w.def)
		list = append(list, c)
	}
	for _, a := range i.parked() {
		c := Choice{Kind: "incident", Element: a.node.ID}
		c.Index = count[c]
		count[Choice{Kind: c.Kind, Element: c.Element}]++
		c.Class = a.stuck.class
		list = append(list, c)
	}
	return list
}

func named(d *bpmn.EventDefinition) string {
	switch {
	case d == nil:
	case d.Message != nil:
		return d.Message.Name
	case d.Signal != nil:
		return d.Signal.Name
	}
	return ""
}

// waits lists what waits, the oldest first.
func (i *Instance) waits() []*wait {
	var list []*wait
	i.root.all(func(a *active) { list = append(list, a.waits...) })
	slices.SortFunc(list, func(a, b *wait) int { return a.age - b.age })
	return list
}

// parked lists the element instances with an incident, the oldest first.
func (i *Instance) parked() []*active {
	var list []*active
	i.root.all(func(a *active) {
		if a.stuck != nil {
			list = append(list, a)
		}
	})
	slices.SortFunc(list, func(a, b *active) int { return a.age - b.age })
	return list
}

// find returns the wait that a choice means.
func (i *Instance) find(c Choice) *wait {
	for _, w := range i.waits() {
		if w.kind != c.Kind || w.event.ID != c.Element || w.part != c.Part {
			continue
		}
		if c.Index == 0 {
			return w
		}
		c.Index--
	}
	panic(fmt.Sprintf("oracle: nothing waits for %v", c))
}

// act carries out one thing from outside and lets everything move that moves.
func (i *Instance) act(what func()) {
	i.moves, i.before, i.Thrown = 0, i.born, nil
	what()
	i.run()
}

// Answer gives a wait what it waits for. A timer fires at its time at the earliest.
func (i *Instance) Answer(c Choice, at time.Time, vars map[string]Value) {
	i.now = at
	i.act(func() {
		w := i.find(c)
		if w.kind == "job" || w.kind == "task" {
			w.drop()
			i.finishWith(w.owner, vars)
			return
		}
		i.trigger(w, vars)
	})
}

// Fail throws a BPMN error from a job.
func (i *Instance) Fail(c Choice, code string, at time.Time, vars map[string]Value) {
	i.now = at
	i.act(func() {
		w := i.find(c)
		w.drop()
		i.raise(w.owner, code, vars, func() { i.execute(w.owner) })
	})
}

// Set writes variables of the process.
func (i *Instance) Set(at time.Time, vars map[string]Value) {
	i.now = at
	i.act(func() { i.set(i.root, vars) })
}

// Resolve does the step again at which an element instance parked.
func (i *Instance) Resolve(c Choice, at time.Time) {
	i.now = at
	i.act(func() {
		n := c.Index
		for _, a := range i.parked() {
			if a.node.ID != c.Element {
				continue
			}
			if n--; n < 0 {
				again := a.stuck.retry
				a.stuck = nil
				again()
				return
			}
		}
		panic("oracle: no incident at " + c.Element)
	})
}

// Cancel terminates everything.
func (i *Instance) Cancel() {
	i.act(func() {
		for _, a := range slices.Clone(i.root.inside) {
			i.terminate(a)
		}
		i.Status = Terminated
	})
}
