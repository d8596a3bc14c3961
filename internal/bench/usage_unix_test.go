//go:build unix

package bench

import (
	"syscall"
	"time"
)

// ownTime is the CPU time of this process.
func ownTime() (time.Duration, error) {
	var self syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &self)
	return time.Duration(self.Utime.Nano() + self.Stime.Nano()), err
}
