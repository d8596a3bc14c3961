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
	cmd := &cobra.Command{Use: "user", Short: "Create, change and delete users, give them roles and groups, issue and revoke tokens", Args: cobra.NoArgs, RunE: groupOnly}
	cmd.AddCommand(newUserCreate(r), newUserList(r), newUserUpdate(r), newUserDelete(r), newUserPassword(r),
		newUserMember(r, "grant", "Give a user roles and groups", http.MethodPut),
		newUserMember(r, "withdraw", "Take roles and groups from a user", http.MethodDelete),
		newUserToken(r), newUserTokens(r), newUserRevoke(r))
	return cmd
}

func newUserCreate(r *remote) *cobra.Command {
	var (
		name, email   string
		roles, groups []string
	)
	cmd := &cobra.Command{
		Use:   "create USERNAME",
		Short: "Create a user; the password comes from " + newPassword,
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := knownRoles(roles); err != nil {
				return err
			}
			in := map[string]any{"username": args[0], "name": name, "email": email, "password": r.io.env(newPassword)}
			if err := r.call(cmd.Context(), http.MethodPost, "/v2/users", in, nil); err != nil {
				return err
			}
			err := r.member(cmd.Context(), http.MethodPut, args[0], roles, groups)
			if err == nil {
				return nil
			}
			// A user without what was asked for is not left behind, not even when the command is interrupted.
			gone := r.call(context.WithoutCancel(cmd.Context()), http.MethodDelete, userPath(args[0]), nil, nil)
			if gone != nil {
				return fmt.Errorf("%w; the user %s was created and could not be deleted again: %w", err, args[0], gone)
			}
			return fmt.Errorf("%w; the user %s was not created", err, args[0])
		},
	}
	f := cmd.Flags()
	f.StringVar(&name, "name", "", "full name")
	f.StringVar(&email, "email", "", "mail address")
	memberFlags(cmd, &roles, &groups)
	return cmd
}

func memberFlags(cmd *cobra.Command, roles, groups *[]string) {
	cmd.Flags().StringSliceVar(roles, "role", nil, "role: "+strings.Join(authz.Roles(), ", ")+" (repeatable)")
	cmd.Flags().StringSliceVar(groups, "group", nil, "group (repeatable)")
}

func knownRoles(roles []string) error {
	for _, role := range roles {
		if !slices.Contains(authz.Roles(), role) {
			return &usageError{fmt.Errorf("--role is one of %s, not %q", strings.Join(authz.Roles(), ", "), role)}
		}
	}
	return nil
}

func userPath(username string) string { return "/v2/users/" + url.PathEscape(username) }

// member puts a user into roles and groups, or takes it out of them, as the method says.
func (r *remote) member(ctx context.Context, method, username string, roles, groups []string) error {
	var paths []string
	for _, role := range roles {
		paths = append(paths, "/v2/roles/"+url.PathEscape(role))
	}
	for _, group := range groups {
		paths = append(paths, "/v2/groups/"+url.PathEscape(group))
	}
	for _, path := range paths {
		if err := r.call(ctx, method, path+"/users/"+url.PathEscape(username), nil, nil); err != nil {
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
			if err := r.call(cmd.Context(), http.MethodPost, userPath(args[0])+"/tokens", in, &out); err != nil {
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
