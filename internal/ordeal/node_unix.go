//go:build unix

package ordeal

import (
	"errors"
	"os"
	"os/exec"
	"sync"
	"syscall"
)

// family is a process group that dies with this process.
type family struct {
	group    int
	lifeline *os.File // kept here, or the garbage collector would close it
}

// keeper founds the family: a shell that waits for the end of file descriptor 3, whose other end only this process
// holds, and then kills its own group, however this process ended.
var keeper = sync.OnceValues(func() (family, error) {
	end, lifeline, err := os.Pipe()
	if err != nil {
		return family{}, err
	}
	cmd := exec.Command("/bin/sh", "-c", "cat <&3; kill -KILL 0")
	cmd.ExtraFiles = []*os.File{end}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return family{}, errors.Join(err, end.Close(), lifeline.Close())
	}
	return family{cmd.Process.Pid, lifeline}, end.Close()
})

// tie lets cmd die with this process.
func tie(cmd *exec.Cmd) error {
	f, err := keeper()
	if err != nil {
		return err
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pgid: f.group}
	return nil
}
