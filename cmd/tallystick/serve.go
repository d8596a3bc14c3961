package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"tallystick/host"
)

// newServe runs a node.
func newServe(io stdio) *cobra.Command {
	cfg := &config{}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the server",
		Long: `Run the server. Every flag can also be set as TALLYSTICK_<FLAG>, for instance TALLYSTICK_LISTEN.

The first start creates the user "admin" with the password in TALLYSTICK_ADMIN_PASSWORD, or with a generated one
that is printed once, and deploys examples/returns.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return serve(cmd.Context(), cfg, io) },
	}
	cfg.flags(cmd, io)
	return cmd
}

// serve opens a node, prepares a first start and runs until ctx ends.
func serve(ctx context.Context, cfg *config, io stdio) error {
	if err := cfg.validate(); err != nil {
		return err
	}
	log, err := cfg.logger(io)
	if err != nil {
		return err
	}
	if err := cfg.prepare(); err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(host.GCPercent)
	}
	s, err := open(ctx, cfg, log)
	if err != nil {
		return err
	}
	err = s.run(ctx, func(ctx context.Context) error {
		welcome, err := s.bootstrap(ctx)
		if err != nil {
			return err
		}
		fmt.Fprint(io.err, welcome)
		return nil
	})
	return errors.Join(err, s.close())
}
