package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"

	"github.com/spf13/cobra"
)

// newBatch groups the commands about batch operations.
func newBatch(r *remote) *cobra.Command {
	cmd := &cobra.Command{Use: "batch", Short: "Do one thing to all instances that match, and see how far it is", Args: cobra.NoArgs, RunE: groupOnly}
	create := &cobra.Command{Use: "create", Short: "Create a batch operation", Args: cobra.NoArgs, RunE: groupOnly}
	create.AddCommand(
		newBatchCreate(r, "cancel", "cancellation", "Cancel the instances that match"),
		newBatchCreate(r, "resolve", "incident-resolution", "Resolve the incidents of the instances that match"),
		newBatchCreate(r, "suspend", "suspension", "Suspend the instances that match"),
		newBatchCreate(r, "resume", "resumption", "Resume the instances that match"),
		newBatchCreate(r, "delete", "deletion", "Forget the ended instances that match, and those that they called"),
		newBatchModify(r), newBatchMigrate(r))
	cmd.AddCommand(create, newBatchList(r), newBatchShow(r),
		newBatchCommand(r, "cancel", "cancellation", "Cancel what is left of a batch operation"),
		newBatchCommand(r, "suspend", "suspension", "Let a batch operation rest"),
		newBatchCommand(r, "resume", "resumption", "Let a batch operation go on"))
	return cmd
}

var batchColumns = []column{
	{"BATCH", "batchOperationKey", nil},
	{"TYPE", "batchOperationType", nil},
	{"STATE", "state", nil},
	{"TOTAL", "operationsTotalCount", nil},
	{"COMPLETED", "operationsCompletedCount", nil},
	{"FAILED", "operationsFailedCount", nil},
	{"SKIPPED", "operationsSkippedCount", nil},
	{"BY", "actorId", nil},
	{"CREATED", "creationDate", when},
	{"ENDED", "endDate", when},
}

// selection is what batch create commands have in common: which instances, and why.
type selection struct {
	process, reason  string
	version          int
	incident, dryRun bool
}

func (s *selection) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&s.process, "process", "", "process id")
	f.IntVar(&s.version, "version", 0, "version of the process; 0 for all")
	f.BoolVar(&s.incident, "incident", false, "only instances with an open incident")
	f.BoolVar(&s.dryRun, "dry-run", false, "only tell how many items there would be")
	f.StringVar(&s.reason, "reason", "", "why; it goes to the audit log")
}

func (s selection) body() (map[string]any, error) {
	if s.process == "" {
		return nil, &usageError{fmt.Errorf("--process is required")}
	}
	filter := map[string]any{"processDefinitionId": s.process}
	if s.version > 0 {
		filter["processDefinitionVersion"] = s.version
	}
	if s.incident {
		filter["hasIncident"] = true
	}
	in := map[string]any{"filter": filter, "dryRun": s.dryRun}
	if s.reason != "" {
		in["reason"] = s.reason
	}
	return in, nil
}

// create asks for a batch operation and prints what it was created as.
func (s selection) create(ctx context.Context, r *remote, route string, instructions map[string]any) error {
	in, err := s.body()
	if err != nil {
		return err
	}
	maps.Copy(in, instructions)
	var made map[string]any
	if err := r.call(ctx, http.MethodPost, "/v2/process-instances/"+route, in, &made); err != nil {
		return err
	}
	return r.print([]map[string]any{made}, batchColumns[0], batchColumns[1], batchColumns[3])
}

func newBatchCreate(r *remote, verb, route, short string) *cobra.Command {
	var s selection
	cmd := &cobra.Command{
		Use: verb, Short: short, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.create(cmd.Context(), r, route, nil) },
	}
	s.flags(cmd)
	return cmd
}

func newBatchList(r *remote) *cobra.Command {
	var (
		state string
		limit int
	)
	cmd := &cobra.Command{
		Use: "list", Short: "List batch operations", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			filter := map[string]any{}
			if state != "" {
				filter["state"] = state
			}
			rows, err := r.search(cmd.Context(), "/v2/batch-operations/search", filter, limit)
			if err != nil {
				return err
			}
			return r.print(rows, batchColumns...)
		},
	}
	f := cmd.Flags()
	f.StringVar(&state, "state", "", "CREATED, ACTIVE, SUSPENDED, COMPLETED, PARTIALLY_COMPLETED, FAILED or CANCELED; empty for all")
	f.IntVar(&limit, "limit", 100, "most rows to show")
	return cmd
}

// newBatchShow shows a batch operation and what failed in it.
func newBatchShow(r *remote) *cobra.Command {
	return &cobra.Command{
		Use: "show BATCH", Short: "Show how far a batch operation is, and what failed", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var batch map[string]any
			if err := r.call(cmd.Context(), http.MethodGet, "/v2/batch-operations/"+args[0], nil, &batch); err != nil {
				return err
			}
			failed, err := r.search(cmd.Context(), "/v2/batch-operation-items/search", map[string]any{"batchOperationKey": args[0], "state": "FAILED"}, 100)
			if err != nil {
				return err
			}
			if r.format == "json" {
				batch["failed"] = failed
				return r.printJSON(batch)
			}
			if err := r.print([]map[string]any{batch}, batchColumns...); err != nil || len(failed) == 0 {
				return err
			}
			return r.print(failed, column{"ITEM", "itemKey", nil}, column{"INSTANCE", "processInstanceKey", nil},
				column{"CODE", "errorCode", nil}, column{"MESSAGE", "errorMessage", nil})
		},
	}
}

// newBatchCommand is a command that takes nothing but a batch operation.
func newBatchCommand(r *remote, verb, route, short string) *cobra.Command {
	return &cobra.Command{
		Use: verb + " BATCH", Short: short, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.call(cmd.Context(), http.MethodPost, "/v2/batch-operations/"+args[0]+"/"+route, nil, nil)
		},
	}
}
