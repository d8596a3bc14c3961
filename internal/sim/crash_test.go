package sim

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tallystick/engine/enginetest"
	"tallystick/examples/returns"
	"tallystick/tasks/scoring"
	"tallystick/tasks/worker"
)

var simAll = flag.Bool("sim.all", false, "walk through every crash point instead of a sample")

// everyPoint is the sample: one point in so many, another one in each run.
const everyPoint = 200

// longStory is when a scenario has so many records that it is crashed once, not twice: an endless loop takes
// seconds for each point.
const longStory = 5000

// anew is left out: it deploys a second version before anything has happened, so that no turn of the script says when.
const anew = "start-timer-version.txtar"

// TestCrashPoints takes every scenario through a host that is disturbed at one write: it crashes before or after
// it, or does not learn what became of it. The instance must do what it does in the scenario, once.
func TestCrashPoints(t *testing.T) {
	shared := enginetest.Options{}
	own := enginetest.Options{
		Workers: worker.Scenarios(returns.Workers()),
		Scoring: func(models []enginetest.File) (enginetest.Worker, error) {
			w, err := scoring.Scenario(models)
			if err != nil {
				return nil, err
			}
			return worker.Scenario(w), nil
		},
	}
	points, scripts := 0, 0
	for folder, o := range map[string]enginetest.Options{"../../testdata/scenarios": shared, "../../examples/returns/scenarios": own} {
		o.ReadFile = func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(folder, name)) }
		files, err := filepath.Glob(filepath.Join(folder, "*.txtar"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no scenarios in %s: %v", folder, err)
		}
		for _, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) {
				if n := crashScenario(t, file, o); n > 0 {
					points, scripts = points+n, scripts+1
				}
			})
		}
	}
	t.Logf("%d points of %d scenarios", points, scripts)
}

// crashScenario returns how many points it tried; 0 for a scenario in which nothing starts.
func crashScenario(t *testing.T, file string, o enginetest.Options) int {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Record(file, data, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Steps) == 0 || filepath.Base(file) == anew {
		return 0
	}
	store := deployedWith(t, s.Files)
	calm := Replay(t, store, s, Point{}, false)
	if calm.Err != nil {
		t.Fatalf("undisturbed: %v", calm.Err)
	}
	want := s.story()
	if s.Turns != nil {
		want = s.stories()
	}
	if diff := cmp.Diff(want, calm.Story); diff != "" {
		t.Fatalf("the host does not do what the scenario does (-scenario +host)\n%s", diff)
	}
	all := Points(calm.Writes)
	for _, p := range slices.Clone(all) {
		if len(calm.Story) > longStory {
			break
		}
		if p.Fault == CrashAfter || p.Fault == UnknownWritten {
			all = append(all, p.Seconds()...)
		}
	}
	tried := 0
	first := int(base() % everyPoint)
	for i, p := range all {
		if !*simAll && i%everyPoint != first {
			continue
		}
		tried++
		if r := Replay(t, store, s, p, false); r.Err != nil || !slices.Equal(r.Story, calm.Story) {
			t.Errorf("%s of write %d, then %s of %d after it: %v\n%s", p.Fault, p.Write, p.Then, p.Second, r.Err,
				cmp.Diff(calm.Story, r.Story))
		}
	}
	return tried
}
