package engine

import (
	"fmt"
	"strings"
)

// InstanceModified says what was asked of an instance; what came of it follows. Element instances have the ids of
// their elements beside their keys.
type InstanceModified struct {
	Terminated []TerminatedElement `json:"terminated,omitempty"`
	Moved      []MovedElement      `json:"moved,omitempty"`
	Activated  []ActivatedElement  `json:"activated,omitempty"`
}

// TerminatedElement is an instruction to terminate; the key is 0 when all of the element were meant.
type TerminatedElement struct {
	Element         string `json:"element"`
	ElementInstance int64  `json:"elementInstance,omitempty"`
}

// MovedElement is an instruction to move.
type MovedElement struct {
	From         string         `json:"from"`
	FromInstance int64          `json:"fromInstance,omitempty"`
	To           string         `json:"to"`
	Ancestor     int64          `json:"ancestor,omitempty"`
	Choice       AncestorChoice `json:"choice,omitempty"`
}

// ActivatedElement is an instruction to activate.
type ActivatedElement struct {
	Element  string `json:"element"`
	Ancestor int64  `json:"ancestor,omitempty"`
}

// ElementBegun lets an element instance begin that a modification has opened: from then on it is as any other. With a
// scope that was opened for what is activated inside, the contents begin.
type ElementBegun struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
}

// LoopExtended gives a multi-instance activity more instances than it began with.
type LoopExtended struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
	Total   int    `json:"total"`
}

// Kind implements Record.
func (InstanceModified) Kind() string { return "InstanceModified" }

// Kind implements Record.
func (ElementBegun) Kind() string { return "ElementBegun" }

// Kind implements Record.
func (LoopExtended) Kind() string { return "LoopExtended" }

// String implements Record.
func (r InstanceModified) String() string {
	var parts []string
	for _, t := range r.Terminated {
		parts = append(parts, "terminate "+t.Element)
	}
	for _, m := range r.Moved {
		parts = append(parts, "move "+m.From+" to "+m.To)
	}
	for _, a := range r.Activated {
		parts = append(parts, "activate "+a.Element)
	}
	return "modified: " + strings.Join(parts, ", ")
}

// String implements Record.
func (r ElementBegun) String() string { return "began " + r.Element }

// String implements Record.
func (r LoopExtended) String() string { return fmt.Sprintf("loop %s of %d", r.Element, r.Total) }

func (r InstanceModified) fields(t *text) {
	if len(r.Terminated) > 0 {
		t.other("terminated", r.Terminated)
	}
	if len(r.Moved) > 0 {
		t.other("moved", r.Moved)
	}
	if len(r.Activated) > 0 {
		t.other("activated", r.Activated)
	}
}

func (r ElementBegun) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
}

func (r LoopExtended) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.number("total", int64(r.Total))
}

func (InstanceModified) apply(*State) {}

func (r ElementBegun) apply(s *State) {
	if e, ok := s.elements.get(rowID{key: r.Key}); ok {
		e.Held = false
		s.elements.put(e)
	}
}

func (r LoopExtended) apply(s *State) {
	if l, ok := s.loops.get(rowID{key: r.Key}); ok {
		l.Total = r.Total
		s.loops.put(l)
	}
}

// applyModification applies what a modification does beyond the ordinary.
func applyModification(s *State, r Record) bool {
	switch r := r.(type) {
	case InstanceModified:
		r.apply(s)
	case ElementBegun:
		r.apply(s)
	case LoopExtended:
		r.apply(s)
	default:
		return false
	}
	return true
}
