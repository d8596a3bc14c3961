package metrics_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/metrics"
	"tallystick/query"
)

// TestDocument compares the table of docs/operating.md with what a node that did everything shows.
func TestDocument(t *testing.T) {
	raw, err := os.ReadFile("../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(raw), "\n## Metrics\n")
	section, _, _ := strings.Cut(rest, "\n## ")
	documented := map[string]bool{}
	for line := range strings.Lines(section) {
		if cells := strings.Split(line, "|"); len(cells) > 2 {
			for _, name := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(cells[1], -1) {
				documented[name[1]] = true
			}
		}
	}
	for name := range scrape(t, everything()).families {
		if short, ours := strings.CutPrefix(name, "tallystick_"); ours {
			if !documented[short] {
				t.Errorf("%s is not in docs/operating.md", short)
			}
			delete(documented, short)
		}
	}
	for name := range documented {
		t.Errorf("%s is in docs/operating.md and not in a scrape", name)
	}
}

// everything is a meter that was told something of each kind.
func everything() *metrics.Metrics {
	one := map[string]int64{"order": 1}
	m := meter(&ledger{gauges: query.Gauges{
		Instances: one, Tasks: one, Incidents: one, Jobs: map[string]query.JobGauge{"pay": {Ready: 1}}, Pools: []query.Pool{{Name: "all"}},
	}})
	m.Carried(host.BatchFigures{Calls: 1, Load: time.Millisecond, Commit: time.Millisecond}, happened("order", 1,
		engine.InstanceStarted{}, engine.JobCreated{Key: 2, Type: "pay"}, engine.JobCompleted{Key: 2}, engine.TaskCreated{Key: 3}, engine.TaskCompleted{Key: 3},
		engine.IncidentRaised{}, engine.IncidentResolved{}, engine.CompensationTriggered{}, engine.DecisionEvaluated{}, engine.ModelScored{}, engine.InstanceCompleted{}))
	m.Activated("pay", 1)
	m.CarriedOut(host.ErrandCall, time.Millisecond)
	m.Served("GET", "/", 200, time.Millisecond)
	return m
}
