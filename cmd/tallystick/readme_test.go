package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the output of README commands into README.md")

// TestREADME runs every command of the README in a fresh copy of the tree, in order, in one shell per block, and
// compares what they print. Times are compared by their form. "make test" is the run that this test is part of.
func TestREADME(t *testing.T) {
	for _, tool := range []string{"make", "curl", "bash", "git"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("the README's commands need %s: %v", tool, err)
		}
	}
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	shop := newReader(t)
	var out bytes.Buffer
	lines := strings.SplitAfter(string(text), "\n")
	for i := 0; i < len(lines); i++ {
		out.WriteString(lines[i])
		if strings.TrimSpace(lines[i]) != "```console" {
			continue
		}
		for i++; strings.TrimSpace(lines[i]) != "```"; {
			command := strings.TrimPrefix(lines[i], "$ ")
			if command == lines[i] {
				t.Fatalf("README.md:%d: a console block starts with output", i+1)
			}
			at, want := i+1, ""
			for i++; !strings.HasPrefix(lines[i], "$ ") && strings.TrimSpace(lines[i]) != "```"; i++ {
				want += lines[i]
			}
			got := shop.run(t, strings.TrimSuffix(command, "\n"))
			if plain(got) != plain(want) && !*update {
				t.Errorf("README.md:%d: %s\nprinted:\n%s\nthe README says:\n%s", at, command, got, want)
			}
			out.WriteString("$ " + command + got)
		}
		out.WriteString(lines[i])
	}
	if *update {
		if err := os.WriteFile("../../README.md", out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

var (
	timeForm   = regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z`)
	hashForm   = regexp.MustCompile(`[0-9a-f]{32,}`)
	uuidForm   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	portForm   = regexp.MustCompile(`127\.0\.0\.1:\d+|"port":\d+`)
	buildForm  = regexp.MustCompile(`0\.1\.0-dev(\+[0-9a-f]+)?`)
	latestForm = regexp.MustCompile(`\d+(\.\d+)?(µs|ms|s)\b`)
	turnForm   = regexp.MustCompile(`(pi/\d+)\s+\d+`)
	countForm  = regexp.MustCompile(`\d+ (entries|streams|checked)|(private parts|line): ?\d+|line \d+`)
	spaceForm  = regexp.MustCompile(`[ \t]+`)
)

// plain replaces what differs from run to run by its form: times, names of installations, how often workers looked
// for jobs, and the order of two jobs that are done side by side.
func plain(s string) string {
	for _, f := range []struct {
		form *regexp.Regexp
		with string
	}{{timeForm, "TIME"}, {uuidForm, "UUID"}, {hashForm, "HASH"}, {portForm, "PORT"}, {buildForm, "BUILD"}, {latestForm, "TOOK"}, {turnForm, "$1 SEQ"}, {countForm, "N"}, {spaceForm, " "}} {
		s = f.form.ReplaceAllString(s, f.with)
	}
	lines := strings.Split(strings.TrimSpace(s), "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// reader is somebody who follows the README in a fresh copy of the tree.
type reader struct {
	dir, port string
	env       []string
}

func newReader(t *testing.T) *reader {
	t.Helper()
	dir := t.TempDir()
	copyTree(t, dir)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
	l.Close()
	env := append(os.Environ(), "TALLYSTICK_LISTEN=127.0.0.1:"+port, "TALLYSTICK_ADDRESS=http://127.0.0.1:"+port, "GOFLAGS=-buildvcs=false")
	return &reader{dir: dir, port: port, env: env}
}

// copyTree copies what git knows or would add, so that nothing built before is used.
func copyTree(t *testing.T, dir string) {
	t.Helper()
	list := exec.CommandContext(t.Context(), "git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
	list.Dir = "../.."
	names, err := list.Output()
	if err != nil {
		t.Fatal("list the tree:", err)
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(names), "\x00"), "\x00") {
		data, err := os.ReadFile(filepath.Join("../..", name))
		if os.IsNotExist(err) {
			continue // deleted, not yet committed
		}
		info, statErr := os.Stat(filepath.Join("../..", name))
		if err != nil || statErr != nil {
			t.Fatal(err, statErr)
		}
		target := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(target, data, info.Mode()); err != nil {
			t.Fatal(err)
		}
	}
}

// run carries out one command and returns what it prints.
func (r *reader) run(t *testing.T, command string) string {
	t.Helper()
	switch {
	case command == "make test":
		return ""
	case strings.HasSuffix(command, "make run"):
		r.serve(t, command)
		return ""
	case strings.HasPrefix(command, "export "):
		r.env = append(r.env, strings.Fields(command)[1:]...)
		return ""
	}
	command = strings.ReplaceAll(command, "127.0.0.1:8080", "127.0.0.1:"+r.port)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-c", command)
	cmd.Dir, cmd.Env = r.dir, r.env
	got, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", command, err, got)
	}
	text := strings.ReplaceAll(string(got), "127.0.0.1:"+r.port, "127.0.0.1:8080")
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text
}

// serve runs "make run" until the test ends and waits until the server is ready.
func (r *reader) serve(t *testing.T, command string) {
	t.Helper()
	cmd := exec.Command("bash", "-c", command)
	cmd.Dir, cmd.Env = r.dir, r.env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	t.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		<-done
		if t.Failed() {
			t.Logf("the server said:\n%s", log.String())
		}
	})
	r.await(t, done)
}

// await polls the server's readiness; building it from an empty cache takes minutes.
func (r *reader) await(t *testing.T, done <-chan error) {
	t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(8 * time.Minute)
	for {
		select {
		case err := <-done:
			t.Fatal("make run ended: ", err)
		case <-limit:
			t.Fatal("the server did not become ready")
		case <-tick.C:
			res, err := http.Get("http://127.0.0.1:" + r.port + "/readyz")
			if err != nil {
				continue
			}
			res.Body.Close()
			if res.StatusCode < 300 {
				return
			}
		}
	}
}
