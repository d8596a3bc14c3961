package pgtest

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

const (
	superuser  = "tallystick"
	startTries = 3 // another process may take the chosen port before postgres does
	startMax   = time.Minute
	startPause = 20 * time.Millisecond
)

// settings keep the cluster small and quiet; nothing here weakens durability.
var settings = []string{
	"listen_addresses=127.0.0.1",
	"unix_socket_directories=", // temporary folders may exceed the length of a socket path
	"fsync=on",
	"synchronous_commit=on",
	"full_page_writes=on",
	"max_connections=200",
	"shared_buffers=32MB",
	"max_wal_size=256MB",
	"min_wal_size=32MB",
	"wal_level=minimal",
	"max_wal_senders=0",
	"lc_messages=C",
	"timezone=UTC",
}

// launcher starts postgres in its own place and leaves a keeper behind that waits for the end of
// file descriptor 3. The other end is held by the test process alone, so the keeper stops postgres
// and deletes the folder however that process ends. Arguments: folder, then the command.
const launcher = `dir=$1; shift
(
	cat <&3
	kill -INT $$ 2>/dev/null
	n=0
	while kill -0 $$ 2>/dev/null && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done
	kill -KILL $$ 2>/dev/null
	rm -rf "$dir"
) &
exec "$@" 3<&-`

type cluster struct {
	dir      string // owned by the user who runs postgres
	port     int
	password string
	process  *exec.Cmd
	lifeline *os.File // closing it ends the cluster
}

func startCluster(bin string) (*cluster, error) {
	var failed error
	for range startTries {
		c, err := startOnce(bin)
		if err == nil {
			return c, nil
		}
		failed = err
	}
	return nil, failed
}

func startOnce(bin string) (*cluster, error) {
	dir, err := os.MkdirTemp("", "tally-pg-")
	if err != nil {
		return nil, err
	}
	c := &cluster{dir: dir, password: random(16)}
	if err := c.initialize(bin); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := c.launch(bin); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return c, nil
}

// initialize makes the cluster's files. Its own writes need no sync: a machine that stops now has
// nothing to lose.
func (c *cluster) initialize(bin string) error {
	secret := filepath.Join(c.dir, "password")
	if err := os.WriteFile(secret, []byte(c.password), 0o600); err != nil {
		return err
	}
	if err := giveAway(c.dir, secret); err != nil {
		return err
	}
	cmd := exec.Command(filepath.Join(bin, "initdb"), "-D", c.data(), "-U", superuser,
		"--auth=scram-sha-256", "--pwfile="+secret, "-E", "UTF8", "--locale=C", "--no-sync")
	c.prepare(cmd)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

// launch starts postgres on a free port and returns when it accepts connections.
func (c *cluster) launch(bin string) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	c.port = port
	args := []string{
		"-c", launcher, "sh", c.dir, filepath.Join(bin, "postgres"),
		"-D", c.data(), "-p", strconv.Itoa(port),
	}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	if err := c.spawn(exec.Command("/bin/sh", args...)); err != nil {
		return err
	}
	deadline := time.Now().Add(startMax)
	for {
		err := execute(c.dsn("postgres"), "select 1")
		if err == nil {
			return nil
		}
		if ended(c.process.Process.Pid) || time.Now().After(deadline) {
			log, _ := os.ReadFile(c.log()) // an unreadable log adds nothing to the error
			c.end()
			return fmt.Errorf("postgres does not answer: %w\n%s", err, log)
		}
		time.Sleep(startPause)
	}
}

// spawn starts the launcher. Its output goes to a file and not through a pipe, so no goroutine of
// ours stays behind to disturb tests that look for leaks.
func (c *cluster) spawn(cmd *exec.Cmd) error {
	log, err := os.OpenFile(c.log(), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	lifelineEnd, lifeline, err := os.Pipe()
	if err != nil {
		return err
	}
	defer lifelineEnd.Close()
	c.prepare(cmd)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.ExtraFiles = []*os.File{lifelineEnd} // descriptor 3 of the launcher
	if err := cmd.Start(); err != nil {
		lifeline.Close()
		return fmt.Errorf("start postgres: %w", err)
	}
	c.process, c.lifeline = cmd, lifeline
	return nil
}

// prepare lets cmd run with the least: the unprivileged user, its own folder, a plain locale.
func (c *cluster) prepare(cmd *exec.Cmd) {
	cmd.Dir = c.dir
	cmd.Env = []string{"LC_ALL=C", "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir()}
	confine(cmd)
}

// stop ends the cluster, waits for it and deletes its files.
func (c *cluster) stop() {
	c.end()
	os.RemoveAll(c.dir) // the keeper does the same; whoever comes second finds nothing
}

func (c *cluster) end() {
	c.lifeline.Close()
	c.process.Wait() // the exit status of a server told to stop says nothing
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }
func (c *cluster) log() string  { return filepath.Join(c.dir, "postgres.log") }

func (c *cluster) dsn(database string) string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(superuser, c.password),
		Host:     net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port)),
		Path:     "/" + database,
		RawQuery: "sslmode=disable",
	}
	return u.String()
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
