package host

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"tallystick/bpmn"
	"tallystick/engine"
	"tallystick/fault"
	"tallystick/internal/canon"
	"tallystick/rules"
)

// Snapshot is what is deployed at one library version. It is immutable.
type Snapshot struct {
	version   int64
	processes index[Deployed]
	decisions index[DeployedDecision]
	graphs    index[DeployedGraph] // decision requirements graphs
	forms     index[Deployed]
	models    index[Deployed]

	suspensions []Suspension
	suspended   map[suspensionName]Suspension
}

// index finds deployed things by key, and their versions by id in ascending order.
type index[T any] struct {
	byKey map[int64]T
	byID  map[string][]T
	core  func(T) Deployed
}

func newIndex[T any](all []T, core func(T) Deployed) index[T] {
	x := index[T]{byKey: make(map[int64]T, len(all)), byID: map[string][]T{}, core: core}
	for _, d := range all {
		c := core(d)
		x.byKey[c.Key] = d
		x.byID[c.ID] = append(x.byID[c.ID], d)
	}
	for _, versions := range x.byID {
		slices.SortFunc(versions, func(a, b T) int { return core(a).Version - core(b).Version })
	}
	return x
}

// last returns the highest version of an id that passes the test.
func (x index[T]) last(id string, test func(Deployed) bool) (T, bool) {
	versions := x.byID[id]
	for i := len(versions) - 1; i >= 0; i-- {
		if test(x.core(versions[i])) {
			return versions[i], true
		}
	}
	var none T
	return none, false
}

func (x index[T]) latest(id string) (T, bool) {
	return x.last(id, func(Deployed) bool { return true })
}

func (x index[T]) tagged(id, tag string) (T, bool) {
	return x.last(id, func(d Deployed) bool { return d.VersionTag == tag })
}

// all lists every version, ordered by id and version.
func (x index[T]) all() []T {
	out := make([]T, 0, len(x.byKey))
	for _, d := range x.byKey {
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b T) int {
		if c := strings.Compare(x.core(a).ID, x.core(b).ID); c != 0 {
			return c
		}
		return x.core(a).Version - x.core(b).Version
	})
	return out
}

func newSnapshot(c Catalog) *Snapshot {
	self := func(d Deployed) Deployed { return d }
	suspended := make(map[suspensionName]Suspension, len(c.Suspensions))
	for _, s := range c.Suspensions {
		suspended[s.key()] = s
	}
	return &Snapshot{
		suspensions: c.Suspensions, suspended: suspended,
		version:   c.Version,
		processes: newIndex(c.Processes, self),
		decisions: newIndex(c.Decisions, func(d DeployedDecision) Deployed { return d.Deployed }),
		graphs:    newIndex(c.Graphs, func(d DeployedGraph) Deployed { return d.Deployed }),
		forms:     newIndex(c.Forms, self),
		models:    newIndex(c.Models, self),
	}
}

// Version is the library version that the snapshot stands for.
func (s *Snapshot) Version() int64 { return s.version }

// Process finds a process definition.
func (s *Snapshot) Process(ref ProcessRef) (Deployed, bool) {
	if ref.Key != 0 {
		d, ok := s.processes.byKey[ref.Key]
		return d, ok
	}
	return s.processes.last(ref.ID, func(d Deployed) bool { return ref.Version == 0 || d.Version == ref.Version })
}

// Processes lists all versions of all processes by id and version.
func (s *Snapshot) Processes() []Deployed { return s.processes.all() }

// Decision finds a decision definition by key.
func (s *Snapshot) Decision(key int64) (DeployedDecision, bool) {
	d, ok := s.decisions.byKey[key]
	return d, ok
}

// LatestDecision finds the highest version of a decision.
func (s *Snapshot) LatestDecision(id string) (DeployedDecision, bool) { return s.decisions.latest(id) }

// Decisions lists all versions of all decisions by id and version.
func (s *Snapshot) Decisions() []DeployedDecision { return s.decisions.all() }

// Form finds a form by key.
func (s *Snapshot) Form(key int64) (Deployed, bool) {
	d, ok := s.forms.byKey[key]
	return d, ok
}

// LatestForm finds the highest version of a form.
func (s *Snapshot) LatestForm(id string) (Deployed, bool) { return s.forms.latest(id) }

// Model finds the highest version of a scoring model; a tag that is not "" selects among the versions.
func (s *Snapshot) Model(id, tag string) (Deployed, bool) {
	if tag == "" {
		return s.models.latest(id)
	}
	return s.models.tagged(id, tag)
}

// Models lists all versions of all scoring models by id and version.
func (s *Snapshot) Models() []Deployed { return s.models.all() }

// decision applies a binding. A duplicate in a deployment keeps the key of an earlier one, so what a
// deployment contained is the highest version that was there when it was made.
func (s *Snapshot) decision(id string, binding bpmn.Binding, tag string, deployment int64) (DeployedDecision, bool) {
	switch binding {
	case bpmn.BindingVersionTag:
		return s.decisions.tagged(id, tag)
	case bpmn.BindingDeployment:
		return s.decisions.last(id, func(d Deployed) bool { return d.Deployment <= deployment })
	}
	return s.decisions.latest(id)
}

// Catalog is what is deployed, as this node knows it: the library of the store, at most PollMax old.
func (h *Host) Catalog() *Snapshot { return h.shelf.snapshot() }

// ModelSource finds a scoring model and its bytes; ErrModelNotFound.
func (h *Host) ModelSource(ctx context.Context, id, versionTag string) (Deployed, []byte, error) {
	d, ok := h.Catalog().Model(id, versionTag)
	if !ok {
		return d, nil, ErrModelNotFound.With("no scoring model %q with version tag %q", id, versionTag)
	}
	src, err := h.shelf.source(ctx, d.Key)
	return d, src, err
}

// shelf keeps the newest snapshot and what was compiled from deployed bytes.
type shelf struct {
	library     Library
	timeout     time.Duration // of the library
	current     atomic.Pointer[Snapshot]
	definitions *shared[int64, *engine.Definition]
	graphs      *shared[int64, *rules.Model]
}

func newShelf(l Library, timeout time.Duration, countMax int) *shelf {
	s := &shelf{
		library:     l,
		timeout:     timeout,
		definitions: newShared[int64, *engine.Definition](countMax),
		graphs:      newShared[int64, *rules.Model](countMax),
	}
	empty := newSnapshot(Catalog{Version: -1})
	s.current.Store(empty)
	return s
}

func (s *shelf) snapshot() *Snapshot { return s.current.Load() }

// catchUp reads the catalog when the store has a newer one.
func (s *shelf) catchUp(ctx context.Context, version int64) error {
	for {
		have := s.current.Load()
		if have.version >= version {
			return nil
		}
		c, err := s.catalog(ctx)
		if err != nil {
			return err
		}
		// Another goroutine may have read a newer one meanwhile; that one stays.
		if s.current.CompareAndSwap(have, newSnapshot(c)) {
			return nil
		}
	}
}

// catalog and source ask the library within the time that an answer may take.
func (s *shelf) catalog(ctx context.Context) (Catalog, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	return s.library.Catalog(ctx)
}

func (s *shelf) source(ctx context.Context, key int64) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	return s.library.Source(ctx, key)
}

// definition compiles a deployed process, once.
func (s *shelf) definition(ctx context.Context, d Deployed) (*engine.Definition, error) {
	return s.definitions.find(d.Key, func() (*engine.Definition, error) {
		src, err := s.source(ctx, d.Key)
		if err != nil {
			return nil, err
		}
		return compile(src, d)
	})
}

func compile(src []byte, d Deployed) (*engine.Definition, error) {
	file, _, err := bpmn.Parse(src)
	if err != nil {
		return nil, err
	}
	for _, p := range file.Processes {
		if p.ID != d.ID {
			continue
		}
		def, found := engine.Compile(p, engine.Identity{Key: d.Key, Version: d.Version, Deployment: d.Deployment})
		if def != nil {
			return def, nil
		}
		return nil, fault.New(fault.Internal, "process.uncompiled", "process %q version %d does not compile: %v", d.ID, d.Version, found)
	}
	return nil, fault.New(fault.Internal, "process.lost", "process %q is not in its file", d.ID)
}

// graph parses a deployed decision requirements graph with all that it imports, once.
func (s *shelf) graph(ctx context.Context, key int64) (*rules.Model, error) {
	return s.graphs.find(key, func() (*rules.Model, error) {
		var imported []*rules.Model
		for _, k := range s.snapshot().graphs.byKey[key].Imports {
			m, err := s.graph(ctx, k)
			if err != nil {
				return nil, err
			}
			imported = append(imported, m)
		}
		src, err := s.source(ctx, key)
		if err != nil {
			return nil, err
		}
		m, _, err := rules.Parse(src, imported...)
		return m, err
	})
}

// library is engine.Library and engine.DataStores over one snapshot. What cannot be read leaves err, which the host looks
// at before it believes what the machine made of the gap.
type library struct {
	deployed *Snapshot
	graph    func(key int64) (*rules.Model, error)
	stored   func(store string) (canon.JSON, bool, error)
	err      error
}

// Decision implements engine.Library.
func (l *library) Decision(id string, binding bpmn.Binding, tag string, deployment int64) (engine.Decision, bool) {
	d, ok := l.deployed.decision(id, binding, tag, deployment)
	if !ok {
		return engine.Decision{}, false
	}
	m, err := l.graph(d.Requirements.Key)
	if err != nil {
		l.err = err
		return engine.Decision{}, false
	}
	return l.deployed.evaluable(d, m), true
}

// Form implements engine.Library: a linked form is the latest of its id.
func (l *library) Form(id string, _ int64) (int64, bool) {
	d, ok := l.deployed.forms.latest(id)
	return d.Key, ok
}

// Process implements engine.Library.
func (l *library) Process(want engine.CalledProcess) (engine.ProcessRef, bool) {
	d, ok := l.deployed.called(want)
	return engine.ProcessRef{Key: d.Key, ProcessID: d.ID, Version: d.Version}, ok
}

// called applies a version number or a binding, as decision does.
func (s *Snapshot) called(want engine.CalledProcess) (Deployed, bool) {
	switch {
	case want.Version != 0:
		return s.Process(ProcessRef{ID: want.ID, Version: want.Version})
	case want.Binding == bpmn.BindingVersionTag:
		return s.processes.tagged(want.ID, want.VersionTag)
	case want.Binding == bpmn.BindingDeployment:
		return s.processes.last(want.ID, func(d Deployed) bool { return d.Deployment <= want.Deployment })
	}
	return s.processes.latest(want.ID)
}

// evaluable is a decision of a graph as it can be evaluated.
func (s *Snapshot) evaluable(d DeployedDecision, m *rules.Model) engine.Decision {
	return engine.Decision{Ref: refOf(d), Model: m, Deployed: func(namespace, id string) (int64, int) {
		is, _ := s.DecisionOf(d.Requirements.Key, namespace, id)
		return is.Key, is.Version
	}}
}

func refOf(d DeployedDecision) engine.DecisionRef {
	return engine.DecisionRef{
		Key: d.Key, ID: d.ID, Name: d.Name, Version: d.Version, Digest: d.Digest,
		RequirementsKey: d.Requirements.Key, RequirementsID: d.Requirements.ID,
	}
}
