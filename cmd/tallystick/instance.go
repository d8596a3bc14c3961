package main

import (
	"net/http"
	"time"

	"github.com/spf13/cobra"
)

// newInstance groups the commands about process instances.
func newInstance(r *remote) *cobra.Command {
	cmd := &cobra.Command{Use: "instance", Short: "List, show, cancel, suspend, resume, modify and migrate process instances", Args: cobra.NoArgs, RunE: groupOnly}
	cmd.AddCommand(newInstanceList(r), newInstanceShow(r), newInstanceModify(r), newInstanceMigrate(r),
		newInstanceCommand(r, "cancel", "cancellation", "Cancel a running instance"),
		newInstanceCommand(r, "suspend", "suspension", "Let an instance rest until it is resumed"),
		newInstanceCommand(r, "resume", "resumption", "Let a suspended instance go on"),
		newInstanceCommand(r, "delete", "deletion", "Forget an ended instance and those that it called"))
	return cmd
}

var instanceColumns = []column{
	{"INSTANCE", "processInstanceKey", nil},
	{"PROCESS", "processDefinitionId", nil},
	{"VERSION", "processDefinitionVersion", nil},
	{"STATE", "state", nil},
	{"INCIDENT", "hasIncident", nil},
	{"STARTED", "startDate", when},
	{"ENDED", "endDate", when},
}

func newInstanceList(r *remote) *cobra.Command {
	var (
		state, process string
		incident       bool
		limit          int
	)
	cmd := &cobra.Command{
		Use: "list", Short: "List process instances", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			filter := map[string]any{}
			if state != "" {
				filter["state"] = state
			}
			if process != "" {
				filter["processDefinitionId"] = process
			}
			if incident {
				filter["hasIncident"] = true
			}
			rows, err := r.search(cmd.Context(), "/v2/process-instances/search", filter, limit)
			if err != nil {
				return err
			}
			return r.print(rows, instanceColumns...)
		},
	}
	f := cmd.Flags()
	f.StringVar(&state, "state", "", "ACTIVE, SUSPENDED, COMPLETED or TERMINATED; empty for all")
	f.StringVar(&process, "process", "", "process id")
	f.BoolVar(&incident, "incident", false, "only instances with an open incident")
	f.IntVar(&limit, "limit", 100, "most rows to show")
	return cmd
}

func newInstanceShow(r *remote) *cobra.Command {
	var wait time.Duration
	cmd := &cobra.Command{
		Use: "show INSTANCE", Short: "Show an instance: where it stands, its variables and incidents", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, key := cmd.Context(), map[string]any{"processInstanceKey": args[0]}
			if wait > 0 {
				ended := map[string]any{"processInstanceKey": args[0], "endDate": map[string]any{"$exists": true}}
				if _, err := r.searchUntil(ctx, "/v2/process-instances/search", ended, 1, wait); err != nil {
					return err
				}
			}
			var instance map[string]any
			if err := r.call(ctx, http.MethodGet, "/v2/process-instances/"+args[0], nil, &instance); err != nil {
				return err
			}
			elements, err := r.most(ctx, "/v2/element-instances/search", key, "element instances")
			if err != nil {
				return err
			}
			vars, err := r.most(ctx, "/v2/variables/search", map[string]any{"processInstanceKey": args[0], "scopeKey": args[0]}, "variables")
			if err != nil {
				return err
			}
			incidents, err := r.most(ctx, "/v2/incidents/search", map[string]any{"processInstanceKey": args[0], "state": "ACTIVE"}, "incidents")
			if err != nil {
				return err
			}
			return r.printInstance(instance, elements, vars, incidents)
		},
	}
	cmd.Flags().DurationVar(&wait, "wait", 0, "wait up to this long for the end of the instance")
	return cmd
}

// printInstance prints the parts of an instance one after the other.
func (r *remote) printInstance(instance map[string]any, elements, vars, incidents []map[string]any) error {
	if r.format == "json" {
		instance["elements"], instance["variables"], instance["incidents"] = elements, vars, incidents
		return r.printJSON(instance)
	}
	if err := r.print([]map[string]any{instance}, instanceColumns...); err != nil {
		return err
	}
	if err := r.print(elements, column{"ELEMENT", "elementId", nil}, column{"TYPE", "type", nil}, column{"STATE", "state", nil},
		column{"STARTED", "startDate", when}, column{"ENDED", "endDate", when}); err != nil {
		return err
	}
	if err := r.print(vars, variableColumns...); err != nil {
		return err
	}
	if len(incidents) == 0 {
		return nil
	}
	return r.print(incidents, incidentColumns...)
}

// newInstanceCommand is a command that takes nothing but an instance.
func newInstanceCommand(r *remote, verb, route, short string) *cobra.Command {
	return &cobra.Command{
		Use: verb + " INSTANCE", Short: short, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.call(cmd.Context(), http.MethodPost, "/v2/process-instances/"+args[0]+"/"+route, nil, nil)
		},
	}
}
