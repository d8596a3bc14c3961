package sim

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tallystick/host/hosttest"
)

var (
	simSeed   = flag.Uint64("sim.seed", 0, "run the case of this seed alone and print what happened in it")
	simBase   = flag.Uint64("sim.base", 0, "the first seed; drawn when it is 0")
	simCases  = flag.Int("sim.cases", 0, "how many cases to run; without it for about ten seconds")
	simShards = flag.Int("sim.shards", 0, "how many processes share the cases; with 0 this one runs them")
	simChild  = flag.Bool("sim.child", false, "report to the process that shares out the cases")
)

// TestMain gives a process one thread: goroutines that are ready at the same time then run in the order in
// which they became so, which repeats.
func TestMain(m *testing.M) {
	runtime.GOMAXPROCS(1)
	debug.SetGCPercent(800) // a case leaves little behind
	code := m.Run()
	if err := goleak.Find(); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// sample is how long the simulation runs when nobody says how many cases it should have.
const sample = 10 * time.Second

// TestSimulation runs cases: nodes, clients and workers on a store that suffers what the seed brings. Afterwards
// every invariant holds, and what clients were told is what the log says.
func TestSimulation(t *testing.T) {
	store := Deployed(t)
	switch {
	case *simSeed != 0:
		r := Run(t, store, *simSeed, &Tally{}, true)
		t.Logf("seed %d, %d steps, digest %x\n%s", r.Seed, r.Steps, r.Digest, r.Trace)
		if r.Err != nil {
			t.Error(r.Err)
		}
		return
	case *simShards > 0:
		share(t, *simShards, *simCases, base())
		return
	}
	tally := &Tally{}
	first, began := base(), time.Now()
	t.Logf("-sim.base=%d", first)
	for i := range uint64(1 << 62) {
		if *simCases > 0 && i == uint64(*simCases) || *simCases == 0 && time.Since(began) > sample {
			break
		}
		oneCase(t, store, first+i, tally)
		if *simChild && i%1000 == 999 {
			tell(tally)
		}
	}
	if *simChild {
		tell(tally)
		return
	}
	t.Logf("%.0f cases/s", float64(tally.Cases)/time.Since(began).Seconds())
	tally.Print(t.Output())
}

func base() uint64 {
	if *simBase != 0 {
		return *simBase
	}
	return rand.Uint64() >> 1
}

func oneCase(t *testing.T, store *hosttest.Store, seed uint64, tally *Tally) {
	defer func() {
		if p := recover(); p != nil {
			t.Fatalf("-sim.seed=%d panicked: %v\n%s", seed, p, debug.Stack())
		}
	}()
	if r := Run(t, store, seed, tally, false); r.Err != nil {
		t.Errorf("-sim.seed=%d: %v", r.Seed, r.Err)
	}
}

// tell writes the figures so far for the parent.
func tell(tally *Tally) {
	text, err := json.Marshal(tally)
	if err != nil {
		panic(err)
	}
	_, _ = fmt.Fprintf(os.Stdout, "tally %s\n", text)
}

// TestSameSeedSameStory runs seeds twice. What a seed does not decide is which way a select of the product goes
// when two of its cases are ready at the same moment, which few cases meet: about 5 of 3,000 without the race
// detector, and some in a hundred with it, because it shuffles goroutines on purpose.
func TestSameSeedSameStory(t *testing.T) {
	store, first := Deployed(t), base()
	const seeds, differMax = 150, 25
	differ := 0
	for i := range uint64(seeds) {
		a, b := Run(t, store, first+i, &Tally{}, false), Run(t, store, first+i, &Tally{}, false)
		if a.Digest != b.Digest {
			differ++
			t.Logf("-sim.seed=%d goes two ways", a.Seed)
		}
	}
	if differ > differMax {
		t.Errorf("%d of %d seeds from %d on go two ways", differ, seeds, first)
	}
}
