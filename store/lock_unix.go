//go:build unix

package store

import (
	"errors"
	"os"
	"syscall"
)

// lockFile takes the file for this process. The kernel gives it free when the process ends, however it ends.
func lockFile(path string) (release func() error, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, because(ErrUnavailable, err, "the lock file of the database cannot be opened")
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(locked(path, err), f.Close())
	}
	return func() error {
		// Closing alone would leave the lock to a child that was forked meanwhile and has not begun its program.
		return errors.Join(syscall.Flock(int(f.Fd()), syscall.LOCK_UN), f.Close())
	}, nil
}
