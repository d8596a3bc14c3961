package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tallystick/audit"
	"tallystick/store"
)

// newDB groups the commands of people who keep the database. They open it themselves, without a server.
func newDB(io stdio) *cobra.Command {
	cmd := &cobra.Command{Use: "db", Short: "Copy and prune databases", Args: cobra.NoArgs, RunE: groupOnly}
	cmd.AddCommand(newDBCopy(io), newDBPrune(io))
	return cmd
}

func newDBCopy(io stdio) *cobra.Command {
	var from, to string
	cmd := &cobra.Command{
		Use:   "copy --from DSN --to DSN",
		Short: "Carry everything into an empty database, of either kind, and verify it",
		Long: `Carry everything, the audit log included, from one database into an empty one and verify the copy.

  tallystick db copy --from sqlite:data/tallystick.db --to 'postgres://…?sslmode=verify-full'

Stop all servers of the source first: a source that somebody works with is refused. The source is not changed.
The target is migrated by this command; after an error nothing is in it and the command can be repeated.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return copyDatabase(cmd.Context(), from, to, io)
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "DSN of the source: sqlite:PATH or postgres://…?sslmode=…")
	cmd.Flags().StringVar(&to, "to", "", "DSN of the target, which must be empty or missing")
	for _, name := range []string{"from", "to"} {
		if err := cmd.MarkFlagRequired(name); err != nil {
			panic(err) // the flag is defined above
		}
	}
	return cmd
}

// copyDatabase copies, verifies the log of the copy and reports. The copy is committed before its log is
// verified, because the verifier reads what others will read; a log with breaks fails the run.
func copyDatabase(ctx context.Context, from, to string, io stdio) error {
	report, err := store.Copy(ctx, store.CopyOptions{From: from, To: to, Progress: progress(io)})
	if err != nil {
		return err
	}
	log, err := verifyDatabase(ctx, to)
	if err != nil {
		return fmt.Errorf("the copy is complete, but its audit log could not be verified: %w", err)
	}
	return printCopy(io, report, log)
}

// progress writes a line at most every two seconds, so that small copies are silent.
func progress(io stdio) func(string, int64) {
	last := time.Now()
	return func(table string, rows int64) {
		if now := time.Now(); now.Sub(last) >= 2*time.Second {
			last = now
			fmt.Fprintf(io.err, "%s: %d rows\n", table, rows)
		}
	}
}

// printCopy prints the contents of both sides table by table, then what the verification found.
func printCopy(io stdio, report store.CopyReport, log audit.Report) error {
	w := tabwriter.NewWriter(io.out, 2, 4, 2, ' ', 0)
	fmt.Fprintln(w, "TABLE\tROWS IN SOURCE\tROWS IN COPY\tDIGEST OF SOURCE\tDIGEST OF COPY")
	for _, t := range report.Tables {
		fmt.Fprintf(w, "%s\t%d\t%d\t%x\t%x\n", t.Name, t.From.Rows, t.To.Rows, t.From.Digest[:8], t.To.Digest[:8])
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(io.out, "\ninstallation %s, all tables equal\naudit log of the copy: %s\n", report.Origin, log.String())
	if !log.OK() {
		fmt.Fprintln(io.err, "tallystick: the audit log of the copy has breaks; verify the source, which is unchanged, to see whether it has them too")
		return &silentError{exitFailure}
	}
	return nil
}
