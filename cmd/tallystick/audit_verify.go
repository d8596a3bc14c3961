package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tallystick/audit"
	"tallystick/host"
	"tallystick/store"
)

func newAuditVerify(r *remote) *cobra.Command {
	return &cobra.Command{
		Use:   "verify [FILE|DSN]",
		Short: "Verify an exported file, a database, or the running server's log",
		Long: `Verify the audit log and name the first bad entry.

  tallystick audit verify log.jsonl              an export, offline
  tallystick audit verify sqlite:data/x.db       a database, beside a server that works with it or without one
  tallystick audit verify postgres://…           likewise
  tallystick audit verify                        what the running server says of itself`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return r.verifyServer(cmd.Context())
			}
			report, err := verifyLocal(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return r.printReport(report)
		},
	}
}

// verifyLocal verifies without a server: a database by its DSN, anything else is a file.
func verifyLocal(ctx context.Context, target string) (audit.Report, error) {
	for _, scheme := range []string{"sqlite:", "postgres:", "postgresql:"} {
		if strings.HasPrefix(target, scheme) {
			return verifyDatabase(ctx, target)
		}
	}
	f, err := os.Open(target)
	if err != nil {
		return audit.Report{}, err
	}
	defer f.Close()
	return audit.Verify(f)
}

// verifyDatabase reads the stored bytes and never changes them; a server may be at work meanwhile.
func verifyDatabase(ctx context.Context, dsn string) (audit.Report, error) {
	db, err := store.OpenReadOnly(ctx, store.Options{DSN: dsn})
	if err != nil {
		return audit.Report{}, err
	}
	defer func() { _ = db.Close() }() // nothing was written
	return host.VerifyLedger(ctx, db.Origin(), db)
}

// verifyServer asks the server to verify its own log.
func (r *remote) verifyServer(ctx context.Context) error {
	var report audit.Report
	if err := r.call(ctx, http.MethodPost, "/v2/audit-entries/verify", nil, &report); err != nil {
		return err
	}
	return r.printReport(report)
}

// printReport prints the findings; a log that does not verify fails the run.
func (r *remote) printReport(report audit.Report) error {
	if r.format == "json" {
		if err := r.printJSON(report); err != nil {
			return err
		}
	} else {
		fmt.Fprintln(r.io.out, report.String())
	}
	if !report.OK() {
		return &silentError{exitFailure}
	}
	return nil
}
