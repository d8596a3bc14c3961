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
	Policy    bool
	Library   bool

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
	if m.Policy {
		parts = append(parts, "policy")
	}
	if m.Library {
		parts = append(parts, "library")
	}
	return "moved meanwhile: " + strings.Join(parts, ", ")
}
