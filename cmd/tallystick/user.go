package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tallystick/authz"
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
			for _, role := range roles {
				if !slices.Contains(authz.Roles(), role) {
					return &usageError{fmt.Errorf("--role is one of %s, not %q", strings.Join(authz.Roles(), ", "), role)}
				}
			}
			in := map[string]any{"username": args[0], "name": name, "email": email, "password": r.io.env("TALLYSTICK_NEW_PASSWORD")}
			if err := r.call(cmd.Context(), http.MethodPost, "/v2/users", in, nil); err != nil {
				return err
			}
			err := r.join(cmd.Context(), args[0], roles, groups)
			if err == nil {
				return nil
			}
			// A user without what was asked for is not left behind, not even when the command is interrupted.
			gone := r.call(context.WithoutCancel(cmd.Context()), http.MethodDelete, "/v2/users/"+url.PathEscape(args[0]), nil, nil)
			if gone != nil {
				return fmt.Errorf("%w; the user %s was created and could not be deleted again: %w", err, args[0], gone)
			}
			return fmt.Errorf("%w; the user %s was not created", err, args[0])
		},
	}
	f := cmd.Flags()
	f.StringVar(&name, "name", "", "full name")
	f.StringVar(&email, "email", "", "mail address")
	f.StringSliceVar(&roles, "role", nil, "role: "+strings.Join(authz.Roles(), ", ")+" (repeatable)")
	f.StringSliceVar(&groups, "group", nil, "group (repeatable)")
	return cmd
}

// join gives a user roles and groups.
func (r *remote) join(ctx context.Context, username string, roles, groups []string) error {
	var paths []string
	for _, role := range roles {
		paths = append(paths, "/v2/roles/"+url.PathEscape(role))
	}
	for _, group := range groups {
		paths = append(paths, "/v2/groups/"+url.PathEscape(group))
	}
	for _, path := range paths {
		if err := r.call(ctx, http.MethodPut, path+"/users/"+url.PathEscape(username), nil, nil); err != nil {
			return err
		}
	}
	return nil
}

func newUserList(r *remote) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List users", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			rows, err := r.most(cmd.Context(), "/v2/users/search", map[string]any{}, "users")
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
