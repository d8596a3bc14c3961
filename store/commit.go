package store

import (
	"context"
	"errors"

	"github.com/uptrace/bun"

	"tallystick/host"
)

// Commit implements host.Store. It writes first and looks afterwards whether everything that the batch was
// thought on was still so: the statements carry the versions, heads and leases in their conditions and tell
// how many rows they found. Only a batch that lost a race is looked into (fence.go).
func (d *DB) Commit(ctx context.Context, b host.Batch) error {
	if err := d.checkOrigins(b); err != nil {
		return err
	}
	all := changesOf(b)
	steps, err := d.plan(ctx, all)
	if err != nil {
		return d.fault(err, "prepare the batch")
	}
	var violated error
	err = d.inTx(ctx, "write the batch", func(tx bun.Tx) error {
		if err := d.dialect.enter(ctx, tx, b); err != nil {
			return d.lost(err, b)
		}
		seen, err := d.apply(ctx, tx, steps, all)
		if err != nil && d.classify(err) == taken {
			violated = err // perhaps because somebody was faster
			return errRaced
		}
		if err != nil {
			return d.lost(err, b)
		}
		if !seen.stands(b, all) {
			return errRaced
		}
		return d.lost(d.writeRare(ctx, tx, b), b)
	})
	if errors.Is(err, errRaced) {
		return d.diagnose(ctx, b, violated)
	}
	return err
}

// plan prepares the statements of a batch, outside of its transaction.
func (d *DB) plan(ctx context.Context, all []change) ([]step, error) {
	if d.dialect.arrays {
		return d.planPostgres(ctx, all)
	}
	return d.planSQLite(ctx, all)
}

func (d *DB) apply(ctx context.Context, tx bun.Tx, steps []step, all []change) (seen, error) {
	if d.dialect.arrays {
		return d.applyPostgres(ctx, tx, steps, all)
	}
	return d.applySQLite(ctx, tx, steps, all)
}

// seen is what the statements of a batch found.
type seen struct {
	policy, library int64
	affected        []int64 // per change; of changes that are free, anything
}

// stands reports whether nothing moved.
func (s seen) stands(b host.Batch, all []change) bool {
	if want := libraryOf(b); s.policy != b.Policy || want != 0 && s.library != want {
		return false
	}
	for i := range all {
		if all[i].want != free && s.affected[i] != int64(all[i].want) {
			return false
		}
	}
	return true
}

// diagnose finds out what moved. When nothing has, the batch itself violated what the schema demands, or the
// race was with somebody who gave up: then it is thought again as a whole.
func (d *DB) diagnose(ctx context.Context, b host.Batch, violated error) error {
	return d.inTx(ctx, "look for what moved", func(tx bun.Tx) error {
		f := fence{tx: tx, dialect: d.dialect}
		if err := f.pass(ctx, b); err != nil {
			return d.lost(err, b)
		}
		if moved := f.moved(); moved != nil {
			return moved
		}
		if violated != nil {
			return violated
		}
		return lostAll(b)
	})
}

// lost makes a batch that lost a race inside the database (a deadlock, a serialization failure) think
// again, all of it.
func (d *DB) lost(err error, b host.Batch) error {
	if err == nil || d.classify(err) != raced {
		return err
	}
	return lostAll(b)
}

func lostAll(b host.Batch) *host.Moved {
	moved := &host.Moved{}
	for _, i := range b.Instances {
		moved.Instances = append(moved.Instances, i.Key)
	}
	for _, s := range b.Audit.Streams {
		moved.Streams = append(moved.Streams, s.After.Stream)
	}
	return moved
}

// writeRare carries out what few batches have.
func (d *DB) writeRare(ctx context.Context, tx bun.Tx, b host.Batch) error {
	if err := d.writeBatches(ctx, tx, b.Operations); err != nil || b.Deployment == nil && b.Suspension == nil && len(b.Accounts) == 0 {
		return err
	}
	deployed := 0
	if b.Deployment != nil || b.Suspension != nil {
		deployed = 1
	}
	if err := raise(ctx, tx, len(b.Accounts), deployed); err != nil {
		return err
	}
	if err := writeDeployment(ctx, tx, b.Deployment, b.At); err != nil {
		return err
	}
	if err := writeSuspension(ctx, tx, b.Suspension); err != nil {
		return err
	}
	return writeAccounts(ctx, tx, b.Accounts)
}

// raise moves a version of the installation.
func raise(ctx context.Context, tx bun.Tx, policy, library int) error {
	_, err := tx.NewRaw(`UPDATE installation SET policy_version = policy_version + ?,
		library_version = library_version + ? WHERE id = 1`, policy, library).Exec(ctx)
	return err
}
