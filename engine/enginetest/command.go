package enginetest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tallystick/engine"
)

// commands are the words that a script line can start with.
func (r *runner) commands() map[string]func([]word) error {
	return map[string]func([]word) error{
		"deploy": r.deploy, "at": r.at, "person": r.person, "start": r.begin,
		"claim": r.claim, "complete": r.complete, "finish": r.finish, "fail": r.fail, "work": r.work,
		"advance": r.advance, "cancel": r.cancel, "resolve": r.resolve, "set": r.set,
		"show": r.show, "trace": r.trace,
	}
}

func (r *runner) command(text string) error {
	words, err := split(text)
	if err != nil {
		return err
	}
	if len(words) == 0 {
		return errors.New("there is no command in the line")
	}
	do, known := r.commands()[words[0].text]
	if !known || words[0].name != "" {
		return fmt.Errorf("there is no command %q", words[0].text)
	}
	return do(words[1:])
}

// take removes the options with the given names from the words and returns their texts.
func take(words []word, names ...string) (rest []word, options map[string]string) {
	options = map[string]string{}
	for _, w := range words {
		for _, name := range names {
			if w.name == name {
				options[name] = w.text
			}
		}
		if _, taken := options[w.name]; !taken || w.name == "" {
			rest = append(rest, w)
		}
	}
	return rest, options
}

// subject splits the words of a command into the element it is about and the assignments behind it.
func subject(words []word) (string, []word, error) {
	if len(words) == 0 || words[0].name != "" {
		return "", nil, errors.New("the command needs an element")
	}
	return words[0].text, words[1:], assigned(words[1:])
}

// assigned refuses words that are no NAME=VALUE.
func assigned(words []word) error {
	for _, w := range words {
		if w.name == "" {
			return fmt.Errorf("%q is not of the form name=value", w.text)
		}
	}
	return nil
}

// nth picks one of the open things at an element: the only one, or the one that #n names. It returns 0
// when none is open; the engine then says why the command cannot be.
func nth[T any](r *runner, address string, all []T, about func(T) (element string, key int64)) (int64, error) {
	id, ordinal, numbered := strings.Cut(address, "#")
	if !r.knows(id) {
		return 0, fmt.Errorf("there is no element %s", id)
	}
	var keys []int64
	for _, t := range all {
		if element, key := about(t); element == id {
			keys = append(keys, key)
		}
	}
	n := 1
	if numbered {
		var err error
		if n, err = strconv.Atoi(ordinal); err != nil || n < 1 {
			return 0, fmt.Errorf("%s: write %s#1, %s#2 and so on", address, id, id)
		}
	} else if len(keys) > 1 {
		return 0, fmt.Errorf("%s is open %d times; write %s#1, %s#2 and so on", id, len(keys), id, id)
	}
	if n > len(keys) {
		return 0, nil
	}
	return keys[n-1], nil
}

// knows reports whether the process has the element; the id of the process stands for the instance.
func (r *runner) knows(id string) bool {
	if r.def == nil {
		return false
	}
	if id == r.def.ProcessID() {
		return true
	}
	for _, n := range r.def.Nodes() {
		if n.ID == id {
			return true
		}
	}
	return false
}

func (r *runner) at(words []word) error {
	if r.st.Key() != 0 || len(words) != 1 {
		return errors.New("at takes one time, before the start")
	}
	t, err := time.Parse(time.RFC3339, words[0].text)
	if err != nil {
		return fmt.Errorf("%q is no time such as 2026-01-05T09:00:00Z", words[0].text)
	}
	r.start, r.now = t.UTC(), t.UTC()
	return nil
}

func (r *runner) begin(words []word) error {
	process := r.library.first
	if len(words) > 0 && words[0].name == "" {
		process, words = words[0].text, words[1:]
	}
	if err := assigned(words); err != nil {
		return err
	}
	if r.def == nil {
		if r.def = r.library.processes[process]; r.def == nil {
			return fmt.Errorf("no process %q is deployed", process)
		}
	}
	return r.step("", engine.StartInstance{Instance: engine.InstanceKey(1 << 20), Variables: variables(words)})
}

func (r *runner) cancel(words []word) error {
	if len(words) > 0 {
		return errors.New("cancel stands alone")
	}
	return r.step("", engine.CancelInstance{})
}

func (r *runner) resolve(words []word) error {
	id, rest, err := subject(words)
	if err != nil {
		return err
	}
	if rest, options := take(rest, "retries"); len(rest) == 0 {
		return r.resolveAt(id, options["retries"])
	}
	return errors.New("resolve takes an element and retries=N")
}

func (r *runner) resolveAt(id, retries string) error {
	key, err := nth(r, id, r.st.Incidents(), func(i engine.Incident) (string, int64) {
		if i.Element == "" {
			return r.def.ProcessID(), i.Key
		}
		return i.Element, i.Key
	})
	if err != nil {
		return err
	}
	if retries != "" {
		n, err := strconv.Atoi(retries)
		if err != nil {
			return errors.New("retries is no number")
		}
		for _, i := range r.st.Incidents() {
			if i.Key == key {
				if err := r.step("", engine.UpdateJobRetries{Job: i.Job, Retries: n}); err != nil {
					return err
				}
			}
		}
	}
	return r.step("", engine.ResolveIncident{Incident: key})
}

func (r *runner) set(words []word) error {
	scope, local := r.st.Key(), false
	if len(words) > 0 && words[0].name == "" {
		var err error
		scope, err = nth(r, words[0].text, r.st.Elements(), func(e engine.ElementInstance) (string, int64) { return e.Element, e.Key })
		if err != nil {
			return err
		}
		words, local = words[1:], true
	}
	if err := assigned(words); err != nil {
		return err
	}
	return r.step("", engine.SetVariables{Scope: scope, Variables: variables(words), Local: local})
}
