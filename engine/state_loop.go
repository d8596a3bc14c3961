package engine

import (
	"fmt"

	"tallystick/internal/canon"
)

// loopState counts the instances of a loop. Its key is the element instance that holds them; what has started
// and has not ended is active.
type loopState struct {
	Key        int64 `json:"key"`
	Total      int   `json:"total"` // -1: only a condition ends it
	Sequential bool  `json:"sequential,omitempty"`
	Items      int   `json:"items,omitempty"`
	Started    int   `json:"started,omitempty"`
	Completed  int   `json:"completed,omitempty"`
	Terminated int   `json:"terminated,omitempty"`
	Outputs    int   `json:"outputs,omitempty"` // the highest index of an output
	Ended      bool  `json:"ended,omitempty"`   // no further instance starts
}

// loopValue is what an instance of a loop starts with, or what it left. Each has a row of its own, so that
// instances cost the same however many there are.
type loopValue struct {
	Loop  int64      `json:"loop"`
	Name  string     `json:"name"`
	Value canon.JSON `json:"value"`
}

func (l loopState) id() rowID { return rowID{key: l.Key} }
func (v loopValue) id() rowID { return named(v.Loop, v.Name) }

func (l loopState) owners() ([3]int64, string) { return [3]int64{}, "" }
func (v loopValue) owners() ([3]int64, string) { return [3]int64{}, "" }

// The names of loop values sort by their index, which counts from 1.
func loopItem(index int) string   { return fmt.Sprintf("in %09d", index) }
func loopOutput(index int) string { return fmt.Sprintf("out %09d", index) }

func (l loopState) fields(t *text) {
	t.number("key", l.Key)
	t.number("total", int64(l.Total))
	t.trueIf("sequential", l.Sequential)
	t.numberIf("items", int64(l.Items))
	t.numberIf("started", int64(l.Started))
	t.numberIf("completed", int64(l.Completed))
	t.numberIf("terminated", int64(l.Terminated))
	t.numberIf("outputs", int64(l.Outputs))
	t.trueIf("ended", l.Ended)
}

func (v loopValue) fields(t *text) {
	t.number("loop", v.Loop)
	t.string("name", v.Name)
	t.value("value", v.Value)
}

// active is the number of instances that have started and not ended.
func (l loopState) active() int { return l.Started - l.Completed - l.Terminated }

// instances is the number of instances that there are or, in sequence, will be.
func (l loopState) instances() int {
	if l.Total < 0 {
		return l.Started
	}
	return l.Total
}

// running is the number of instances that a model sees as active: those of a parallel loop all begin at once,
// though the machine starts one after the other.
func (l loopState) running() int {
	if l.Sequential || l.Total < 0 {
		return l.active()
	}
	return l.Total - l.Completed - l.Terminated
}

func (s *State) addLoopItems(loop int64, items []canon.JSON) {
	l, ok := s.loops.get(rowID{key: loop})
	if !ok || len(items) == 0 {
		return
	}
	s.loopValues.reserve(len(items))
	for _, item := range items {
		l.Items++
		s.keepLoopValue(loopValue{Loop: loop, Name: loopItem(l.Items), Value: item})
	}
	s.loops.put(l)
}

// countLoop changes the counts of the loop that an element instance belongs to.
func (s *State) countLoop(e ElementInstance, change func(*loopState)) {
	if e.LoopCounter == 0 {
		return
	}
	if l, ok := s.loops.get(rowID{key: e.Scope}); ok {
		change(&l)
		s.loops.put(l)
	}
}

func (s *State) countCompleted(key int64) {
	if s.loops.len() > 0 {
		e, _ := s.elements.get(rowID{key: key})
		s.countLoop(e, func(l *loopState) { l.Completed++ })
	}
}

func (s *State) countTerminated(key int64) {
	if s.loops.len() > 0 {
		e, _ := s.elements.get(rowID{key: key})
		s.countLoop(e, func(l *loopState) { l.Terminated++ })
	}
}

// dropLoop removes the loop of an element instance that has ended.
func (s *State) dropLoop(key int64) {
	if s.loops.len() == 0 {
		return
	}
	s.loops.remove(rowID{key: key})
	for v := range s.loopValues.of(key) {
		s.bytes -= len(v.Value)
	}
	s.loopValues.removeOf(key)
}

// keepLoopValue keeps a value of a loop, in the place of the one that it replaces. Its size counts as that of a variable.
func (s *State) keepLoopValue(v loopValue) {
	before, _ := s.loopValues.get(v.id())
	s.bytes += len(v.Value) - len(before.Value)
	s.loopValues.put(v)
}

// loopAttribute is the value of an attribute of 13.3.7 that instances of a loop and its conditions may read, by
// the names of the standard and those that Camunda 7 gave them.
func loopAttribute(l loopState, name string) (canon.JSON, bool) {
	switch name {
	case "loopCounter":
		return canon.Int(int64(l.Started)), true
	case "numberOfInstances", "nrOfInstances":
		return canon.Int(int64(l.instances())), true
	case "numberOfActiveInstances", "nrOfActiveInstances":
		return canon.Int(int64(l.running())), true
	case "numberOfCompletedInstances", "nrOfCompletedInstances":
		return canon.Int(int64(l.Completed)), true
	case "numberOfTerminatedInstances":
		return canon.Int(int64(l.Terminated)), true
	}
	return "", false
}
