package ordeal

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// asChild makes TestMain play a test process that is about to be killed: it starts a node and says where.
const asChild = "ORDEAL_CHILD"

func playChild(dsn string) {
	n, err := NewNode(os.Getenv("ORDEAL_BINARY"), "child", dsn, os.TempDir())
	if err == nil {
		err = n.Spawn()
	}
	if err != nil {
		panic(err)
	}
	os.Stdout.WriteString(n.Address() + "\n")
	select {}
}

func TestKilledTestLeavesNoNode(t *testing.T) {
	t.Parallel()
	child := exec.CommandContext(t.Context(), os.Args[0])
	dir := t.TempDir()
	child.Env = append(os.Environ(), asChild+"=sqlite:"+filepath.Join(dir, "left.db"), "ORDEAL_BINARY="+program(t), "TMPDIR="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	address, err := bufio.NewReader(out).ReadString('\n')
	must(t, err)
	n := &Node{port: port(t, address)}
	waitFor(t, "the node", func() bool { return n.Ready(t.Context()) })
	must(t, child.Process.Kill())
	child.Wait()
	waitFor(t, "the end of the node", func() bool { return !n.Ready(t.Context()) })
}

func port(t *testing.T, address string) int {
	t.Helper()
	_, text, _ := strings.Cut(strings.TrimSpace(address), "127.0.0.1:")
	n, err := strconv.Atoi(text)
	must(t, err)
	return n
}
