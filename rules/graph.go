package rules

import (
	"slices"
	"strings"
)

// refuseCycles reports every cycle of the requirements graph once, with its path (DMN 1.5, 6.2.2:
// requirements form a directed acyclic graph). A knowledge model that requires itself is
// recursion, which is how Camunda and Drools models write it, and is let through.
func (c *compiler) refuseCycles(m *Model) {
	w := walk{compiler: c, state: map[string]visit{}, own: m.Namespace}
	for _, d := range m.Decisions {
		w.decision(d)
	}
	for _, k := range m.knowledge {
		w.knowledge(k)
	}
	for _, s := range m.Services {
		w.service(s)
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
	inside    *Service    // whose input decisions are not evaluated
	own       string      // namespace of the model: imported elements were walked with their own
}

// key tells a decision inside of a service from the same one outside.
func (w *walk) key(id string) string {
	if w.inside != nil {
		return w.inside.ID + " > " + id
	}
	return id
}

// enter puts an element on the path; it answers false when the element needs no visit.
func (w *walk) enter(id, name string, source *node) bool {
	key := w.key(id)
	switch w.state[key] {
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
	w.state[key] = onPath
	w.path = append(w.path, id)
	return true
}

func (w *walk) leave(id string) {
	w.path = w.path[:len(w.path)-1]
	w.state[w.key(id)] = done
}

// requirements walks what an element requires.
func (w *walk) requirements(list []requirement) {
	for _, r := range list {
		switch {
		case r.from != nil || r.decision != nil && r.decision.Namespace != w.own:
		case r.decision != nil:
			w.decision(r.decision)
		case r.knowledge != nil:
			w.knowledge(r.knowledge)
		case r.service != nil:
			w.service(r.service)
		}
	}
}

// service walks the output decisions, with the input decisions cut off.
func (w *walk) service(s *Service) {
	outer := w.inside
	defer func() { w.inside = outer }()
	w.inside = nil // a service is the same whoever calls it
	if !w.enter("service "+s.ID, s.Name, s.source) {
		return
	}
	w.inside = s
	for _, d := range s.outputs {
		w.decision(d)
	}
	w.inside = nil
	w.leave("service " + s.ID)
}

func (w *walk) decision(d *Decision) {
	if w.inside != nil && slices.Contains(w.inside.decisions, d) || d.Namespace != w.own {
		return
	}
	if !w.enter(d.ID, d.Name, d.source) {
		return
	}
	w.decisions = append(w.decisions, d)
	w.requirements(d.list)
	w.decisions = w.decisions[:len(w.decisions)-1]
	w.leave(d.ID)
}

func (w *walk) knowledge(k *knowledge) {
	if !w.enter(k.id, k.name, k.source) {
		return
	}
	w.requirements(slices.DeleteFunc(slices.Clone(k.list), func(r requirement) bool { return r.knowledge == k }))
	w.leave(k.id)
}
