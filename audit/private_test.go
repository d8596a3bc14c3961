package audit_test

import (
	"testing"

	"tallystick/audit"
)

func TestBindCommitsToEveryPart(t *testing.T) {
	names := []string{
		audit.PartBusinessKey, audit.PartDecisionInput, audit.PartDecisionOutput,
		audit.PartModelInput, audit.PartSignerName, "records",
	}
	private := audit.Private{}
	for i, name := range names {
		private[name] = audit.Part{Salt: audit.Salt{byte(i)}, Data: []byte(name)}
	}
	e := audit.Entry{Private: map[string]audit.Hash{"kept": {1}}}
	shared := e.Private
	e.Bind(private)
	commit := func(i int) audit.Hash { return audit.Commit(private[names[i]].Salt, []byte(names[i])) }
	for i, got := range []*audit.Hash{
		e.BusinessKey, e.DecisionInput, e.DecisionOutput, e.ModelInput, e.SignerName,
	} {
		if got == nil || *got != commit(i) {
			t.Errorf("%s: commitment %v, want %v", names[i], got, commit(i))
		}
	}
	equal(t, "records", e.Private["records"], commit(5))
	equal(t, "kept", e.Private["kept"], audit.Hash{1})
	equal(t, "size of the map of the other copy", len(shared), 1)
}

func TestCommitDependsOnSaltAndBytes(t *testing.T) {
	a := audit.Commit([32]byte{1}, []byte("x"))
	if a == audit.Commit([32]byte{2}, []byte("x")) || a == audit.Commit([32]byte{1}, []byte("y")) {
		t.Error("two parts share a commitment")
	}
}
