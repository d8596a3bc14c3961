package ordeal

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// AdminPassword is the password of the first administrator of every installation under ordeal.
const AdminPassword = "correct-horse"

// readyMax is how long a node may take to answer that it is ready.
const readyMax = 60 * time.Second

// Node is one running program with a fixed name and address. It may be killed and started again; its methods are
// for one goroutine at a time.
type Node struct {
	Binary, Name, DSN string
	Flags             []string // further flags of serve
	Launch            []string // a command that starts the binary, for limits of the operating system

	port    int
	log     *os.File
	process *exec.Cmd
	ended   chan error
}

// NewNode prepares a node on a free port. Its log goes to a file named after it in dir.
func NewNode(binary, name, dsn, dir string, flags ...string) (*Node, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	if err := l.Close(); err != nil {
		return nil, err
	}
	log, err := os.OpenFile(filepath.Join(dir, name+".log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	return &Node{Binary: binary, Name: name, DSN: dsn, Flags: flags, port: l.Addr().(*net.TCPAddr).Port, log: log}, nil
}

// Address is where the node serves.
func (n *Node) Address() string {
	return "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(n.port))
}

// LogPath is the file that holds everything the node wrote.
func (n *Node) LogPath() string { return n.log.Name() }

// Start starts the program and returns once it is ready, with the time that took.
func (n *Node) Start(ctx context.Context) (time.Duration, error) {
	begin := time.Now()
	if err := n.Spawn(); err != nil {
		return 0, err
	}
	err := n.AwaitReady(ctx)
	return time.Since(begin), err
}

// Spawn starts the program and does not wait for it.
func (n *Node) Spawn() error {
	args := append([]string{}, n.Launch...)
	args = append(args, n.Binary, "serve", "--listen", n.Address()[len("http://"):], "--db", n.DSN, "--node", n.Name, "--example=false")
	args = append(args, n.Flags...)
	cmd := exec.Command(args[0], args[1:]...) //nolint:noctx // it is killed by name; no context ends it
	cmd.Env = append(os.Environ(), "TALLYSTICK_ADMIN_PASSWORD="+AdminPassword)
	cmd.Stdout, cmd.Stderr = n.log, n.log
	if err := tie(cmd); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	n.process, n.ended = cmd, ended
	return nil
}

// AwaitReady returns when the node answers that it is ready, or has ended, or takes too long.
func (n *Node) AwaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyMax)
	defer cancel()
	for {
		if n.Ready(ctx) {
			return nil
		}
		select {
		case err := <-n.ended:
			n.ended <- err
			return fmt.Errorf("%s ended while it started: %w", n.Name, errors.Join(err, errors.New("see "+n.LogPath())))
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready after %s", n.Name, readyMax)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// Ready asks once whether calls are carried out.
func (n *Node) Ready(ctx context.Context) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, n.Address()+"/readyz", http.NoBody)
	if err != nil {
		return false
	}
	res, err := probes().Do(req)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// probes is the client of health checks: no connection outlives its check.
var probes = sync.OnceValue(func() *http.Client {
	return &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
})

// Kill ends the node at once with SIGKILL and waits until it is gone.
func (n *Node) Kill() { _ = n.End(syscall.SIGKILL) }

// End sends a signal and waits for the end of the process; it returns how the process ended. A node that does not
// run has ended well.
func (n *Node) End(signal syscall.Signal) error {
	if n.process == nil {
		return nil
	}
	if err := n.process.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	err := <-n.ended
	n.process = nil
	return err
}

// Signal sends a signal to the running program and does not wait for anything.
func (n *Node) Signal(signal syscall.Signal) error { return n.process.Process.Signal(signal) }

// Close kills the node and closes its log.
func (n *Node) Close() {
	n.Kill()
	_ = n.log.Close() // nothing more is written to it
}
