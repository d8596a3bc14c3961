package rules

import (
	"slices"
	"strings"
)

// refuseCycles reports every cycle of the requirements graph once, with its path (DMN 1.5, 6.2.2:
// requirements form a directed acyclic graph). A knowledge model that requires itself is
// recursion, which is how Camunda and Drools models write it, and is let through.
func (c *compiler) refuseCycles(m *Model) {
	w := walk{compiler: c, state: map[string]visit{}}
	for _, d := range m.Decisions {
		w.decision(d)
	}
	for _, k := range m.knowledge {
		w.knowledge(k)
	}
}

// visit is how far the walk has come with an element.
type visit uint8

const (
	unseen visit = iota
	onPath
	done
)

// walk is a depth-first search; path holds the ids between its start and the current element.
type walk struct {
	*compiler
	state     map[string]visit
	path      []string
	decisions []*Decision // on the path
}

// enter puts an element on the path; it answers false when the element needs no visit.
func (w *walk) enter(id, name string, source *node) bool {
	switch w.state[id] {
	case onPath:
		cycle := append(slices.Clone(w.path[slices.Index(w.path, id):]), id)
		w.fail(source, "rules.cycle", "%q requires itself: %s", name, strings.Join(cycle, " → "))
		for _, d := range w.decisions {
			d.broken = true
		}
		return false
	case done:
		return false
	}
	w.state[id] = onPath
	w.path = append(w.path, id)
	return true
}

func (w *walk) leave(id string) {
	w.path = w.path[:len(w.path)-1]
	w.state[id] = done
}

func (w *walk) decision(d *Decision) {
	if !w.enter(d.ID, d.Name, d.source) {
		return
	}
	w.decisions = append(w.decisions, d)
	for _, required := range d.decisions {
		w.decision(required)
	}
	for _, k := range d.requirements.knowledge {
		w.knowledge(k)
	}
	w.decisions = w.decisions[:len(w.decisions)-1]
	w.leave(d.ID)
}

func (w *walk) knowledge(k *knowledge) {
	if !w.enter(k.id, k.name, k.source) {
		return
	}
	for _, required := range k.requirements.knowledge {
		if required != k {
			w.knowledge(required)
		}
	}
	w.leave(k.id)
}
