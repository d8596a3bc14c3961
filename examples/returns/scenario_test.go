package returns

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"tallystick/engine/enginetest"
	"tallystick/tasks/scoring"
	"tallystick/tasks/worker"
)

var update = flag.Bool("update", false, "write what happened into the scenario files")

// TestScenarios runs the process with the real table, the real model and the demo workers.
func TestScenarios(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("scenarios/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no scenarios", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			report := enginetest.Run(path, data, enginetest.Options{
				Workers: worker.Scenarios(Workers()),
				Scoring: func(models []enginetest.File) (enginetest.Worker, error) {
					w, err := scoring.Scenario(models)
					if err != nil {
						return nil, err
					}
					return worker.Scenario(w), nil
				},
				ReadFile: func(name string) ([]byte, error) { return os.ReadFile(filepath.Join("scenarios", name)) },
			})
			if !report.OK() {
				t.Error(report)
			}
			if *update && report.Updated != nil && !bytes.Equal(report.Updated, data) {
				if err := os.WriteFile(path, report.Updated, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
