package storetest

import (
	"testing"

	"tallystick/store"
)

// Open gives a case a fresh, empty store with the given options (all but the DSN are the case's) and
// closes it when the case ends.
type Open func(t testing.TB, o store.Options) *store.DB

// Run runs every case, each on a store of its own.
func Run(t *testing.T, open Open) {
	for _, group := range []struct {
		name  string
		cases []testCase
	}{
		{"commit", commitCases},
		{"projection", projectionCases},
		{"migration", migrationCases},
		{"diagram", diagramCases},
		{"timer", timerCases},
		{"errand", errandCases},
		{"message", messageCases},
		{"data store", dataStoreCases},
		{"job", jobCases},
		{"search", searchCases},
		{"page", pageCases},
		{"access", accessCases},
		{"audit", auditCases},
		{"decision", decisionCases},
		{"library", libraryCases},
		{"account", accountCases},
		{"concurrent", concurrentCases},
		{"gauges", gaugeCases},
		{"batch operation", batchCases},
		{"forget", forgetCases},
		{"policy", policyCases},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, c := range group.cases {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					c.run(newWorld(t, open))
				})
			}
		})
	}
}

type testCase struct {
	name string
	run  func(*world)
}
