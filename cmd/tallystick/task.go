package main

import (
	"net/http"
	"time"

	"github.com/spf13/cobra"
)

// newTask groups the commands of a task list.
func newTask(r *remote) *cobra.Command {
	cmd := &cobra.Command{Use: "task", Short: "List, show, claim and complete user tasks", Args: cobra.NoArgs, RunE: groupOnly}
	cmd.AddCommand(newTaskList(r), newTaskShow(r), newTaskClaim(r), newTaskComplete(r))
	return cmd
}

// groupOnly answers a group command that was called without one of its commands.
func groupOnly(cmd *cobra.Command, _ []string) error {
	_ = cmd.Help()
	return &silentError{exitUsage}
}

func newTaskList(r *remote) *cobra.Command {
	var (
		state, group, assignee, instance string
		limit                            int
		wait                             time.Duration
	)
	cmd := &cobra.Command{
		Use: "list", Short: "List user tasks", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			filter := map[string]any{}
			for field, v := range map[string]string{"state": state, "candidateGroup": group, "assignee": assignee, "processInstanceKey": instance} {
				if v != "" {
					filter[field] = v
				}
			}
			rows, err := r.searchUntil(cmd.Context(), "/v2/user-tasks/search", filter, limit, wait)
			if err != nil {
				return err
			}
			return r.print(rows, column{"TASK", "userTaskKey", nil}, column{"NAME", "name", nil}, column{"STATE", "state", nil},
				column{"ASSIGNEE", "assignee", nil}, column{"GROUPS", "candidateGroups", nil}, column{"DUE", "dueDate", when},
				column{"INSTANCE", "processInstanceKey", nil})
		},
	}
	f := cmd.Flags()
	f.StringVar(&state, "state", "CREATED", "state, empty for all")
	f.StringVar(&group, "group", "", "candidate group")
	f.StringVar(&assignee, "assignee", "", "assignee")
	f.StringVar(&instance, "instance", "", "instance key")
	f.IntVar(&limit, "limit", 100, "most rows to show")
	f.DurationVar(&wait, "wait", 0, "wait up to this long for the first task")
	return cmd
}

func newTaskShow(r *remote) *cobra.Command {
	return &cobra.Command{
		Use: "show TASK", Short: "Show a user task with its variables", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var task map[string]any
			if err := r.call(cmd.Context(), http.MethodGet, "/v2/user-tasks/"+args[0], nil, &task); err != nil {
				return err
			}
			vars, err := r.most(cmd.Context(), "/v2/user-tasks/"+args[0]+"/variables/search", nil, "variables")
			if err != nil {
				return err
			}
			if r.format == "json" {
				task["variables"] = vars
				return r.printJSON(task)
			}
			if err := r.print([]map[string]any{task}, column{"TASK", "userTaskKey", nil}, column{"NAME", "name", nil},
				column{"STATE", "state", nil}, column{"ASSIGNEE", "assignee", nil}, column{"GROUPS", "candidateGroups", nil},
				column{"DUE", "dueDate", when}); err != nil {
				return err
			}
			return r.print(vars, variableColumns...)
		},
	}
}

func newTaskClaim(r *remote) *cobra.Command {
	var assignee string
	cmd := &cobra.Command{
		Use: "claim TASK", Short: "Claim a task for yourself, or assign it with --for", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			who := assignee
			if who == "" {
				var me struct {
					Username string `json:"username"`
				}
				if err := r.call(cmd.Context(), http.MethodGet, "/v2/authentication/me", nil, &me); err != nil {
					return err
				}
				who = me.Username
			}
			in := map[string]any{"assignee": who, "allowOverride": false}
			return r.call(cmd.Context(), http.MethodPost, "/v2/user-tasks/"+args[0]+"/assignment", in, nil)
		},
	}
	cmd.Flags().StringVar(&assignee, "for", "", "user who gets the task")
	return cmd
}

func newTaskComplete(r *remote) *cobra.Command {
	var vars []string
	cmd := &cobra.Command{
		Use: "complete TASK", Short: "Complete a task with variables", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			values, err := variables(vars)
			if err != nil {
				return err
			}
			return r.call(cmd.Context(), http.MethodPost, "/v2/user-tasks/"+args[0]+"/completion", map[string]any{"variables": values}, nil)
		},
	}
	cmd.Flags().StringArrayVar(&vars, "var", nil, "variable name=value; JSON or text")
	return cmd
}
