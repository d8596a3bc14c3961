package main

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/spf13/cobra"
)

// newStart starts an instance.
func newStart(r *remote) *cobra.Command {
	var (
		vars       []string
		version    int
		businessID string
		wait       time.Duration
	)
	cmd := &cobra.Command{
		Use:   "start PROCESS_ID",
		Short: "Start a process instance",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			values, err := variables(vars)
			if err != nil {
				return err
			}
			in := map[string]any{"processDefinitionId": args[0], "variables": values}
			if version != 0 {
				in["processDefinitionVersion"] = version
			}
			if businessID != "" {
				in["businessId"] = businessID
			}
			if wait > 0 {
				in["awaitCompletion"] = true
				in["requestTimeout"] = wait.Milliseconds()
			}
			var out json.RawMessage // numbers stay as they are written
			if err := r.call(cmd.Context(), http.MethodPost, "/v2/process-instances", in, &out); err != nil {
				return err
			}
			return r.printStarted(out, wait > 0)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&vars, "var", nil, "variable name=value; JSON or text, the name may be a path (claim.amount=49)")
	f.IntVar(&version, "version", 0, "version of the process, 0 is the latest")
	f.StringVar(&businessID, "business-id", "", "business id of the instance")
	f.DurationVar(&wait, "wait", 0, "wait up to this long for the instance to complete and print its variables")
	return cmd
}

// printStarted prints a new instance and, when it was waited for, the variables with which it completed.
func (r *remote) printStarted(answer json.RawMessage, completed bool) error {
	if r.format == "json" {
		return r.printJSON(answer)
	}
	var instance map[string]any
	var end struct {
		Variables map[string]json.RawMessage `json:"variables"`
	}
	if err := errors.Join(json.Unmarshal(answer, &instance), json.Unmarshal(answer, &end)); err != nil {
		return err
	}
	err := r.print([]map[string]any{instance}, column{"INSTANCE", "processInstanceKey", nil},
		column{"PROCESS", "processDefinitionId", nil}, column{"VERSION", "processDefinitionVersion", nil})
	if err != nil || !completed {
		return err
	}
	var rows []map[string]any
	for _, name := range slices.Sorted(maps.Keys(end.Variables)) {
		rows = append(rows, map[string]any{"name": name, "value": string(end.Variables[name])})
	}
	return r.print(rows, variableColumns...)
}
