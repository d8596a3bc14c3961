package sim

import (
	"flag"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"testing"
	"time"
)

var (
	seed    = flag.Uint64("sim.seed", 0, "run the case of this seed alone, with its trace")
	profile = flag.String("sim.profile", "", "")
	cases   = flag.Int("sim.cases", 2000, "how many cases the simulation runs")
)

func TestMain(m *testing.M) {
	runtime.GOMAXPROCS(1)
	debug.SetGCPercent(800)
	os.Exit(m.Run())
}

func TestSimulation(t *testing.T) {
	store := Deployed(t)
	tally := &Tally{}
	if *profile != "" {
		f, _ := os.Create(*profile)
		_ = pprof.StartCPUProfile(f)
		defer pprof.StopCPUProfile()
	}
	if *seed != 0 {
		r := Run(t, store, *seed, tally, true)
		t.Logf("%s\n%v", r.Trace, r.Err)
		if r.Err != nil {
			t.Fail()
		}
		return
	}
	base := rand.Uint64()
	began := time.Now()
	bad := 0
	for i := range *cases {
		r := Run(t, store, base+uint64(i), tally, false)
		if r.Err != nil {
			t.Errorf("-sim.seed=%d: %.600v", r.Seed, r.Err.Error())
			if bad++; bad > 5 {
				t.FailNow()
			}
		}
	}
	t.Logf("%.0f cases/s", float64(*cases)/time.Since(began).Seconds())
	tally.Print(t.Output())
}

func TestDeterminism(t *testing.T) {
	store := Deployed(t)
	base := rand.Uint64()
	differ := 0
	for i := range *cases {
		a := Run(t, store, base+uint64(i), &Tally{}, false)
		b := Run(t, store, base+uint64(i), &Tally{}, false)
		if a.Digest != b.Digest {
			if differ++; differ < 6 {
				t.Errorf("-sim.seed=%d %d %d", a.Seed, a.Steps, b.Steps)
			}
		}
	}
	t.Logf("%d of %d differ", differ, *cases)
}
