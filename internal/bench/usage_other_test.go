//go:build !unix

package bench

import (
	"errors"
	"time"
)

// ownTime is not known here: the benchmark needs Linux.
func ownTime() (time.Duration, error) {
	return 0, errors.New("the CPU time of a process is read on Unix only")
}
