package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// newLint checks models before they are deployed.
func newLint(r *remote) *cobra.Command {
	var format string
	var rules []string
	cmd := &cobra.Command{
		Use:   "lint FILE...",
		Short: "Find mistakes and bad habits in models (*.bpmn, *.dmn)",
		Long: `Print what is wrong or suspicious, one finding per line: what forbids deployment (errors), what will not do what it seems
to (warnings), and rules of good modeling under the ids of bpmnlint's recommended set. Calls and decisions are looked
for in the given files. Exits with 1 when there is an error.

` + ruleHelp(),
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			severities, err := readRules(rules)
			if err != nil {
				return &usageError{err}
			}
			if r.format == "json" && !cmd.Flags().Changed("format") {
				format = "json"
			}
			write, known := lintFormats[format]
			if !known {
				return &usageError{fmt.Errorf("--format is text, json or sarif, not %q", format)}
			}
			found, err := lintFiles(files, time.Now())
			if err != nil {
				return err
			}
			found = applyRules(found, severities)
			if err := write(r.io, found); err != nil {
				return err
			}
			if slices.ContainsFunc(found, func(f finding) bool { return f.Severity == "error" }) {
				return &silentError{exitFailure}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text, json or sarif")
	cmd.Flags().StringArrayVar(&rules, "rule", nil, "how serious a rule is: id=off, info, warn or error (repeatable)")
	return cmd
}

// lintFormats are the ways to print findings.
var lintFormats = map[string]func(stdio, []finding) error{"text": printFindings, "json": printFindingsJSON, "sarif": printSARIF}

// severityWords are the values of --rule; the empty one takes the finding away.
var severityWords = map[string]string{"off": "", "info": "info", "warn": "warning", "warning": "warning", "error": "error"}

// readRules reads id=severity pairs. Any id will do: rules, and codes of diagnostics.
func readRules(pairs []string) (map[string]string, error) {
	severities := map[string]string{}
	for _, pair := range pairs {
		id, word, found := strings.Cut(pair, "=")
		severity, known := severityWords[word]
		if !found || !known || id == "" {
			return nil, fmt.Errorf("--rule %q is not id=off, id=info, id=warn or id=error", pair)
		}
		severities[id] = severity
	}
	return severities, nil
}

func applyRules(found []finding, severities map[string]string) []finding {
	kept := []finding{}
	for _, f := range found {
		if severity, named := severities[f.Rule]; named {
			f.Severity = severity
		}
		if f.Severity != "" {
			kept = append(kept, f)
		}
	}
	return kept
}

func ruleHelp() string {
	help := lintHelp()
	var text strings.Builder
	text.WriteString("Rules:\n")
	for _, id := range slices.Sorted(maps.Keys(help)) {
		fmt.Fprintf(&text, "  %-36s %s\n", id, help[id].text)
	}
	return text.String()
}

func printFindings(io stdio, found []finding) error {
	for _, f := range found {
		if _, err := fmt.Fprintln(io.out, f); err != nil {
			return err
		}
	}
	return nil
}

func printFindingsJSON(io stdio, found []finding) error { return printIndented(io, found) }

func printIndented(io stdio, v any) error {
	enc := json.NewEncoder(io.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
