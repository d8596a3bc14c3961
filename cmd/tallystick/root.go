package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// stdio is the world around one run: data goes to out, everything else to err.
type stdio struct {
	in       io.Reader
	out, err io.Writer
	env      func(string) string
}

// run executes one command line and returns its exit code.
func run(ctx context.Context, args []string, io stdio) int {
	root := newRoot(io)
	root.SetArgs(args)
	root.SetIn(io.in)
	root.SetOut(io.out)
	root.SetErr(io.err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	var quiet *silentError
	if !errors.As(err, &quiet) {
		fmt.Fprintln(io.err, "tallystick:", err)
	}
	return exitCode(err)
}

// newRoot assembles the command tree.
func newRoot(io stdio) *cobra.Command {
	root := &cobra.Command{
		Use:           "tallystick",
		Short:         "A BPMN 2.0 process engine that proves what it did",
		SilenceUsage:  true,
		SilenceErrors: true,
		Long: `Tallystick runs business processes drawn in BPMN 2.0 and keeps a hash-chained audit log of every step.

Exit codes: 0 ok, 1 failure, 2 usage, 3 not found, 4 not allowed, 5 conflict, 6 timeout.`,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	r := &remote{io: io}
	r.flags(root)
	root.AddCommand(
		newServe(io), newDeploy(r), newStart(r), newTask(r), newInstance(r), newBatch(r), newIncident(r), newDefinition(r), newJob(r),
		newAudit(r), newUser(r), newClock(r), newDB(io), newTest(io), newLint(r), newDMN(io), newVersion(r),
	)
	return root
}
