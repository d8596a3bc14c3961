package main

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"
)

// migration collects what instance migrate is told.
type migration struct {
	to, reason       string
	mapping          []string
	equalIDs, dryRun bool
}

// newInstanceMigrate lets an instance go on by another definition.
func newInstanceMigrate(r *remote) *cobra.Command {
	var m migration
	cmd := &cobra.Command{
		Use: "migrate INSTANCE", Short: "Let an instance go on by another version or process", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			body, err := m.body()
			if err != nil {
				return err
			}
			path := "/v2/process-instances/" + args[0] + "/migration"
			if !m.dryRun {
				return r.call(cmd.Context(), http.MethodPost, path, body, nil)
			}
			var report map[string]any
			if err := r.call(cmd.Context(), http.MethodPost, path, body, &report); err != nil {
				return err
			}
			return r.printMigration(report)
		},
	}
	m.flags(cmd)
	f := cmd.Flags()
	f.BoolVar(&m.dryRun, "dry-run", false, "tell what would happen, and change nothing")
	f.StringVar(&m.reason, "reason", "", "why this is done; goes to the audit log")
	return cmd
}

func (m *migration) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&m.to, "to", "", "key of the process definition to go on by")
	f.StringArrayVar(&m.mapping, "map", nil, "SOURCE=TARGET, ids of elements; none at all means equal ids")
	f.BoolVar(&m.equalIDs, "equal-ids", false, "what is not mapped keeps its id")
}

func (m migration) body() (map[string]any, error) {
	body, err := m.plan()
	if err != nil {
		return nil, err
	}
	body["dryRun"] = m.dryRun
	if m.reason != "" {
		body["reason"] = m.reason
	}
	return body, nil
}

// plan says where to, and what becomes of the elements.
func (m migration) plan() (map[string]any, error) {
	if !isKey(m.to) {
		return nil, &usageError{fmt.Errorf("--to wants the key of a process definition, not %q", m.to)}
	}
	mapping := []map[string]any{}
	for _, text := range m.mapping {
		source, target, ok := strings.Cut(text, "=")
		if !ok || source == "" || target == "" {
			return nil, &usageError{fmt.Errorf("--map wants SOURCE=TARGET, not %q", text)}
		}
		mapping = append(mapping, map[string]any{"sourceElementId": source, "targetElementId": target})
	}
	return map[string]any{"targetProcessDefinitionKey": m.to, "mappingInstructions": mapping, "equalIds": m.equalIDs}, nil
}

// printMigration prints what a migration would do, and then what forbids it.
func (r *remote) printMigration(report map[string]any) error {
	if r.format == "json" {
		return r.printJSON(report)
	}
	var lines []map[string]any
	for _, what := range []string{"moves", "stays", "armed", "withdrawn"} {
		list, _ := report[what].([]any)
		for _, item := range list {
			if line, ok := item.(map[string]any); ok {
				line["what"] = what
				lines = append(lines, line)
			}
		}
	}
	if err := r.print(lines, column{"WHAT", "what", nil}, column{"KIND", "kind", nil}, column{"KEY", "key", nil},
		column{"SOURCE", "sourceElementId", nil}, column{"TARGET", "targetElementId", nil}); err != nil {
		return err
	}
	var reasons []map[string]any
	list, _ := report["reasons"].([]any)
	for _, item := range list {
		if reason, ok := item.(map[string]any); ok {
			reasons = append(reasons, reason)
		}
	}
	if len(reasons) == 0 {
		return nil
	}
	return r.print(reasons, column{"REASON", "code", nil}, column{"ELEMENT", "elementId", nil}, column{"KEY", "key", nil},
		column{"MESSAGE", "message", nil})
}
