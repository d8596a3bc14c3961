package main

import (
	"fmt"
	"net/http"
	"time"

	"github.com/spf13/cobra"
)

// newClock moves the clock of a server that was started with --test-clock.
func newClock(r *remote) *cobra.Command {
	cmd := &cobra.Command{Use: "clock", Short: "Move the clock of a test server", Args: cobra.NoArgs, RunE: groupOnly}
	cmd.AddCommand(
		&cobra.Command{
			Use: "set TIME", Short: "Freeze the clock at an RFC 3339 time, or ahead of now by a duration (+24h)", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				at, err := clockTime(args[0], time.Now())
				if err != nil {
					return &usageError{err}
				}
				return r.call(cmd.Context(), http.MethodPut, "/v2/clock", map[string]any{"timestamp": at.UnixMilli()}, nil)
			},
		},
		&cobra.Command{
			Use: "reset", Short: "Give the server its real clock back", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				return r.call(cmd.Context(), http.MethodPost, "/v2/clock/reset", nil, nil)
			},
		},
	)
	return cmd
}

// clockTime reads an RFC 3339 time or "+duration" from now.
func clockTime(text string, now time.Time) (time.Time, error) {
	if len(text) > 0 && text[0] == '+' {
		d, err := time.ParseDuration(text[1:])
		return now.Add(d), err
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, fmt.Errorf("%q is neither an RFC 3339 time nor a duration like +24h", text)
	}
	return t, nil
}
