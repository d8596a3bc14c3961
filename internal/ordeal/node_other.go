//go:build !unix

package ordeal

import "os/exec"

// tie would let cmd die with this process; there are no process groups here.
func tie(*exec.Cmd) error { return nil }
