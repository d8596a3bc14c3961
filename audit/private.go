package audit

import (
	"maps"
	"slices"
)

// Salt is the key of a commitment: 32 random bytes, kept with the private part and destroyed with
// it. Its text is 64 lower-case hexadecimal digits.
type Salt [32]byte

// UnmarshalText reads 64 lower-case hexadecimal digits.
func (s *Salt) UnmarshalText(text []byte) error { return (*Hash)(s).UnmarshalText(text) }

// Part is a private part in the clear: the bytes committed to and their salt.
type Part struct {
	Salt Salt   `json:"salt"`
	Data []byte `json:"data"`
}

// Private holds an entry's private parts by name. Each part has its own salt, so that one person's
// part can be erased and another's kept.
type Private map[string]Part

// Names of the private parts that have a commitment field of their own. All others are committed
// to under their name in Entry.Private.
const (
	PartBusinessKey    = "businessKey"
	PartDecisionInput  = "decisionInput"
	PartDecisionOutput = "decisionOutput"
	PartModelInput     = "modelInput"
	PartSignerName     = "signerName"
)

// Bind sets the commitment of every part in p; commitments of other parts stay as they are.
func (e *Entry) Bind(p Private) {
	for name, part := range p {
		h := Commit(part.Salt, part.Data)
		if own := e.ownCommitment(name); own != nil {
			*own = &h
			continue
		}
		// A copy of an Entry shares its maps; binding one copy must not reach the other.
		e.Private = withCommitment(e.Private, name, h)
	}
}

func withCommitment(m map[string]Hash, name string, h Hash) map[string]Hash {
	m = maps.Clone(m)
	if m == nil {
		m = map[string]Hash{}
	}
	m[name] = h
	return m
}

func (e *Entry) ownCommitment(name string) **Hash {
	switch name {
	case PartBusinessKey:
		return &e.BusinessKey
	case PartDecisionInput:
		return &e.DecisionInput
	case PartDecisionOutput:
		return &e.DecisionOutput
	case PartModelInput:
		return &e.ModelInput
	case PartSignerName:
		return &e.SignerName
	}
	return nil
}

// commitment is one private part that an entry commits to.
type commitment struct {
	name string
	hash Hash
}

// commitments lists what the entry commits to, in a fixed order.
func (e *Entry) commitments() []commitment {
	var all []commitment
	for _, name := range [...]string{
		PartBusinessKey, PartDecisionInput, PartDecisionOutput, PartModelInput, PartSignerName,
	} {
		if h := *e.ownCommitment(name); h != nil {
			all = append(all, commitment{name, *h})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.Private)) {
		all = append(all, commitment{name, e.Private[name]})
	}
	return all
}
