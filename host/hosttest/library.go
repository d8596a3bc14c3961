package hosttest

import (
	"context"
	"fmt"
	"slices"

	"tallystick/host"
)

// Catalog implements host.Library.
func (s *Store) Catalog(ctx context.Context) (host.Catalog, error) {
	if err := s.strike(ctx, OpCatalog); err != nil {
		return host.Catalog{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.catalog
	c.Processes, c.Decisions = slices.Clone(c.Processes), slices.Clone(c.Decisions)
	c.Graphs = slices.Clone(c.Graphs)
	c.Forms, c.Models = slices.Clone(c.Forms), slices.Clone(c.Models)
	c.Suspensions = slices.Clone(c.Suspensions)
	return c, nil
}

// Source implements host.Library.
func (s *Store) Source(ctx context.Context, key int64) ([]byte, error) {
	if err := s.strike(ctx, OpSource); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	src, ok := s.sources[key]
	if !ok {
		return nil, fmt.Errorf("hosttest: no resource %d", key)
	}
	return src, nil
}

func (s *Store) deploy(d *host.DeploymentChange) {
	s.catalog.Version++
	for key, src := range d.Sources {
		s.sources[key] = src
	}
	s.catalog.Processes = append(s.catalog.Processes, fresh(d.Deployment.Processes)...)
	for _, g := range d.Deployment.Graphs {
		if !g.Duplicate {
			s.catalog.Graphs = append(s.catalog.Graphs, g)
		}
	}
	s.catalog.Forms = append(s.catalog.Forms, fresh(d.Deployment.Forms)...)
	s.catalog.Models = append(s.catalog.Models, fresh(d.Deployment.Models)...)
	for _, x := range d.Deployment.Decisions {
		if !x.Duplicate {
			s.catalog.Decisions = append(s.catalog.Decisions, x)
		}
	}
}

// suspend adds a suspension or takes it away.
func (s *Store) suspend(c host.SuspensionChange) {
	s.catalog.Version++
	s.catalog.Suspensions = slices.DeleteFunc(slices.Clone(s.catalog.Suspensions), func(x host.Suspension) bool {
		return x.Kind == c.Kind && x.Name == c.Name && x.Version == c.Version
	})
	if !c.Lifted {
		s.catalog.Suspensions = append(s.catalog.Suspensions, c.Suspension)
	}
}

// rests tells whether a name is suspended, with all its versions or with this one.
func (s *Store) rests(kind, name string, version int) bool {
	return slices.ContainsFunc(s.catalog.Suspensions, func(x host.Suspension) bool {
		return x.Kind == kind && x.Name == name && (x.Version == 0 || x.Version == version)
	})
}

func fresh(all []host.Deployed) []host.Deployed {
	return slices.DeleteFunc(slices.Clone(all), func(d host.Deployed) bool { return d.Duplicate })
}

// version is that of a deployed process.
func (s *Store) version(definition int64) int {
	for _, d := range s.catalog.Processes {
		if d.Key == definition {
			return d.Version
		}
	}
	return 0
}
