package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"tallystick/authz"
	"tallystick/host"
	"tallystick/store"
)

func newDBPrune(io stdio) *cobra.Command {
	var dsn, node, process, olderThan string
	var evaluations bool
	cmd := &cobra.Command{
		Use:   "prune --db DSN (--process ID | --evaluations) --older-than 90d",
		Short: "Forget the history of instances of a process that ended long ago, or old evaluations of decisions",
		Long: `Forget the history of instances of a process that ended long ago: elements, variables, jobs, tasks, incidents,
decisions. Active instances and the audit log are not touched, and the log verifies as before. With --evaluations it
forgets decisions that were evaluated long ago outside of any process.

On SQLite the server must be stopped; on PostgreSQL servers may go on.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			keep, err := parseKeep(olderThan)
			if err != nil || keep == 0 {
				return &usageError{errors.Join(errors.New("--older-than wants a duration, for instance 90d"), err)}
			}
			if (process == "") != evaluations {
				return &usageError{errors.New("either --process or --evaluations says what to prune")}
			}
			return pruneDatabase(cmd.Context(), dsn, node, process, keep, io)
		},
	}
	f := cmd.Flags()
	f.StringVar(&dsn, "db", envOr(io, "TALLYSTICK_DB", ""), "sqlite:PATH or postgres://…?sslmode=…")
	f.StringVar(&node, "node", "db-prune", "name of this run in the audit log; unique among the nodes of one database")
	f.StringVar(&process, "process", "", "process id")
	f.BoolVar(&evaluations, "evaluations", false, "decisions that were evaluated outside of processes")
	f.StringVar(&olderThan, "older-than", "", "90d, or a duration such as 36h")
	if err := cmd.MarkFlagRequired("older-than"); err != nil {
		panic(err) // the flag is defined above
	}
	return cmd
}

// pruneDatabase opens the database as a server does and prunes through a host that does not run, so that no
// timer fires and no job is worked on. Without a process it prunes evaluations.
func pruneDatabase(ctx context.Context, dsn, node, process string, keep time.Duration, io stdio) (err error) {
	if _, err := verifiable(ctx, dsn); err != nil {
		return err
	}
	db, err := store.Open(ctx, store.Options{DSN: dsn})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	policy, err := authz.New(authz.Options{Accounts: db})
	if err != nil {
		return err
	}
	h, err := host.New(host.Options{
		Store: db, Jobs: db, Library: db, Authorizer: policy, Node: node, Build: build(), Origin: db.Origin(),
	})
	if err != nil {
		return err
	}
	if process == "" {
		n, err := h.PruneEvaluations(ctx, host.System("retention"), db, keep)
		fmt.Fprintf(io.out, "%d evaluations pruned\n", n)
		return err
	}
	n, err := h.Prune(ctx, host.System("retention"), db, process, keep)
	fmt.Fprintf(io.out, "%d instances of %s pruned\n", n, process)
	return err
}

// verifiable finds out who a database belongs to without making or migrating one.
func verifiable(ctx context.Context, dsn string) (origin string, err error) {
	db, err := store.OpenReadOnly(ctx, store.Options{DSN: dsn})
	if err != nil {
		return "", err
	}
	return db.Origin(), db.Close()
}
