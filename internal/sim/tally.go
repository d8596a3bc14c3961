package sim

import (
	"fmt"
	"io"
	"sync"
	"text/tabwriter"
	"time"
)

// Tally is what cases amounted to.
type Tally struct {
	Cases      int64
	Operations int64 // of the store, carried out
	Commits    int64
	Instances  int64
	Simulated  time.Duration
	Faults     [FaultCount]int64
	Met        [featureCount][FaultCount]int64

	mu       sync.Mutex
	features features // of the processes of the case
}

// meet counts that features were struck by a fault.
func (t *Tally) meet(kind Fault, f features) {
	for i := range featureCount {
		if f&(1<<i) != 0 {
			t.Met[i][kind]++
		}
	}
}

// meetCall counts a fault that a client brought about.
func (t *Tally) meetCall(kind Fault) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.Faults[kind]++
	t.meet(kind, t.features)
}

// Add sums up.
func (t *Tally) Add(o *Tally) {
	t.Cases += o.Cases
	t.Operations += o.Operations
	t.Commits += o.Commits
	t.Instances += o.Instances
	t.Simulated += o.Simulated
	for k := range t.Faults {
		t.Faults[k] += o.Faults[k]
	}
	for f := range t.Met {
		for k := range t.Met[f] {
			t.Met[f][k] += o.Met[f][k]
		}
	}
}

// Print writes the figures, then the matrix of features and faults.
func (t *Tally) Print(out io.Writer) {
	_, _ = fmt.Fprintf(out, "%d cases, %d store operations, %d commits, %d instances, %.0f simulated hours\n",
		t.Cases, t.Operations, t.Commits, t.Instances, t.Simulated.Hours())
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprint(w, "\t")
	for k := range FaultCount {
		_, _ = fmt.Fprintf(w, "%s\t", k)
	}
	_, _ = fmt.Fprint(w, "\nall\t")
	for _, n := range t.Faults {
		_, _ = fmt.Fprintf(w, "%d\t", n)
	}
	met, cells := 0, 0
	for f := range featureCount {
		_, _ = fmt.Fprintf(w, "\n%s\t", f)
		for k, n := range t.Met[f] {
			_, _ = fmt.Fprintf(w, "%d\t", n)
			if possible(f, Fault(k)) {
				cells++
				if n > 0 {
					met++
				}
			}
		}
	}
	_, _ = fmt.Fprintln(w)
	_ = w.Flush()
	_, _ = fmt.Fprintf(out, "%d of %d cells of the matrix were met\n", met, cells)
}

// possible reports whether a fault can meet a feature at all: a read is never unknown, only commits arrive late.
func possible(f feature, k Fault) bool {
	_, struck := possibleOps[f]
	switch {
	case k >= scheduled:
		return f < fRefusal
	case !struck:
		return k != SkipLocked
	}
	return possibleOps[f](k)
}

// possibleOps are the features that are operations of the store rather than contents of a commit.
var possibleOps = map[feature]func(Fault) bool{
	fErrandClaim: func(k Fault) bool { return write(k) || k == SkipLocked }, fDismissal: write,
	fLoad: read, fRecall: read, fSettle: read, fLibrary: read,
	fNumbers: write, fLock: write,
	fTimerClaim: func(k Fault) bool { return write(k) || k == SkipLocked },
	fActivation: func(k Fault) bool { return write(k) || k == SkipLocked || k == Conflict },
}

func read(k Fault) bool { return k == FailBefore || k >= Pause && k < DiskFull || k == RightsChanged }

func write(k Fault) bool {
	return read(k) || k == UnknownWritten || k == CrashBefore || k == CrashAfter || k == DiskFull
}
