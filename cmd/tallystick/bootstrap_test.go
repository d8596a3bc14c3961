package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/spf13/cobra"

	"tallystick/authz"
	"tallystick/internal/pgtest"
)

// TestFirstAdminOfTwo: of two nodes that find the same database without accounts one says a password, and it is the
// one that holds.
func TestFirstAdminOfTwo(t *testing.T) {
	for name, dsn := range map[string]string{
		"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "first.db"), "postgres": pgtest.Start(t),
	} {
		t.Run(name, func(t *testing.T) {
			cfg := &config{}
			cfg.flags(&cobra.Command{}, stdio{env: func(string) string { return "" }})
			cfg.listen, cfg.db = "127.0.0.1:0", dsn
			s, err := open(t.Context(), cfg, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			defer s.close()
			ctx, stop := context.WithCancel(t.Context())
			err = s.run(ctx, func(ctx context.Context) error {
				defer stop()
				first, err := s.firstAdmin(ctx)
				if err != nil || len(first) < 20 {
					t.Errorf("the first says %q, %v", first, err)
				}
				if second, err := s.firstAdmin(ctx); second != "" || err != nil {
					t.Errorf("the second says %q, %v", second, err)
				}
				policy, err := authz.New(authz.Options{Accounts: s.db})
				if err != nil {
					return err
				}
				_, err = authz.NewAuthenticator(policy).Basic(ctx, adminName, first)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}
