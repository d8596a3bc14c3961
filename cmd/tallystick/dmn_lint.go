package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"tallystick/rules"
)

func newDMNLint(io stdio) *cobra.Command {
	return &cobra.Command{
		Use:   "lint FILE...",
		Short: "Find gaps, overlaps, masked rules and mistakes in decision models",
		Long: `Print everything that is wrong or suspicious, one finding per line: mistakes (errors, which forbid deployment), and what
the analysis of the tables finds (warnings): gaps, overlaps that the hit policy does not allow, masked and redundant
rules, values that are not allowed or never put out, and hit policies that would say more. Each comes with an input that
shows it. Exits with 1 when there is any finding.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, files []string) error {
			found := 0
			for _, name := range files {
				n, err := lintModel(name, io)
				if err != nil {
					return err
				}
				found += n
			}
			if found > 0 {
				return &silentError{exitFailure}
			}
			return nil
		},
	}
}

// lintModel prints the findings about one file and counts them.
func lintModel(name string, io stdio) (int, error) {
	p, err := readModel(name)
	if err != nil {
		return 0, err
	}
	all := modelFindings(p)
	for _, d := range all {
		fmt.Fprintf(io.out, "%s:%s\n", name, d)
	}
	return len(all), nil
}

// modelFindings are the mistakes of a decision model or, when there are none, what its analysis finds.
func modelFindings(p rules.Parsed) rules.Diagnostics {
	if p.Diagnostics.HasErrors() {
		return p.Diagnostics
	}
	return slices.Concat(p.Diagnostics, p.Model.Analyze())
}
