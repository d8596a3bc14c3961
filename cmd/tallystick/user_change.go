package main

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"
)

// newPassword is the environment variable of a password that is to be set.
const newPassword = "TALLYSTICK_NEW_PASSWORD"

func newUserUpdate(r *remote) *cobra.Command {
	var (
		name, email string
		password    bool
	)
	cmd := &cobra.Command{
		Use: "update USERNAME", Short: "Change name, mail address or password of a user", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			in := map[string]any{}
			if cmd.Flags().Changed("name") {
				in["name"] = name
			}
			if cmd.Flags().Changed("email") {
				in["email"] = email
			}
			if password {
				in["password"] = r.io.env(newPassword)
			}
			switch {
			case len(in) == 0:
				return &usageError{errors.New("nothing is to be changed: give --name, --email or --new-password")}
			case in["password"] == "":
				return &usageError{errors.New("--new-password takes the password from " + newPassword + ", which is empty")}
			}
			return r.call(cmd.Context(), http.MethodPut, userPath(args[0]), in, nil)
		},
	}
	cmd.Flags().StringVar(&name, "name", "", "full name")
	cmd.Flags().StringVar(&email, "email", "", "mail address")
	cmd.Flags().BoolVar(&password, "new-password", false, "set the password to "+newPassword)
	return cmd
}

func newUserDelete(r *remote) *cobra.Command {
	return &cobra.Command{
		Use: "delete USERNAME", Short: "Delete a user with all tokens and memberships", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.call(cmd.Context(), http.MethodDelete, userPath(args[0]), nil, nil)
		},
	}
}

func newUserPassword(r *remote) *cobra.Command {
	return &cobra.Command{
		Use: "password", Short: "Change the password of --user from --password to " + newPassword, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if r.token != "" {
				return &usageError{errors.New("a token says who one is, but no password: give --user and --password, and no token")}
			}
			in := map[string]any{"password": r.password, "newPassword": r.io.env(newPassword)}
			return r.call(cmd.Context(), http.MethodPut, "/v2/authentication/me/password", in, nil)
		},
	}
}

func newUserMember(r *remote, verb, short, method string) *cobra.Command {
	var roles, groups []string
	cmd := &cobra.Command{
		Use: verb + " USERNAME", Short: short, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(roles)+len(groups) == 0 {
				return &usageError{errors.New("give --role or --group")}
			}
			if err := knownRoles(roles); err != nil {
				return err
			}
			return r.member(cmd.Context(), method, args[0], roles, groups)
		},
	}
	memberFlags(cmd, &roles, &groups)
	return cmd
}

func newUserTokens(r *remote) *cobra.Command {
	return &cobra.Command{
		Use: "tokens USERNAME", Short: "List the API tokens of a user", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var out struct{ Items []map[string]any }
			if err := r.call(cmd.Context(), http.MethodGet, userPath(args[0])+"/tokens", nil, &out); err != nil {
				return err
			}
			return r.print(out.Items, column{"TOKEN ID", "tokenId", nil}, column{"EXPIRES", "expires", when})
		},
	}
}

func newUserRevoke(r *remote) *cobra.Command {
	return &cobra.Command{
		Use: "revoke USERNAME TOKENID", Short: "Revoke an API token", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.call(cmd.Context(), http.MethodDelete, userPath(args[0])+"/tokens/"+url.PathEscape(args[1]), nil, nil)
		},
	}
}
