package audit_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"testing"

	"tallystick/audit"
)

// vectorEntries are the two entries of the published test vector, before they are linked.
func vectorEntries() (first, second audit.Entry) {
	common := audit.Entry{
		Outcome: audit.OutcomeOK, Resource: new("instance:0192f0c1"),
		Definition: new("loan"), DefinitionVersion: new(int64(3)),
	}
	first, second = common, common
	for i := range first.EventID {
		first.EventID[i], second.EventID[i] = byte(i), byte(16+i)
	}
	first.NodeTime, second.NodeTime = 1795305600000000, 1795305600125000
	first.Category, first.Action = "process", "instance.start"
	first.Actor, first.Roles = "user:7f3a", []string{"role:clerk"}
	second.Category, second.Action = "decision", "decision.evaluate"
	second.Actor = "system:engine"
	second.Decision, second.DecisionVersion = new("risk"), new(int64(7))
	second.DecisionRules = []string{"r2", "r5"}
	second.Private = map[string]audit.Hash{"input": sha256.Sum256([]byte("saltinput"))}
	return first, second
}

// TestVector holds the format to values that another implementation computed.
func TestVector(t *testing.T) {
	head := audit.Genesis(origin, "acme", "pi/0192f0c1")
	equal(t, "genesis", head.Hash.String(), "d598acd4880093c4526d9135f2c2fad4840ec62888be045ac6ae2a85bc0291a3")
	first, second := vectorEntries()
	first, head = head.Link(first)
	h1 := head.Hash
	equal(t, "length of 1", len(first.Bytes()), 272)
	equal(t, "h1", h1.String(), "3bdca02f57a9d2a65ab6184f3ff87721257243f3ab031c2a77a458a28e2357cf")
	second, head = head.Link(second)
	h2 := head.Hash
	equal(t, "length of 2", len(second.Bytes()), 385)
	equal(t, "h2", h2.String(), "bb12bffa37f7cbb73c085fcd556f6dbec1b2ec2f7c0b556b270915774da89902")

	// A node's MAC is the same formula as a commitment, keyed with the node's key.
	key := [32]byte(bytes.Repeat([]byte{0x0b}, 32))
	equal(t, "mac", audit.Commit(key, h1[:]).String(), "2e10e40ded9e514cda0f9ffe7207e583a4a45170ac2395a4c8e8d82fdc433164")
	leaf1, leaf2 := sha256.Sum256(append([]byte{0}, h1[:]...)), sha256.Sum256(append([]byte{0}, h2[:]...))
	equal(t, "leaf 1", audit.Hash(leaf1).String(), "9b36779936710c5d43185e2fcf4c633631c841514a05a9776c6076f854dc4ba0")
	root := sha256.Sum256(append(append([]byte{1}, leaf1[:]...), leaf2[:]...))
	equal(t, "root", base64.StdEncoding.EncodeToString(root[:]), "rPF4cZDH4Dsjk0sauNbPDMNNgEpa2FsCDIxqcTroi/Y=")
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
