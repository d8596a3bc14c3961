package enginetest

import (
	"slices"

	"tallystick/engine"
)

// Coverage counts what scenarios pass through. The zero value is ready for use, by one scenario at a time.
type Coverage struct {
	processes []*ProcessCoverage
	counts    map[*engine.Definition]*ProcessCoverage
}

// ProcessCoverage says how often the elements and flows of a process were reached. Versions with the same
// elements and flows count together.
type ProcessCoverage struct {
	ID       string           `json:"id"`
	Name     string           `json:"name,omitempty"`
	Scenario string           `json:"scenario"` // the first that deployed it
	Elements []ElementReached `json:"elements"`
	Flows    []FlowReached    `json:"flows"`
}

// ElementReached counts the activations of a flow node.
type ElementReached struct {
	ID    string `json:"id"`
	Name  string `json:"name,omitempty"`
	Type  string `json:"type"`
	Count int    `json:"count"`
}

// FlowReached counts the tokens on a sequence flow.
type FlowReached struct {
	ID     string `json:"id"`
	Source string `json:"source"`
	Target string `json:"target"`
	Count  int    `json:"count"`
}

// Reached counts what was reached at least once, and all there is.
type Reached struct {
	Reached int `json:"reached"`
	Total   int `json:"total"`
}

// Percent is the share in whole percent, rounded down; nothing to reach is all of it.
func (r Reached) Percent() int {
	if r.Total == 0 {
		return 100
	}
	return 100 * r.Reached / r.Total
}

// Watch returns options that count the scenario with the given name, and do all that o does.
func (c *Coverage) Watch(scenario string, o Options) Options {
	defined, stepped := o.Defined, o.Stepped
	o.Defined = func(def *engine.Definition) {
		c.of(def, scenario)
		if defined != nil {
			defined(def)
		}
	}
	o.Stepped = func(s Step) {
		c.of(s.Definition, scenario).count(s.Records)
		if stepped != nil {
			stepped(s)
		}
	}
	return o
}

// Processes returns the coverage of every process, by id and then in the order of deployment.
func (c *Coverage) Processes() []ProcessCoverage {
	var all []ProcessCoverage
	for _, p := range c.processes {
		all = append(all, *p)
	}
	slices.SortStableFunc(all, func(a, b ProcessCoverage) int {
		switch {
		case a.ID < b.ID:
			return -1
		case a.ID > b.ID:
			return 1
		}
		return 0
	})
	return all
}

// of finds the process of a definition, by its contents.
func (c *Coverage) of(def *engine.Definition, scenario string) *ProcessCoverage {
	if p := c.counts[def]; p != nil {
		return p
	}
	if c.counts == nil {
		c.counts = map[*engine.Definition]*ProcessCoverage{}
	}
	fresh := uncovered(def, scenario)
	for _, p := range c.processes {
		if p.same(fresh) {
			c.counts[def] = p
			return p
		}
	}
	c.processes = append(c.processes, fresh)
	c.counts[def] = fresh
	return fresh
}

func uncovered(def *engine.Definition, scenario string) *ProcessCoverage {
	p := &ProcessCoverage{ID: def.ProcessID(), Name: def.Name(), Scenario: scenario}
	for _, n := range def.Nodes() {
		p.Elements = append(p.Elements, ElementReached{ID: n.ID, Name: n.Name, Type: n.ElementType})
	}
	for _, f := range def.Flows() {
		p.Flows = append(p.Flows, FlowReached{ID: f.ID, Source: f.Source, Target: f.Target})
	}
	return p
}

// same reports whether two processes have the same elements and flows, whatever was reached.
func (p *ProcessCoverage) same(other *ProcessCoverage) bool {
	return p.ID == other.ID && slices.EqualFunc(p.Elements, other.Elements, func(a, b ElementReached) bool {
		return a.ID == b.ID && a.Type == b.Type
	}) && slices.EqualFunc(p.Flows, other.Flows, func(a, b FlowReached) bool {
		return a.ID == b.ID && a.Source == b.Source && a.Target == b.Target
	})
}

func (p *ProcessCoverage) count(recs []engine.Record) {
	for _, rec := range recs {
		switch rec := rec.(type) {
		case engine.ElementActivated:
			for i := range p.Elements {
				if p.Elements[i].ID == rec.Element {
					p.Elements[i].Count++
				}
			}
		case engine.FlowTaken:
			for i := range p.Flows {
				if p.Flows[i].ID == rec.Flow {
					p.Flows[i].Count++
				}
			}
		}
	}
}

// ElementsReached counts the elements.
func (p ProcessCoverage) ElementsReached() Reached {
	r := Reached{Total: len(p.Elements)}
	for _, e := range p.Elements {
		r.Reached += min(e.Count, 1)
	}
	return r
}

// FlowsReached counts the sequence flows.
func (p ProcessCoverage) FlowsReached() Reached {
	r := Reached{Total: len(p.Flows)}
	for _, f := range p.Flows {
		r.Reached += min(f.Count, 1)
	}
	return r
}
