package ordeal

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestVerifierSeesViolations falsifies what clients were told: each lie must be found, and the truth must pass.
func TestVerifierSeesViolations(t *testing.T) {
	t.Parallel()
	a := enter(t, 1, nowhere, node(t, "node-1", "sqlite:"+filepath.Join(t.TempDir(), "truth.db")))
	pause(t.Context(), 300*time.Millisecond)
	a.load.Halt()
	none(t, "drain", a.check.Drain(t.Context()))
	a.load.End()
	none(t, "truth", a.check.Whole(t.Context()))
	truth := a.load.Ledger.All()
	one := func(kind Kind) int {
		return slices.IndexFunc(truth, func(o *Operation) bool { return o.Kind == kind && o.Outcome == Done })
	}
	again := func(kind Kind) func([]*Operation) []*Operation {
		return func(l []*Operation) []*Operation {
			o := *l[one(kind)]
			o.ID = "invented"
			return append(l, &o)
		}
	}
	change := func(kind Kind, lie func(*Operation)) func([]*Operation) []*Operation {
		return func(l []*Operation) []*Operation {
			o := *l[one(kind)]
			lie(&o)
			l[one(kind)] = &o
			return l
		}
	}
	refuse := func(o *Operation) { o.Outcome = Refused }
	for name, c := range map[string]struct {
		lie  func([]*Operation) []*Operation
		want string
	}{
		"a start was refused":           {change(Start, refuse), "did not happen"},
		"a start has another receipt":   {change(Start, func(o *Operation) { o.Receipt = "1" }), "was acknowledged with instance 1"},
		"a start is lost":               {again(Start), "and there is []"},
		"a start stays unknown":         {change(Start, func(o *Operation) { o.Outcome = Unknown }), "still unknown"},
		"a result was refused":          {change(CompleteJob, refuse), "after 0 acknowledged results"},
		"a result was taken twice":      {again(CompleteJob), "after 2 acknowledged results"},
		"a job is not there":            {change(CompleteJob, func(o *Operation) { o.Target = "1" }), "there is no such job"},
		"a completion was refused":      {change(CompleteTask, refuse), "after 0 acknowledged completions"},
		"a task was completed twice":    {again(CompleteTask), "after 2 acknowledged completions"},
		"a claim was refused":           {change(Claim, refuse), "never acknowledged"},
		"somebody else was told so too": {func(l []*Operation) []*Operation { l = again(Claim)(l); l[len(l)-1].Person = "eve"; return l }, "and eve was told the same"},
	} {
		ledger := &Ledger{operations: c.lie(slices.Clone(truth))}
		found := (&Verifier{Client: a.check.Client, Ledger: ledger}).Whole(t.Context())
		if !slices.ContainsFunc(found, func(v string) bool { return strings.Contains(v, c.want) }) {
			t.Errorf("%s: %q was not found among %q", name, c.want, found)
		}
	}
}
