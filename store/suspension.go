package store

import (
	"context"
	"strconv"

	"github.com/uptrace/bun"

	"tallystick/host"
)

type suspensionRow struct {
	bun.BaseModel `bun:"table:suspension"`
	ID            text
	Kind          text
	Name          text
	Version       int
	Since         int64
	Actor         text
	Reason        text
}

// suspensionID is made of all that a suspension is found by, because names may be long.
func suspensionID(kind, name string, version int) text {
	return text(digestOf(kind, clean(name), strconv.Itoa(version)))
}

// writeSuspension adds a suspension or takes it away.
func writeSuspension(ctx context.Context, tx bun.Tx, c *host.SuspensionChange) error {
	if c == nil {
		return nil
	}
	id := suspensionID(c.Kind, c.Name, c.Version)
	if c.Lifted {
		return run(ctx, tx, "DELETE FROM suspension WHERE id = ?", id)
	}
	rows := []suspensionRow{{
		ID: id, Kind: text(c.Kind), Name: text(c.Name), Version: c.Version, Since: micros(c.Since),
		Actor: text(c.Actor), Reason: text(c.Reason),
	}}
	return insert(ctx, tx, rows, "")
}

// suspensions lists everything that is suspended.
func (d *DB) suspensions(ctx context.Context) ([]host.Suspension, error) {
	var rows []suspensionRow
	err := d.read.NewRaw("SELECT id, kind, name, version, since, actor, reason FROM suspension ORDER BY kind, name, version").Scan(ctx, &rows)
	if err != nil {
		return nil, d.fault(err, "list suspensions")
	}
	var all []host.Suspension
	for _, r := range rows {
		all = append(all, host.Suspension{
			Kind: string(r.Kind), Name: string(r.Name), Version: r.Version, Since: instant(r.Since),
			Actor: string(r.Actor), Reason: string(r.Reason),
		})
	}
	return all, nil
}

// resting is a predicate: the process id and version of a row of d are suspended.
func resting(processID, version string) string {
	return `EXISTS (SELECT 1 FROM suspension s WHERE s.kind = '` + host.SuspendsDefinition + `' AND s.name = ` + processID +
		` AND s.version IN (0, ` + version + `))`
}

// handsOut tells whether jobs of a type may be handed out, in a shared transaction.
func handsOut(ctx context.Context, tx bun.Tx, jobType string) (bool, error) {
	var n int
	err := tx.NewRaw("SELECT count(*) FROM suspension WHERE id = ?", suspensionID(host.SuspendsJobs, jobType, 0)).Scan(ctx, &n)
	return n == 0, err
}
