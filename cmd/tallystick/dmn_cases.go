package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tallystick/rules"
	"tallystick/rules/casefile"
)

func newDMNTest(io stdio) *cobra.Command {
	var least int
	cmd := &cobra.Command{
		Use:   "test PATH...",
		Short: "Run cases for decisions (*.cases) and tell which rules they cover",
		Long: `Run the cases of *.cases files and folders of them. A file reads like this:

  model route-claim.dmn          (beside the file)

  case a small claim is paid at once
  decision route
  input {"amount": 40}
  expect "auto"
  rules 1                        (or: rules none)

Other words: fails TEXT, warns TEXT (a part of the message), now TIME, strict. A line that starts with white space goes
on the one before it.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, paths []string) error {
			files, err := caseFiles(paths)
			if err != nil {
				return err
			}
			return runCases(files, least, io)
		},
	}
	cmd.Flags().IntVar(&least, "min-coverage", 0, "fail when fewer than this many percent of the rules matched")
	return cmd
}

// caseFiles finds the files of cases under the paths; none at all is an error.
func caseFiles(paths []string) ([]string, error) {
	var files []string
	for _, p := range paths {
		err := filepath.WalkDir(p, func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && (filepath.Ext(name) == ".cases" || name == p) {
				files = append(files, name)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no cases (*.cases) under %s", strings.Join(paths, ", "))
	}
	return files, nil
}

// caseRun counts over all files.
type caseRun struct {
	io             stdio
	models         map[string]*rules.Model
	coverage       casefile.Coverage
	passed, failed int
}

func runCases(files []string, least int, io stdio) error {
	r := caseRun{io: io, models: map[string]*rules.Model{}}
	for _, name := range files {
		if err := r.file(name); err != nil {
			return err
		}
	}
	for _, line := range r.coverage.Lines() {
		fmt.Fprintln(io.out, "cover", line)
	}
	matched, all := r.coverage.Rules()
	fmt.Fprintf(io.out, "%d passed, %d failed, %d of %d rules matched\n", r.passed, r.failed, matched, all)
	if r.failed > 0 || matched*100 < least*all {
		return &silentError{exitFailure}
	}
	return nil
}

func (r *caseRun) file(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	cases, err := casefile.Parse(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, c := range cases {
		model, err := r.model(filepath.Join(filepath.Dir(name), filepath.FromSlash(c.Model)))
		if err != nil {
			return err
		}
		if why := c.Run(model, &r.coverage); why != "" {
			r.failed++
			fmt.Fprintf(r.io.out, "FAIL  %s:%d %s: %s\n", name, c.Line, c.Name, why)
			continue
		}
		r.passed++
		fmt.Fprintf(r.io.out, "ok    %s:%d %s\n", name, c.Line, c.Name)
	}
	return nil
}

func (r *caseRun) model(name string) (*rules.Model, error) {
	if m := r.models[name]; m != nil {
		return m, nil
	}
	m, err := goodModel(name, r.io)
	if err == nil {
		r.models[name] = m
	}
	return m, err
}
