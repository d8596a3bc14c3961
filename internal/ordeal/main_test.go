package ordeal

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"tallystick/internal/pgtest"
)

func TestMain(m *testing.M) {
	if dsn := os.Getenv(asChild); dsn != "" {
		playChild(dsn)
	}
	// The samples mostly wait: for a node, a lock, a timer.
	if err := flag.Set("test.parallel", "4"); err != nil {
		panic(err)
	}
	code := m.Run()
	pgtest.Stop()
	http.DefaultClient.CloseIdleConnections()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, "ordeal:", err)
		code = 1
	}
	if built.dir != "" {
		os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

var built struct {
	once sync.Once
	dir  string
	err  error
}

// program builds the real program once, as it is shipped; ORDEAL_BINARY names one that is built already.
func program(t *testing.T) string {
	t.Helper()
	if given := os.Getenv("ORDEAL_BINARY"); given != "" {
		return given
	}
	built.once.Do(func() {
		// Every test of the process uses it, so it lives longer than this one.
		if built.dir, built.err = os.MkdirTemp("", "ordeal-"); built.err != nil { //nolint:usetesting // see above
			return
		}
		out, err := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", filepath.Join(built.dir, "tallystick"), "tallystick/cmd/tallystick").CombinedOutput()
		if err != nil {
			built.err = fmt.Errorf("%w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal("build:", built.err)
	}
	return filepath.Join(built.dir, "tallystick")
}

// rounds reads how many rounds an ordeal has: the sample, unless the environment asks for more. Samples run beside
// each other; a long ordeal has the machine for itself, so that its figures mean something.
func rounds(t *testing.T, name string, sample int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		t.Parallel()
		return sample
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		t.Fatalf("%s is %q, want a number", name, text)
	}
	if n == 0 {
		t.Skipf("NOT RUN: %s=0", name)
	}
	return n
}

// seed draws the seed of an ordeal, or takes ORDEAL_SEED, and prints it.
func seed(t *testing.T) (uint64, *rand.Rand) {
	t.Helper()
	s := rand.Uint64()
	if text := os.Getenv("ORDEAL_SEED"); text != "" {
		var err error
		if s, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal("ORDEAL_SEED:", err)
		}
	}
	t.Logf("ORDEAL_SEED=%d", s)
	return s, rand.New(rand.NewPCG(s, 0))
}

// node prepares a node that is killed when the test ends; its log is shown when the test fails.
func node(t *testing.T, name, dsn string, flags ...string) *Node {
	t.Helper()
	n, err := NewNode(program(t), name, dsn, t.TempDir(), flags...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		n.Close()
		if t.Failed() {
			showLog(t, n)
		}
	})
	return n
}

const logShown = 6000 // bytes of a log

func showLog(t *testing.T, n *Node) {
	t.Helper()
	text, err := os.ReadFile(n.LogPath())
	if err != nil {
		t.Log(err)
	}
	t.Logf("%s said at the end:\n%s", n.Name, text[max(0, len(text)-logShown):])
}

// must ends the test on an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// none reports violations, the first of them in full.
func none(t *testing.T, when string, violations []string) {
	t.Helper()
	for i, v := range violations {
		if i == 10 {
			t.Errorf("%s: and %d more", when, len(violations)-i)
			break
		}
		t.Errorf("%s: %s", when, v)
	}
}
