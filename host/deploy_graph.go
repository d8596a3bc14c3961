package host

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"tallystick/fault"
	"tallystick/internal/canon"
	"tallystick/rules"
)

// importsMax is how many models one DMN file may import.
const importsMax = 64

// linker finds the deployed graphs that DMN files import: those of the newest version for each namespace.
type linker func(namespace string) (g DeployedGraph, m *rules.Model, found bool, err error)

func (h *Host) linker(ctx context.Context, library *Snapshot) linker {
	return func(namespace string) (g DeployedGraph, m *rules.Model, found bool, err error) {
		if g, found = library.graphOf(namespace); found {
			m, err = h.shelf.graph(ctx, g.Key)
		}
		return g, m, found, err
	}
}

// graphOf finds the graph of a namespace that was deployed last.
func (s *Snapshot) graphOf(namespace string) (last DeployedGraph, found bool) {
	for _, g := range s.graphs.byKey {
		if g.Namespace == namespace && g.Key > last.Key {
			last, found = g, true
		}
	}
	return last, found
}

// DecisionOf finds a decision of a graph or, by its namespace, of what the graph imports.
func (s *Snapshot) DecisionOf(graph int64, namespace, id string) (DeployedDecision, bool) {
	g := s.graphs.byKey[graph]
	if namespace == "" {
		namespace = g.Namespace
	}
	if namespace == g.Namespace {
		i := slices.IndexFunc(s.decisions.byID[id], func(d DeployedDecision) bool { return d.Requirements.Key == graph })
		if i >= 0 {
			return s.decisions.byID[id][i], true
		}
	}
	for _, key := range g.Imports {
		if d, ok := s.DecisionOf(key, namespace, id); ok {
			return d, true
		}
	}
	return DeployedDecision{}, false
}

// scopesOf are what the decisions of a graph are read under; one without decisions is read under its own id.
func (s *Snapshot) scopesOf(g DeployedGraph) []string {
	var scopes []string
	for _, d := range s.decisions.byKey {
		if d.Requirements.Key == g.Key {
			scopes = append(scopes, "dec:"+d.ID)
		}
	}
	if len(scopes) == 0 {
		return []string{"dec:" + g.ID}
	}
	slices.Sort(scopes)
	return scopes
}

// graphs are the DMN files of a deployment while they are read.
type graphs struct {
	files map[string]*graphFile // by the name of the resource
	link  linker
}

type graphFile struct {
	resource  Resource
	namespace string
	imports   []rules.Import
	model     *rules.Model
	begun     bool
}

func isGraph(f Resource) bool { return strings.HasSuffix(strings.ToLower(f.Name), ".dmn") }

// collectGraphs notes the DMN files, for others to find them by their namespaces. What is no DMN is told when it is read.
func (r *reading) collectGraphs() {
	for _, f := range r.resources {
		if !isGraph(f) {
			continue
		}
		namespace, imports, _ := rules.ReadImports(f.Data)
		if len(imports) > importsMax {
			r.report(f.Name, "import.count", "the file imports more than "+strconv.Itoa(importsMax)+" models")
			imports = nil
		}
		r.graphs.files[f.Name] = &graphFile{resource: f, namespace: namespace, imports: imports}
	}
}

// readGraph reads a file after what it imports: from the deployment, else from what is deployed. An import that leads
// back to its importer finds nothing.
func (r *reading) readGraph(f *graphFile) {
	if f.begun {
		return
	}
	f.begun = true
	base := itemOf(f.resource)
	var imported []*rules.Model
	for _, wanted := range f.imports {
		if m := r.imported(f, wanted.Namespace); m != nil {
			imported = append(imported, m)
			base.imports = append(base.imports, wanted.Namespace)
		}
	}
	f.model = r.parseGraph(base, imported)
}

func (r *reading) imported(by *graphFile, namespace string) *rules.Model {
	var here []*graphFile
	for _, resource := range r.resources {
		if f := r.graphs.files[resource.Name]; f != nil && f != by && f.namespace == namespace {
			here = append(here, f)
		}
	}
	switch {
	case len(here) > 1:
		r.report(by.resource.Name, "import.ambiguous",
			"the namespace "+namespace+" is that of "+here[0].resource.Name+" and of "+here[1].resource.Name)
		return nil
	case len(here) == 1:
		r.readGraph(here[0])
		return here[0].model
	}
	g, m, found, err := r.graphs.link(namespace)
	if err != nil {
		r.err = err
	}
	if !found || err != nil {
		return nil
	}
	r.linked = append(r.linked, g)
	return m
}

func (r *reading) parseGraph(base item, imported []*rules.Model) *rules.Model {
	m, found, err := rules.Parse(base.resource.Data, imported...)
	if err != nil {
		r.reportError(base.resource.Name, err)
		return nil
	}
	if m != nil && !found.HasErrors() {
		found = append(found, m.Analyze()...)
	}
	for _, d := range found {
		r.details = append(r.details, fault.Detail{
			Resource: base.resource.Name, Element: d.Element, Severity: d.Severity.String(), Code: d.Code,
			Message: d.Message, Line: d.Line, Column: d.Column,
		})
	}
	if m == nil || found.HasErrors() {
		return nil
	}
	if m.ID == "" || m.Empty() {
		r.report(base.resource.Name, "rules.empty", "the file has no id, or nothing to decide with and nothing to import")
		return nil
	}
	base.kind, base.id, base.name, base.namespace, base.decisions = kindGraph, m.ID, m.Name, m.Namespace, m.Decisions
	r.items = append(r.items, base)
	return m
}

// placeGraph numbers a decision requirements graph and the decisions in it: all are new, or none. Bytes
// whose decisions another graph took over meanwhile are new again, and so are those that import something else now.
func (d *deployer) placeGraph(i item, library *Snapshot) {
	latest, exists := library.graphs.latest(i.id)
	imports := d.bound(i, library)
	exists = exists && slices.Equal(latest.Imports, imports)
	for _, decision := range i.decisions {
		before, _ := library.decisions.latest(decision.ID)
		exists = exists && before.Requirements.Key == latest.Key
	}
	graph := d.place(i, latest.Deployed, exists)
	d.out.Graphs = append(d.out.Graphs, DeployedGraph{Deployed: graph, Namespace: i.namespace, Imports: imports})
	for _, decision := range i.decisions {
		before, _ := library.decisions.latest(decision.ID)
		if graph.Duplicate {
			before.Duplicate = true
			d.out.Decisions = append(d.out.Decisions, before)
			continue
		}
		d.out.Decisions = append(d.out.Decisions, DeployedDecision{Requirements: graph, Deployed: Deployed{
			Key: d.draw(), ID: decision.ID, Name: decision.Name, Version: before.Version + 1, VersionTag: decision.VersionTag,
			ResourceName: i.resource.Name, Digest: i.digest, Deployment: d.out.Key,
		}})
	}
}

// bound are the keys of what a graph imports. Those of the deployment have theirs already: items follow what they import.
func (d *deployer) bound(i item, library *Snapshot) []int64 {
	var keys []int64
	for _, namespace := range i.imports {
		g, _ := library.graphOf(namespace)
		for _, here := range d.out.Graphs {
			if here.Namespace == namespace {
				g = here
			}
		}
		keys = append(keys, g.Key)
	}
	return keys
}

// imports says for the audit log which bytes the new graphs import.
func (d *deployer) imports(library *Snapshot) []canon.JSON {
	var list []canon.JSON
	for _, g := range d.out.Graphs {
		for _, key := range g.Imports {
			if g.Duplicate {
				continue
			}
			from, ok := library.graphs.byKey[key]
			if !ok {
				from = d.out.Graphs[slices.IndexFunc(d.out.Graphs, func(x DeployedGraph) bool { return x.Key == key })]
			}
			list = append(list, texts("by", strconv.FormatInt(g.Key, 10), "key", strconv.FormatInt(key, 10), "digest", from.Digest))
		}
	}
	return list
}
