package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"tallystick/fault"
	"tallystick/host"
)

// Catalog implements host.Library.
func (d *DB) Catalog(ctx context.Context) (host.Catalog, error) {
	var c host.Catalog
	// The version first: rows that come later than it make the next deployment look again, and no harm.
	err := d.read.NewRaw("SELECT library_version FROM installation WHERE id = 1").Scan(ctx, &c.Version)
	if err != nil {
		return host.Catalog{}, d.fault(err, "tell the library version")
	}
	var rows []definitionRow
	err = d.read.NewRaw(`SELECT key, kind, id, name, version, version_tag, resource, digest, deployment, requirements,
		namespace, imports
		FROM definition ORDER BY kind, id, version, key`).Scan(ctx, &rows)
	if err != nil {
		return host.Catalog{}, d.fault(err, "list definitions")
	}
	if c.Suspensions, err = d.suspensions(ctx); err != nil {
		return host.Catalog{}, err
	}
	graphs := map[int64]host.Deployed{}
	for _, r := range rows {
		if r.Kind != kindRequirements {
			continue
		}
		imports, err := splitKeys(string(r.Imports))
		if err != nil {
			return host.Catalog{}, err
		}
		graphs[r.Key] = r.deployed()
		c.Graphs = append(c.Graphs, host.DeployedGraph{Deployed: r.deployed(), Namespace: string(r.Namespace), Imports: imports})
	}
	for _, r := range rows {
		switch r.Kind {
		case kindProcess:
			c.Processes = append(c.Processes, r.deployed())
		case kindForm:
			c.Forms = append(c.Forms, r.deployed())
		case kindModel:
			c.Models = append(c.Models, r.deployed())
		case kindDecision:
			c.Decisions = append(c.Decisions, host.DeployedDecision{
				Deployed: r.deployed(), Requirements: graphs[orZeroKey(r.Requirements)],
			})
		}
	}
	return c, nil
}

func (r definitionRow) deployed() host.Deployed {
	return host.Deployed{
		Key: r.Key, ID: string(r.ID), Name: string(r.Name), Version: r.Version, VersionTag: string(r.VersionTag),
		ResourceName: string(r.Resource), Digest: string(r.Digest), Deployment: r.Deployment,
	}
}

func joinKeys(keys []int64) string {
	texts := make([]string, len(keys))
	for i, k := range keys {
		texts[i] = strconv.FormatInt(k, 10)
	}
	return strings.Join(texts, ",")
}

func splitKeys(list string) ([]int64, error) {
	if list == "" {
		return nil, nil
	}
	var keys []int64
	for part := range strings.SplitSeq(list, ",") {
		key, err := strconv.ParseInt(part, 10, 64)
		if err != nil {
			return nil, fault.New(fault.Internal, "store.imports", "%q is no list of keys", list)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func orZeroKey(k *int64) int64 {
	if k == nil {
		return 0
	}
	return *k
}

// Source implements host.Library.
func (d *DB) Source(ctx context.Context, key int64) ([]byte, error) {
	var data []byte
	err := d.read.NewRaw("SELECT s.data FROM definition d JOIN source s ON s.digest = d.digest WHERE d.key = ?", key).
		Scan(ctx, &data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrSource.With("there is no deployed resource with the key %d", key)
	}
	return data, d.fault(err, "read a deployed resource")
}
