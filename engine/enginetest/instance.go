package enginetest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tallystick/engine"
)

// instance is one of the process instances of a scenario.
type instance struct {
	def     *engine.Definition
	st      engine.State
	recs    []engine.Record
	headers map[int64]map[string]string // of jobs, by key
	tasks   map[int64]*engine.JobTask   // of the jobs of task listeners, by key
	drawn   map[int64]string            // what keys were drawn for
	prefix  string                      // of what is printed about it, "" for the first
	ordinal int                         // among the instances of its process, from 1
}

// name is what addresses call the instance: its process, and its number when there are several.
func (i *instance) name() string {
	if i.ordinal == 1 {
		return i.def.ProcessID()
	}
	return i.def.ProcessID() + "#" + strconv.Itoa(i.ordinal)
}

// isNamed reports whether an address means the instance: by its number, or by its process alone.
func (i *instance) isNamed(name string) bool {
	return name == i.def.ProcessID() || name == i.def.ProcessID()+"#"+strconv.Itoa(i.ordinal)
}

// active reports whether the instance has started and not ended.
func (i *instance) active() bool { return i.st.Status() == engine.Active }

// create makes room for an instance of a process; it starts with the first command. One that could not start
// leaves its place to the next.
func (r *runner) create(def *engine.Definition) *instance {
	r.instances = slices.DeleteFunc(r.instances, func(i *instance) bool { return i.st.Key() == 0 })
	i := &instance{def: def, ordinal: 1, headers: map[int64]map[string]string{}, tasks: map[int64]*engine.JobTask{}, drawn: map[int64]string{}}
	for _, other := range r.instances {
		if other.def.ProcessID() == def.ProcessID() {
			i.ordinal++
		}
	}
	if len(r.instances) > 0 {
		i.prefix = i.name() + ": "
	}
	r.instances = append(r.instances, i)
	return i
}

const instancesMax = 1_000 // of one scenario; processes may call each other without end

// start gives a new instance its first command.
func (r *runner) start(def *engine.Definition, cmd engine.StartInstance) error {
	if len(r.instances) >= instancesMax {
		return fmt.Errorf("more than %d instances started", instancesMax)
	}
	i := r.create(def)
	cmd.Instance = engine.InstanceKey(firstInstance + int64(len(r.instances)) - 1)
	return r.step(i, "", cmd)
}

const firstInstance = 1 << 20 // its number, far from the keys of what is deployed

// instance finds the instance that a key belongs to.
func (r *runner) instance(key int64) *instance {
	for _, i := range r.instances {
		if i.st.Key() != 0 && i.st.Key() == engine.InstanceOf(key) {
			return i
		}
	}
	return nil
}

// errNone says that a scenario has nothing yet that a command could be about.
var errNone = errors.New("no instance has started")

// named finds an instance by PROCESS or PROCESS#2; "" is the first.
func (r *runner) named(name string) (*instance, error) {
	for _, i := range r.instances {
		if name == "" || i.isNamed(name) {
			return i, nil
		}
	}
	if len(r.instances) == 0 {
		return nil, errNone
	}
	return nil, fmt.Errorf("there is no instance %s", name)
}

// spot is where a command goes: an instance, and the key of the open thing there. The key is 0 when nothing is
// open; the engine then says why the command cannot be.
type spot struct {
	*instance
	key int64
}

// find picks one of the open things at an element: the only one, or the one that #n names, in the order in
// which they were opened. PROCESS/ELEMENT looks in the instances of a process alone.
func find[T any](r *runner, address string, open func(engine.State) []T, about func(T) (element string, key int64)) (spot, error) {
	process, id, within := strings.Cut(address, "/")
	if !within {
		process, id = "", address
	}
	id, ordinal, numbered := strings.Cut(id, "#")
	var home *instance
	var found []spot
	for _, i := range r.instances {
		if within && !i.isNamed(process) || !i.knows(id) {
			continue
		}
		if home == nil {
			home = i
		}
		for _, t := range open(i.st) {
			if element, key := about(t); element == id {
				found = append(found, spot{i, key})
			}
		}
	}
	if home == nil {
		return spot{}, fmt.Errorf("there is no element %s", id)
	}
	n, err := number(id, ordinal, numbered, len(found))
	if err != nil || n > len(found) {
		return spot{instance: home}, err
	}
	return found[n-1], nil
}

// number reads the ordinal of an address, 1 when there is none and at most one thing is open.
func number(id, ordinal string, numbered bool, open int) (int, error) {
	if !numbered && open > 1 {
		return 0, fmt.Errorf("%s is open %d times; write %s#1, %s#2 and so on", id, open, id, id)
	}
	if !numbered {
		return 1, nil
	}
	n, err := strconv.Atoi(ordinal)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%s#%s: write %s#1, %s#2 and so on", id, ordinal, id, id)
	}
	return n, nil
}

// knows reports whether the process has the element; the id of the process stands for the instance.
func (i *instance) knows(id string) bool {
	return id == i.def.ProcessID() ||
		slices.ContainsFunc(i.def.Nodes(), func(n engine.NodeInfo) bool { return n.ID == id })
}
