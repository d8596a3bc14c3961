package sim

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// shard is a process that runs a part of the cases.
type shard struct {
	mu    sync.Mutex
	tally Tally
	other []string // what it printed besides figures
}

// share runs cases in several processes, prints how far they are, and in the end what they amounted to.
func share(t *testing.T, shards, cases int, first uint64) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	each := uint64((cases + shards - 1) / shards)
	all := make([]*shard, shards)
	failed := make([]error, shards)
	var running sync.WaitGroup
	for i := range all {
		all[i] = &shard{}
		cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestSimulation$", "-test.timeout=0", "-sim.child",
			fmt.Sprintf("-sim.cases=%d", each), fmt.Sprintf("-sim.base=%d", first+uint64(i)*each))
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		cmd.Stderr = os.Stderr
		running.Go(func() {
			if failed[i] = cmd.Start(); failed[i] == nil {
				all[i].read(out)
				failed[i] = cmd.Wait()
			}
		})
	}
	done := make(chan struct{})
	go func() { running.Wait(); close(done) }()
	began := time.Now()
	progress(os.Stderr, all, began, done)
	total := Tally{}
	for i, s := range all {
		total.Add(&s.tally)
		if failed[i] != nil {
			t.Errorf("shard %d: %v\n%s", i, failed[i], strings.Join(s.other, "\n"))
		}
	}
	total.Print(os.Stdout)
	_, _ = fmt.Fprintf(os.Stdout, "%.0f cases/s in %d processes, seeds from %d on\n", float64(total.Cases)/time.Since(began).Seconds(), shards, first)
}

func (s *shard) read(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		text, figures := strings.CutPrefix(lines.Text(), "tally ")
		s.mu.Lock()
		if !figures {
			s.other = append(s.other, text)
			if strings.Contains(text, "-sim.seed=") {
				_, _ = fmt.Fprintln(os.Stderr, text) // at once: the whole run may take long
			}
		} else if err := json.Unmarshal([]byte(text), &s.tally); err != nil {
			s.other = append(s.other, err.Error())
		}
		s.mu.Unlock()
	}
}

// progress prints a line now and then until the shards are done.
func progress(out io.Writer, all []*shard, began time.Time, done <-chan struct{}) {
	tick := time.NewTicker(10 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
		}
		var cases, operations int64
		for _, s := range all {
			s.mu.Lock()
			cases, operations = cases+s.tally.Cases, operations+s.tally.Operations
			s.mu.Unlock()
		}
		_, _ = fmt.Fprintf(out, "%8.0f s  %9d cases  %11d store operations\n", time.Since(began).Seconds(), cases, operations)
	}
}
