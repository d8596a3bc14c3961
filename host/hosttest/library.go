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

func fresh(all []host.Deployed) []host.Deployed {
	return slices.DeleteFunc(slices.Clone(all), func(d host.Deployed) bool { return d.Duplicate })
}
