package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tallystick/engine/enginetest"
	returns "tallystick/examples/returns"
	"tallystick/tasks/scoring"
	"tallystick/tasks/worker"
)

// testFlags say what test does besides comparing.
type testFlags struct {
	update       bool
	coverage     bool
	coverageHTML string
	coverageJSON string
	junit        string
}

// newTest runs scenario files without a server.
func newTest(std stdio) *cobra.Command {
	var flags testFlags
	cmd := &cobra.Command{
		Use:   "test PATH...",
		Short: "Run scenario files (*.txtar) and folders of them",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, paths []string) error {
			files, err := scenarioFiles(paths)
			if err != nil {
				return err
			}
			return testScenarios(cmd.Context(), files, flags, std)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&flags.update, "update", false, "write what happened into the files; read the difference before you keep it")
	f.BoolVar(&flags.coverage, "coverage", false, "print which elements and flows of each process the scenarios reached")
	f.StringVar(&flags.coverageHTML, "coverage-html", "", "write the coverage into a page for people")
	f.StringVar(&flags.coverageJSON, "coverage-json", "", "write the coverage into a JSON file")
	f.StringVar(&flags.junit, "junit", "", "write the results into a JUnit XML file")
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

// testScenarios runs the scenarios and writes the reports that were asked for, also when some fail.
func testScenarios(ctx context.Context, files []string, flags testFlags, std stdio) error {
	results, coverage, err := runScenarios(ctx, files, flags.update, std)
	if err != nil {
		return err
	}
	if flags.coverage {
		printCoverage(std.out, coverage.Processes())
	}
	for _, report := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{flags.coverageHTML, func(w io.Writer) error { return coveragePage.Execute(w, coverage.Processes()) }},
		{flags.coverageJSON, func(w io.Writer) error { return writeCoverageJSON(w, coverage.Processes()) }},
		{flags.junit, func(w io.Writer) error { return writeJUnit(w, results) }},
	} {
		if report.name == "" {
			continue
		}
		if err := writeReport(report.name, report.write); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(results, func(r scenarioResult) bool { return !r.OK() }) {
		return &silentError{exitFailure}
	}
	return nil
}

// writeReport writes a whole file or tells why it could not.
func writeReport(name string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	return os.WriteFile(name, b.Bytes(), 0o644)
}

// scenarioResult is what came of one scenario, and how long it took.
type scenarioResult struct {
	enginetest.Report
	took time.Duration
}

// runScenarios prints one line per scenario and the differences of those that fail.
func runScenarios(ctx context.Context, files []string, update bool, std stdio) ([]scenarioResult, *enginetest.Coverage, error) {
	coverage := &enginetest.Coverage{}
	var results []scenarioResult
	failed := 0
	for _, name := range files {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, nil, err
		}
		began := time.Now()
		report := enginetest.Run(name, data, coverage.Watch(name, scenarioOptions(filepath.Dir(name))))
		results = append(results, scenarioResult{report, time.Since(began)})
		if report.OK() {
			fmt.Fprintln(std.out, "ok   ", name)
			continue
		}
		failed++
		fmt.Fprintf(std.out, "FAIL  %s\n%s", name, report)
		if update && report.Updated != nil && !bytes.Equal(report.Updated, data) {
			if err := os.WriteFile(name, report.Updated, 0o644); err != nil {
				return nil, nil, err
			}
		}
	}
	fmt.Fprintf(std.out, "%d passed, %d failed\n", len(files)-failed, failed)
	return results, coverage, nil
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
