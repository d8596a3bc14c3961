package enginetest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"tallystick/engine"
)

// commands are the words that a script line can start with.
func (r *runner) commands() map[string]func([]word) error {
	return map[string]func([]word) error{
		"deploy": r.deploy, "person": r.person, "start": r.begin, "send": r.send, "activate": r.activate,
		"claim": r.claim, "complete": r.complete, "finish": r.finish, "fail": r.fail, "work": r.work,
		"advance": r.advance, "operate": r.operate, "resolve": r.resolve, "set": r.set, "show": r.show,
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

func (r *runner) begin(words []word) error {
	process, event := r.library.first, ""
	if len(words) > 0 && words[0].name == "" {
		process, words = words[0].text, words[1:]
	}
	process, event, _ = strings.Cut(process, "/")
	if err := assigned(words); err != nil {
		return err
	}
	def := r.library.processes[process]
	if def == nil {
		return fmt.Errorf("no process %q is deployed", process)
	}
	if err := r.start(def, engine.StartInstance{Start: event, Variables: variables(words)}); err != nil {
		return err
	}
	return r.errands()
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

// aboutIncident names an incident of the instance as a whole after its process.
func (r *runner) aboutIncident(i engine.Incident) (string, int64) {
	if i.Element == "" {
		return r.instance(i.Key).def.ProcessID(), i.Key
	}
	return i.Element, i.Key
}

func (r *runner) resolveAt(id, retries string) error {
	at, err := find(r, id, engine.State.Incidents, r.aboutIncident)
	if err != nil {
		return err
	}
	cmd := engine.ResolveIncident{Incident: at.key}
	if retries != "" {
		n, err := strconv.Atoi(retries)
		if err != nil {
			return errors.New("retries is no number")
		}
		cmd.Retries = &n
	}
	return r.do(at.instance, "", cmd)
}

func aboutElement(e engine.ElementInstance) (string, int64) { return e.Element, e.Key }

func (r *runner) set(words []word) error {
	at, local, err := r.scope(words)
	if err != nil {
		return err
	}
	if local {
		words = words[1:]
	}
	if err := assigned(words); err != nil {
		return err
	}
	return r.do(at.instance, "", engine.SetVariables{Scope: at.key, Variables: variables(words), Local: local})
}

// scope finds where variables are to be set: in the element or instance that the first word names, else in the
// first instance.
func (r *runner) scope(words []word) (at spot, named bool, err error) {
	name := ""
	if len(words) > 0 && words[0].name == "" {
		name = words[0].text
	}
	if i, err := r.named(name); err == nil {
		return spot{i, i.st.Key()}, name != "", nil
	} else if name == "" {
		return spot{}, false, err
	}
	at, err = find(r, name, engine.State.Elements, aboutElement)
	return at, true, err
}
