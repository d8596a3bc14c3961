package enginetest

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write what happened into the scenario files")

// TestScenarios runs the shared scenarios, which need no worker, so that anybody can run them by the
// command line, and those of this package. What each shows is in its first lines.
func TestScenarios(t *testing.T) {
	t.Parallel()
	runAll(t, "../../testdata/scenarios", Options{})
	runAll(t, "testdata", Options{Workers: testWorkers()})
}

func runAll(t *testing.T, folder string, o Options) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios in %s: %v", folder, err)
	}
	o.ReadFile = func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(folder, name)) }
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			report := Run(file, data, o)
			if !report.OK() {
				t.Error(report)
			}
			if *update && report.Updated != nil && !bytes.Equal(report.Updated, data) {
				if err := os.WriteFile(file, report.Updated, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
