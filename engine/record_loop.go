package engine

import (
	"fmt"

	"tallystick/internal/canon"
)

// LoopStarted begins the instances of a multi-instance activity (13.3.7), the passes of a loop (13.3.6) or the
// activities of an ad-hoc sub-process (13.3.5). Key is the element instance that holds them: ElementActivated
// with a LoopCounter counts them. Total is -1 when only a condition ends them. Items are the values that they
// start with, in order.
type LoopStarted struct {
	Key        int64        `json:"key"`
	Element    string       `json:"element"`
	Total      int          `json:"total"`
	Sequential bool         `json:"sequential,omitempty"`
	Items      []canon.JSON `json:"items,omitempty"`
}

// LoopItemsAdded appends to the values that instances start with.
type LoopItemsAdded struct {
	Key     int64        `json:"key"`
	Element string       `json:"element"`
	Items   []canon.JSON `json:"items,omitempty"`
}

// LoopOutputSet keeps the output of one instance until all of them are published. Index counts from 1.
type LoopOutputSet struct {
	Key     int64      `json:"key"`
	Element string     `json:"element"`
	Index   int        `json:"index"`
	Value   canon.JSON `json:"value"`
}

// LoopEnded ends the instances of a loop before all have started: no further one does. Canceled says that what was
// left of them is gone.
type LoopEnded struct {
	Key      int64  `json:"key"`
	Element  string `json:"element"`
	Canceled bool   `json:"canceled,omitempty"`
}

// Kind implements Record.
func (LoopStarted) Kind() string { return "LoopStarted" }

// Kind implements Record.
func (LoopItemsAdded) Kind() string { return "LoopItemsAdded" }

// Kind implements Record.
func (LoopOutputSet) Kind() string { return "LoopOutputSet" }

// Kind implements Record.
func (LoopEnded) Kind() string { return "LoopEnded" }

// String implements Record.
func (r LoopStarted) String() string {
	if r.Total < 0 {
		return "loop " + r.Element
	}
	return fmt.Sprintf("loop %s of %d", r.Element, r.Total)
}

// String implements Record.
func (r LoopItemsAdded) String() string {
	return fmt.Sprintf("loop %s gets %d", r.Element, len(r.Items))
}

// String implements Record.
func (r LoopOutputSet) String() string {
	return fmt.Sprintf("output %d of %s = %s", r.Index, r.Element, brief(r.Value))
}

// String implements Record.
func (r LoopEnded) String() string { return "loop over " + r.Element }

func (r LoopStarted) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.number("total", int64(r.Total))
	t.trueIf("sequential", r.Sequential)
	t.valuesIf("items", r.Items)
}

func (r LoopItemsAdded) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.valuesIf("items", r.Items)
}

func (r LoopOutputSet) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.number("index", int64(r.Index))
	t.value("value", r.Value)
}

func (r LoopEnded) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.trueIf("canceled", r.Canceled)
}

// valuesIf writes documents as a list; an empty one is left out.
func (t *text) valuesIf(name string, values []canon.JSON) {
	if len(values) > 0 {
		t.value(name, canon.List(values))
	}
}

func (r LoopStarted) apply(s *State) {
	s.loops.put(loopState{Key: r.Key, Total: r.Total, Sequential: r.Sequential})
	s.addLoopItems(r.Key, r.Items)
}

func (r LoopItemsAdded) apply(s *State) { s.addLoopItems(r.Key, r.Items) }

func (r LoopOutputSet) apply(s *State) {
	s.keepLoopValue(loopValue{Loop: r.Key, Name: loopOutput(r.Index), Value: r.Value})
	if l, ok := s.loops.get(rowID{key: r.Key}); ok && l.Outputs < r.Index {
		l.Outputs = r.Index
		s.loops.put(l)
	}
}

func (r LoopEnded) apply(s *State) {
	if l, ok := s.loops.get(rowID{key: r.Key}); ok {
		l.Ended = true
		s.loops.put(l)
	}
	if r.Canceled {
		s.dropTokens(r.Key)
	}
}

// applyLoop applies what is about loops.
func applyLoop(s *State, r Record) bool {
	switch r := r.(type) {
	case LoopStarted:
		r.apply(s)
	case LoopItemsAdded:
		r.apply(s)
	case LoopOutputSet:
		r.apply(s)
	case LoopEnded:
		r.apply(s)
	default:
		return false
	}
	return true
}
