package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"tallystick/fault"
	"tallystick/host"
)

// The kinds of deployed things.
const (
	kindProcess      = "process"
	kindRequirements = "requirements"
	kindDecision     = "decision"
	kindForm         = "form"
	kindModel        = "model"
)

type definitionRow struct {
	bun.BaseModel `bun:"table:definition"`
	Key           int64
	Kind          text
	ID            text
	Name          text
	Version       int
	VersionTag    text
	Resource      text
	Digest        text
	Deployment    int64
	Requirements  *int64
	Namespace     text
	Imports       text
	Deployed      int64
}

type sourceRow struct {
	bun.BaseModel `bun:"table:source"`
	Digest        text
	Data          []byte
}

// writeDeployment adds what is new in a deployment. Files are kept once, under their digest.
func writeDeployment(ctx context.Context, tx bun.Tx, c *host.DeploymentChange, at time.Time) error {
	if c == nil {
		return nil
	}
	rows := definitionRows(c.Deployment, micros(at))
	sources, err := sourceRows(c.Sources, rows)
	if err != nil {
		return err
	}
	if err := insert(ctx, tx, sources, "CONFLICT (digest) DO NOTHING"); err != nil {
		return err
	}
	if err := insert(ctx, tx, rows, ""); err != nil {
		return err
	}
	return writeStarts(ctx, tx, c, at)
}

func definitionRows(d host.Deployment, at int64) []definitionRow {
	var rows []definitionRow
	add := func(kind text, x host.Deployed, requirements int64) {
		if x.Duplicate {
			return
		}
		rows = append(rows, definitionRow{
			Key: x.Key, Kind: kind, ID: text(x.ID), Name: text(x.Name), Version: x.Version,
			VersionTag: text(x.VersionTag), Resource: text(x.ResourceName), Digest: text(x.Digest),
			Deployment: x.Deployment, Requirements: keyOrNull(requirements), Deployed: at,
		})
	}
	for _, x := range d.Processes {
		add(kindProcess, x, 0)
	}
	for _, x := range d.Graphs {
		add(kindRequirements, x.Deployed, 0)
		if n := len(rows) - 1; !x.Duplicate {
			rows[n].Namespace, rows[n].Imports = text(x.Namespace), text(joinKeys(x.Imports))
		}
	}
	for _, x := range d.Decisions {
		add(kindDecision, x.Deployed, x.Requirements.Key)
	}
	for _, x := range d.Forms {
		add(kindForm, x, 0)
	}
	for _, x := range d.Models {
		add(kindModel, x, 0)
	}
	return rows
}

// sourceRows checks that the bytes are those whose digest the definitions carry: everything later, the
// audit log included, rests on it.
func sourceRows(sources map[int64][]byte, rows []definitionRow) ([]sourceRow, error) {
	unique := map[text][]byte{}
	for _, data := range sources {
		sum := sha256.Sum256(data)
		unique[text(hex.EncodeToString(sum[:]))] = data
	}
	for _, r := range rows {
		if _, ok := unique[r.Digest]; !ok {
			return nil, fault.New(fault.Internal, "store.source_missing", "the bytes of %q are not those of its digest", r.ID)
		}
	}
	var result []sourceRow
	for _, digest := range slices.Sorted(maps.Keys(unique)) {
		result = append(result, sourceRow{Digest: digest, Data: notNil(unique[digest])})
	}
	return result, nil
}
