package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"tallystick/host"
)

// startEventRow is a start event of the latest version of a process.
type startEventRow struct {
	bun.BaseModel `bun:"table:start_subscription"`
	Key           int64
	Definition    int64
	ProcessID     text
	Element       text
	Part          int
	Type          text
	Name          text
	Together      int
	Opened        int64
	Due           *int64
	Next          *int64
	Remaining     int
	Every         text
	Anchor        *int64
}

// writeStarts puts the start events of new versions into the place of those of earlier versions. What an earlier
// version was about to start it does not start any more (4.19 of the semantics).
func writeStarts(ctx context.Context, tx bun.Tx, c *host.DeploymentChange, at time.Time) error {
	for _, p := range c.Deployment.Processes {
		if p.Duplicate {
			continue
		}
		err := run(ctx, tx, "DELETE FROM start_subscription WHERE substr(process_id, 1, 128) = ? AND process_id = ?",
			text(head(clean(p.ID), indexed)), text(p.ID))
		if err != nil {
			return err
		}
	}
	rows := make([]startEventRow, len(c.Starts))
	for i, s := range c.Starts {
		rows[i] = startEventRow{
			Key: s.Key, Definition: s.Definition, ProcessID: text(s.ProcessID), Element: text(s.Element), Part: s.Part,
			Type: text(s.Type), Name: text(s.Name), Together: int(truth(s.Together).whole), Opened: micros(at),
			Remaining: s.Alarm.Remaining, Every: text(s.Alarm.Interval), Anchor: microsOrNull(s.Alarm.Anchor),
		}
		if !s.Alarm.Due.IsZero() {
			due := microsUp(s.Alarm.Due)
			rows[i].Due, rows[i].Next = &due, &due
		}
	}
	return insert(ctx, tx, rows, "")
}
