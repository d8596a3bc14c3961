package main

import (
	"net/http"
	"net/url"

	"github.com/spf13/cobra"
)

// newDefinition groups the commands about deployed processes.
func newDefinition(r *remote) *cobra.Command {
	cmd := &cobra.Command{Use: "definition", Short: "Suspend and resume deployed processes", Args: cobra.NoArgs, RunE: groupOnly}
	cmd.AddCommand(
		newDefinitionCommand(r, "suspend", "suspension", "Let no instance of a process start until it is resumed"),
		newDefinitionCommand(r, "resume", "resumption", "Let a suspended process start again"),
		&cobra.Command{
			Use: "suspended", Short: "List the processes and job types that are suspended", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				var list struct {
					Items []map[string]any `json:"items"`
				}
				if err := r.call(cmd.Context(), http.MethodGet, "/v2/suspensions", nil, &list); err != nil {
					return err
				}
				return r.print(list.Items, column{"PROCESS", "processDefinitionId", nil}, column{"VERSION", "processDefinitionVersion", nil},
					column{"JOB TYPE", "jobType", nil}, column{"SINCE", "suspendedDate", when}, column{"BY", "suspendedBy", nil}, column{"REASON", "reason", nil})
			},
		})
	return cmd
}

func newDefinitionCommand(r *remote, verb, route, short string) *cobra.Command {
	var (
		every  bool
		reason string
	)
	cmd := &cobra.Command{
		Use: verb + " DEFINITION", Short: short, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			in := map[string]any{"allVersions": every, "reason": reason}
			return r.call(cmd.Context(), http.MethodPost, "/v2/process-definitions/"+args[0]+"/"+route, in, nil)
		},
	}
	cmd.Flags().BoolVar(&every, "all-versions", false, "every version of the process, also those to come")
	cmd.Flags().StringVar(&reason, "reason", "", "why; it is in the audit log, and those who try to start are told")
	return cmd
}

// newJob groups the commands about job types.
func newJob(r *remote) *cobra.Command {
	cmd := &cobra.Command{Use: "job", Short: "Suspend and resume job types", Args: cobra.NoArgs, RunE: groupOnly}
	cmd.AddCommand(
		newJobCommand(r, "suspend", "suspension", "Hand out no jobs of a type until it is resumed"),
		newJobCommand(r, "resume", "resumption", "Hand out the jobs of a suspended type again"))
	return cmd
}

func newJobCommand(r *remote, verb, route, short string) *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use: verb + " TYPE", Short: short, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.call(cmd.Context(), http.MethodPost, "/v2/job-types/"+url.PathEscape(args[0])+"/"+route, map[string]any{"reason": reason}, nil)
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why; it is in the audit log")
	return cmd
}
