package host

import (
	"fmt"
	"strings"
)

// Moved is the answer of Store.Commit to a lost race: somebody else changed what the batch was thought
// on. Nothing was written; the host loads anew and thinks again.
type Moved struct {
	Instances []int64
	Streams   []string
	Commands  []string // command ids that are taken already
	Leases    []int64  // jobs that somebody else has the lease of by now
	Unlocked  []int64  // jobs whose locks were to move and that have none
	Policy    bool
	Library   bool

	Errands      []int64       // that are gone, or wait for an earlier one
	Messages     []int64       // whose publisher's id is taken
	Correlations []int64       // instances that were to get a message which their process has had
	StartLocks   []int64       // instances whose correlation key has another
	StartAlarms  []int64       // timer start events that fired or were replaced
	Items        []BatchItemID // that are not open any more
	Operations   []int64       // batch operations that are in another state

	unanswered bool // nothing is there, but the answer of the commit was lost
}

// Error implements error.
func (m *Moved) Error() string {
	var parts []string
	if n := len(m.Instances); n > 0 {
		parts = append(parts, fmt.Sprintf("%d instances", n))
	}
	if n := len(m.Streams); n > 0 {
		parts = append(parts, fmt.Sprintf("%d streams", n))
	}
	if n := len(m.Commands); n > 0 {
		parts = append(parts, fmt.Sprintf("%d commands", n))
	}
	if n := len(m.Leases); n > 0 {
		parts = append(parts, fmt.Sprintf("%d leases", n))
	}
	for _, c := range []struct {
		name string
		keys []int64
	}{
		{"jobs without a lock", m.Unlocked},
		{"errands", m.Errands},
		{"messages", m.Messages},
		{"correlations", m.Correlations},
		{"start locks", m.StartLocks},
		{"start timers", m.StartAlarms},
		{"batch operations", m.Operations},
	} {
		if n := len(c.keys); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, c.name))
		}
	}
	if n := len(m.Items); n > 0 {
		parts = append(parts, fmt.Sprintf("%d items", n))
	}
	if m.Policy {
		parts = append(parts, "policy")
	}
	if m.Library {
		parts = append(parts, "library")
	}
	return "moved meanwhile: " + strings.Join(parts, ", ")
}
