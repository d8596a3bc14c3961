package main

import (
	"net/http"

	"github.com/spf13/cobra"
)

var incidentColumns = []column{
	{"INCIDENT", "incidentKey", nil},
	{"TYPE", "errorType", nil},
	{"ELEMENT", "elementId", nil},
	{"STATE", "state", nil},
	{"INSTANCE", "processInstanceKey", nil},
	{"MESSAGE", "errorMessage", nil},
}

// newIncident groups the commands about incidents.
func newIncident(r *remote) *cobra.Command {
	cmd := &cobra.Command{Use: "incident", Short: "List and resolve incidents", Args: cobra.NoArgs, RunE: groupOnly}
	cmd.AddCommand(newIncidentList(r), newIncidentResolve(r))
	return cmd
}

func newIncidentList(r *remote) *cobra.Command {
	var (
		state, instance string
		limit           int
	)
	cmd := &cobra.Command{
		Use: "list", Short: "List incidents", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			filter := map[string]any{}
			if state != "" {
				filter["state"] = state
			}
			if instance != "" {
				filter["processInstanceKey"] = instance
			}
			rows, err := r.search(cmd.Context(), "/v2/incidents/search", filter, limit)
			if err != nil {
				return err
			}
			return r.print(rows, incidentColumns...)
		},
	}
	f := cmd.Flags()
	f.StringVar(&state, "state", "ACTIVE", "ACTIVE or RESOLVED; empty for all")
	f.StringVar(&instance, "instance", "", "instance key")
	f.IntVar(&limit, "limit", 100, "most rows to show")
	return cmd
}

func newIncidentResolve(r *remote) *cobra.Command {
	var retries int
	cmd := &cobra.Command{
		Use: "resolve INCIDENT", Short: "Try the failed step again", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			in := map[string]any{}
			if retries > 0 {
				in["retries"] = retries
			}
			return r.call(cmd.Context(), http.MethodPost, "/v2/incidents/"+args[0]+"/resolution", in, nil)
		},
	}
	cmd.Flags().IntVar(&retries, "retries", 0, "retries that the failed job gets first")
	return cmd
}
