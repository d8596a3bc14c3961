package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"tallystick/rules/tck"
)

func newDMNTCK(io stdio) *cobra.Command {
	var report bool
	cmd := &cobra.Command{
		Use:   "tck DIR",
		Short: "Run the DMN Technology Compatibility Kit, or any part of it",
		Long: `Run all test cases in the folders below DIR (TestCases of github.com/dmn-tck/tck). Prints one line per check that
fails and a last line with the figures; numbers are compared within 1e-8, as the kit's own runners do.`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return runKit(args[0], report, io) },
	}
	cmd.Flags().BoolVar(&report, "report", false, "exit with 0 whatever fails")
	return cmd
}

func runKit(dir string, report bool, io stdio) error {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return &usageError{fmt.Errorf("%s is no folder", dir)}
	}
	checks, err := tck.Run(os.DirFS(dir))
	if err != nil {
		return err
	}
	for _, c := range checks {
		if !c.Passed {
			fmt.Fprintln(io.out, c)
		}
	}
	score := tck.ScoreOf(checks)
	fmt.Fprintln(io.out, score)
	if score.All == 0 {
		return fmt.Errorf("no test case below %s", dir)
	}
	if !report && !score.OK() {
		return &silentError{exitFailure}
	}
	return nil
}
