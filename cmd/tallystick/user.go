package main

import (
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"
)

// newUser groups the commands about accounts.
func newUser(r *remote) *cobra.Command {
	cmd := &cobra.Command{Use: "user", Short: "Create users, give them roles and groups, issue tokens", Args: cobra.NoArgs, RunE: groupOnly}
	cmd.AddCommand(newUserCreate(r), newUserList(r), newUserToken(r))
	return cmd
}

func newUserCreate(r *remote) *cobra.Command {
	var (
		name, email   string
		roles, groups []string
	)
	cmd := &cobra.Command{
		Use:   "create USERNAME",
		Short: "Create a user; the password comes from TALLYSTICK_NEW_PASSWORD",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			in := map[string]any{"username": args[0], "name": name, "email": email, "password": r.io.env("TALLYSTICK_NEW_PASSWORD")}
			if err := r.call(cmd.Context(), http.MethodPost, "/v2/users", in, nil); err != nil {
				return err
			}
			for kind, names := range map[string][]string{"/v2/roles/": roles, "/v2/groups/": groups} {
				for _, n := range names {
					path := kind + url.PathEscape(n) + "/users/" + url.PathEscape(args[0])
					if err := r.call(cmd.Context(), http.MethodPut, path, nil, nil); err != nil {
						return err
					}
				}
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&name, "name", "", "full name")
	f.StringVar(&email, "email", "", "mail address")
	f.StringSliceVar(&roles, "role", nil, "role: admin, modeler, operator, clerk, worker or auditor (repeatable)")
	f.StringSliceVar(&groups, "group", nil, "group (repeatable)")
	return cmd
}

func newUserList(r *remote) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List users", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			rows, err := r.search(cmd.Context(), "/v2/users/search", map[string]any{}, 1000)
			if err != nil {
				return err
			}
			return r.print(rows, column{"USER", "username", nil}, column{"NAME", "name", nil},
				column{"ROLES", "roles", nil}, column{"GROUPS", "groups", nil})
		},
	}
}

func newUserToken(r *remote) *cobra.Command {
	var days int
	cmd := &cobra.Command{
		Use: "token USERNAME", Short: "Issue an API token; it is shown once", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			in := map[string]any{"expires": time.Now().UTC().AddDate(0, 0, days).Format(time.RFC3339)}
			var out map[string]any
			if err := r.call(cmd.Context(), http.MethodPost, "/v2/users/"+url.PathEscape(args[0])+"/tokens", in, &out); err != nil {
				return err
			}
			if r.format == "json" {
				return r.printJSON(out)
			}
			return r.print([]map[string]any{out}, column{"TOKEN", "token", nil}, column{"EXPIRES", "expires", when})
		},
	}
	cmd.Flags().IntVar(&days, "days", 30, "days until the token expires")
	return cmd
}
