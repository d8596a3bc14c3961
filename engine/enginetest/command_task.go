package enginetest

import (
	"errors"
	"fmt"
	"strings"

	"tallystick/engine"
	"tallystick/fault"
)

// errDenied is the server's refusal of a task that does not concern somebody.
var errDenied = fault.New(fault.Denied, "authz.denied", "the task does not concern the person")

func (r *runner) person(words []word) error {
	words, options := take(words, "groups")
	if len(words) != 1 || words[0].name != "" {
		return errors.New("write person NAME groups=A,B")
	}
	groups := strings.Split(options["groups"], ",")
	if options["groups"] == "" {
		groups = nil
	}
	r.persons[words[0].text] = groups
	return nil
}

func (r *runner) claim(words []word) error {
	id, words, err := subject(words)
	if err != nil {
		return err
	}
	words, options := take(words, "by", "override")
	if len(words) > 0 || options["by"] == "" {
		return errors.New("write claim TASK by=PERSON")
	}
	return r.task(id, options["by"], func(key int64) engine.Command {
		return engine.AssignTask{Task: key, Assignee: options["by"], AllowOverride: options["override"] == "true", Action: "claim"}
	})
}

func (r *runner) complete(words []word) error {
	id, words, err := subject(words)
	if err != nil {
		return err
	}
	words, options := take(words, "by")
	return r.task(id, options["by"], func(key int64) engine.Command {
		return engine.CompleteTask{Task: key, Variables: variables(words), Action: "complete"}
	})
}

// task gives a command about a task on behalf of a person, if the task concerns the person.
func (r *runner) task(address, person string, cmd func(key int64) engine.Command) error {
	at, err := find(r, address, engine.State.Tasks, func(t engine.UserTask) (string, int64) { return t.Element, t.Key })
	if err != nil {
		return err
	}
	if person == "" {
		return r.do(at.instance, "", cmd(at.key))
	}
	groups, known := r.persons[person]
	if !known {
		return fmt.Errorf("there is no person %s", person)
	}
	if t, open := at.st.Task(at.key); open && !t.Concerns(person, groups) {
		return r.rejected(errDenied)
	}
	return r.do(at.instance, "user:"+person, cmd(at.key))
}
