package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/uptrace/bun"

	"tallystick/fault"
)

// What a copy refuses besides what opening refuses.
var (
	ErrNotEmpty = fault.New(fault.Conflict, "store.not_empty", "the target of the copy is not empty")
	ErrInUse    = fault.New(fault.Conflict, "store.in_use", "nodes are connected to the database")
	ErrDiffers  = fault.New(fault.Internal, "store.differs", "the copy is not equal to its source")
)

// CopyOptions say what Copy carries.
type CopyOptions struct {
	From, To string // DSNs
	// Progress is told how many rows of a table were carried, every few thousand rows and at its end; nil is nobody.
	Progress func(table string, rows int64)
}

// Contents are what a table holds: its rows, and the SHA-256 over all of them in the order of the primary
// key, each value tagged with its type and length. Equal contents have equal digests in every database.
type Contents struct {
	Rows   int64
	Digest [sha256.Size]byte
}

// CopiedTable is a table with what both sides hold of it.
type CopiedTable struct {
	Name     string
	From, To Contents
}

// CopyReport is what was carried, table by table.
type CopyReport struct {
	Origin string
	Tables []CopiedTable
}

// differences names the tables that are not equal on both sides.
func (r CopyReport) differences() error {
	var unequal []string
	for _, t := range r.Tables {
		if t.From != t.To {
			unequal = append(unequal, fmt.Sprintf("%s (%d rows in the source, %d in the copy)", t.Name, t.From.Rows, t.To.Rows))
		}
	}
	if len(unequal) == 0 {
		return nil
	}
	return ErrDiffers.With("the source changed while it was copied, or the copy is wrong: %s", strings.Join(unequal, ", "))
}

// Copy carries everything from one database to another of either kind: every table of the schema, the audit log
// with its entry numbers, and the numbers that the database draws. The source is only read, and nobody may work
// with it: the file of SQLite is locked as a server locks it, on PostgreSQL connected nodes are refused. The
// target is made or must be empty; it is migrated here. All of it is one transaction of the target, so that after
// an error the target holds nothing. Before the commit both sides are read again and compared.
func Copy(ctx context.Context, o CopyOptions) (report CopyReport, err error) {
	if err := distinctFiles(o.From, o.To); err != nil {
		return report, err
	}
	from, err := openSource(ctx, o.From)
	if err != nil {
		return report, err
	}
	defer func() { _ = from.Close() }() // it was only read
	to, err := openTarget(ctx, o.To, from)
	if err != nil {
		return report, err
	}
	c := carrier{from: from, to: to, progress: o.Progress}
	report, err = c.carryAll(ctx)
	if e := to.Close(); err == nil {
		err = to.fault(e, "close")
	}
	return report, err
}

// carrier carries rows from one store to another.
type carrier struct {
	from, to *DB
	progress func(table string, rows int64)
}

func (c carrier) carryAll(ctx context.Context) (report CopyReport, err error) {
	tables, err := c.agree(ctx)
	if err != nil {
		return report, err
	}
	if err := c.from.unused(ctx); err != nil {
		return report, err
	}
	err = c.to.inTx(ctx, "take the copy", func(tx bun.Tx) error {
		if err := c.carryTables(ctx, tx, tables); err != nil {
			return err
		}
		report.Origin = c.from.origin
		if report.Tables, err = c.compare(ctx, tx, tables); err != nil {
			return err
		}
		if err := c.from.unused(ctx); err != nil {
			return err
		}
		return report.differences()
	})
	if err != nil {
		return report, err
	}
	if c.to.dialect.name == "postgres" { // plans for a full database come with the statistics of one
		_, err = c.to.write.ExecContext(ctx, "ANALYZE")
		err = c.to.fault(err, "analyze its tables")
	}
	return report, err
}

// carryTables empties what a migration puts there and carries every table out of one snapshot of the source.
func (c carrier) carryTables(ctx context.Context, to bun.Tx, tables []table) error {
	for _, name := range seeded {
		if err := run(ctx, to, "DELETE FROM "+name); err != nil {
			return err
		}
	}
	return c.from.snapshot(ctx, func(from bun.Tx) error {
		for _, t := range tables {
			if err := c.carry(ctx, from, to, t); err != nil {
				return err
			}
			if err := c.carryCounter(ctx, from, to, t); err != nil {
				return err
			}
		}
		return nil
	})
}

// compare reads both sides again: the source as it is now, so that a change during the copy shows.
func (c carrier) compare(ctx context.Context, to bun.Tx, tables []table) ([]CopiedTable, error) {
	all := make([]CopiedTable, len(tables))
	err := c.from.snapshot(ctx, func(from bun.Tx) (err error) {
		for i, t := range tables {
			all[i].Name = t.name
			if all[i].From, err = contents(ctx, from, t); err != nil {
				return c.from.fault(err, "read "+t.name)
			}
			if all[i].To, err = contents(ctx, to, t); err != nil {
				return c.to.fault(err, "read the copy of "+t.name)
			}
		}
		return nil
	})
	return all, err
}
