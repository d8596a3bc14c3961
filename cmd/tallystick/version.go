package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is the released version; builds set it with -ldflags "-X main.version=…".
var version = "0.1.0-dev"

// build names the exact build: version and, where known, the commit.
func build() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				return version + "+" + s.Value[:12]
			}
		}
	}
	return version
}

// newVersion prints the version.
func newVersion(r *remote) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if r.format == "json" {
				return r.printJSON(map[string]string{"version": build(), "go": runtime.Version()})
			}
			_, err := fmt.Fprintln(r.io.out, "tallystick", build(), runtime.Version())
			return err
		},
	}
}
