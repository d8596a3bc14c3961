package bench

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// program is a running tallystick.
type program struct {
	cmd   *exec.Cmd
	ready time.Duration
}

// build compiles the program as make build does.
func (s *scope) build() string {
	binary := filepath.Join(filepath.Dir(strings.TrimPrefix(s.database("sqlite"), "sqlite:")), "tallystick")
	cmd := exec.CommandContext(s.Context(), "go", "build", "-trimpath", "-o", binary, "tallystick/cmd/tallystick")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		s.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

// launch starts the program and waits until it answers that it is ready.
func (s *scope) launch(binary, dsn string) program {
	l, err := (&net.ListenConfig{}).Listen(s.Context(), "tcp", "127.0.0.1:0")
	s.must(err)
	address := l.Addr().String()
	s.must(l.Close())
	cmd := exec.CommandContext(context.WithoutCancel(s.Context()), binary, "serve", "--listen", address, "--db", dsn)
	cmd.Env = append(os.Environ(), "TALLYSTICK_ADMIN_PASSWORD=a-password-of-the-benchmark")
	begin := time.Now()
	s.must(cmd.Start())
	s.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended
		_ = cmd.Wait()                          // the status of a program told to stop says nothing
	})
	for end := begin.Add(time.Minute); ; pause(2 * time.Millisecond) {
		if answers(s.Context(), "http://"+address+"/readyz") {
			return program{cmd, time.Since(begin)}
		}
		if time.Now().After(end) {
			s.Fatal("the program is not ready after a minute")
		}
	}
}

func answers(ctx context.Context, url string) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	r.Close = true // the next question may go to another program
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body) // only the status counts
	return res.StatusCode == http.StatusOK
}

func (s *scope) stop(p program) {
	s.must(p.cmd.Process.Signal(syscall.SIGTERM))
	s.must(p.cmd.Wait())
}

// idle measures the program itself, started on SQLite with the example and left alone.
func (x *bench) idle(s *scope) {
	binary := s.build()
	quiet := 5 * time.Second
	if x.quick {
		quiet = 2 * time.Second
	}
	var first, again, memory, cpu []float64
	for range x.runs {
		within(s, func(s *scope) {
			dsn := s.database("sqlite")
			p := s.launch(binary, dsn)
			first = append(first, milliseconds(p.ready))
			s.stop(p)
			p = s.launch(binary, dsn)
			again = append(again, milliseconds(p.ready))
			pause(quiet / 5)
			memory, cpu = append(memory, s.resident(p)), append(cpu, s.idleCPU(p.cmd.Process.Pid, quiet))
		})
	}
	x.table.add(
		summarize("idle/ready-first-start", "ms", first...).aimingAt("< 500"),
		summarize("idle/ready-later-start", "ms", again...).aimingAt("< 500"),
		summarize("idle/rss", "MiB", memory...).aimingAt("< 57 (60 MB)"),
		summarize("idle/cpu", "% core", cpu...).aimingAt("< 0.5"),
	)
}

func (s *scope) resident(p program) float64 {
	mib, err := residentMiB(strconv.Itoa(p.cmd.Process.Pid))
	s.must(err)
	return mib
}

// idleCPU is the share of a core, in percent, that a process uses when nobody asks anything of it.
func (s *scope) idleCPU(pid int, length time.Duration) float64 {
	before, err := readStat(pid)
	s.must(err)
	pause(length)
	after, err := readStat(pid)
	s.must(err)
	return 100 * float64(after.own-before.own) / float64(length)
}
