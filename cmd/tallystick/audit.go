package main

import (
	"io"
	"net/http"
	"net/url"
	"os"

	"github.com/spf13/cobra"
)

// newAudit groups the commands of auditors.
func newAudit(r *remote) *cobra.Command {
	cmd := &cobra.Command{Use: "audit", Short: "List, export and verify the audit log", Args: cobra.NoArgs, RunE: groupOnly}
	cmd.AddCommand(newAuditList(r), newAuditExport(r), newAuditVerify(r))
	return cmd
}

func newAuditList(r *remote) *cobra.Command {
	var (
		instance, stream, actor, outcome string
		limit                            int
	)
	cmd := &cobra.Command{
		Use: "list", Short: "List audit entries in the order they were written", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			filter := map[string]any{}
			for field, v := range map[string]string{"processInstanceKey": instance, "stream": stream, "actor": actor, "outcome": outcome} {
				if v != "" {
					filter[field] = v
				}
			}
			rows, err := r.atMost(cmd.Context(), "/v2/audit-entries/search", filter, limit, "entries")
			if err != nil {
				return err
			}
			return r.print(rows, column{"TIME", "time", when}, column{"STREAM", "stream", nil}, column{"SEQ", "seq", nil},
				column{"ACTOR", "actor", nil}, column{"ACTION", "action", nil}, column{"OUTCOME", "outcome", nil},
				column{"ELEMENT", "elementId", nil})
		},
	}
	f := cmd.Flags()
	f.StringVar(&instance, "instance", "", "instance key")
	f.StringVar(&stream, "stream", "", "stream, for instance pi/16777216")
	f.StringVar(&actor, "actor", "", "actor, for instance user:ann")
	f.StringVar(&outcome, "outcome", "", "ok or denied")
	f.IntVar(&limit, "limit", 1000, "most rows to show")
	return cmd
}

func newAuditExport(r *remote) *cobra.Command {
	var instance, file string
	cmd := &cobra.Command{
		Use: "export", Short: "Export the audit log as JSON lines that can be verified offline", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			path := "/v2/audit-entries/export"
			if instance != "" {
				path += "?processInstanceKey=" + url.QueryEscape(instance)
			}
			res, err := r.send(cmd.Context(), http.MethodGet, path, "", nil)
			if err != nil {
				return err
			}
			defer res.Body.Close()
			if file == "" {
				_, err = io.Copy(r.io.out, res.Body)
				return err
			}
			out, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
			if err != nil {
				return err
			}
			if _, err := io.Copy(out, res.Body); err != nil {
				out.Close() // the copy says what went wrong
				return err
			}
			return out.Close()
		},
	}
	f := cmd.Flags()
	f.StringVar(&instance, "instance", "", "only the stream of this instance")
	f.StringVar(&file, "file", "", "write to this file instead of standard output")
	return cmd
}
