package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tallystick/engine/enginetest"
	returns "tallystick/examples/returns"
	"tallystick/tasks/scoring"
	"tallystick/tasks/worker"
)

// newTest runs scenario files without a server.
func newTest(io stdio) *cobra.Command {
	var update bool
	cmd := &cobra.Command{
		Use:   "test PATH...",
		Short: "Run scenario files (*.txtar) and folders of them",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, paths []string) error {
			files, err := scenarioFiles(paths)
			if err != nil {
				return err
			}
			return runScenarios(cmd.Context(), files, update, io)
		},
	}
	cmd.Flags().BoolVar(&update, "update", false, "write what happened into the files; read the difference before you keep it")
	return cmd
}

// scenarioFiles finds the scenarios under the paths; none at all is an error.
func scenarioFiles(paths []string) ([]string, error) {
	var files []string
	for _, p := range paths {
		err := filepath.WalkDir(p, func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && filepath.Ext(name) == ".txtar" {
				files = append(files, name)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no scenario (*.txtar) under %s", strings.Join(paths, ", "))
	}
	return files, nil
}

// runScenarios prints one line per scenario and the differences of those that fail.
func runScenarios(ctx context.Context, files []string, update bool, io stdio) error {
	failed := 0
	for _, name := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		report := enginetest.Run(name, data, scenarioOptions(filepath.Dir(name)))
		if report.OK() {
			fmt.Fprintln(io.out, "ok   ", name)
			continue
		}
		failed++
		fmt.Fprintf(io.out, "FAIL  %s\n%s", name, report)
		if update && report.Updated != nil && !bytes.Equal(report.Updated, data) {
			if err := os.WriteFile(name, report.Updated, 0o644); err != nil {
				return err
			}
		}
	}
	fmt.Fprintf(io.out, "%d passed, %d failed\n", len(files)-failed, failed)
	if failed > 0 {
		return &silentError{exitFailure}
	}
	return nil
}

// scenarioOptions gives scenarios the workers that the server has: those of the example and real scoring.
func scenarioOptions(folder string) enginetest.Options {
	return enginetest.Options{
		Workers:  worker.Scenarios(returns.Workers()),
		ReadFile: func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(folder, filepath.FromSlash(name))) },
		Scoring: func(models []enginetest.File) (enginetest.Worker, error) {
			w, err := scoring.Scenario(models)
			if err != nil {
				return nil, err
			}
			return worker.Scenario(w), nil
		},
	}
}
