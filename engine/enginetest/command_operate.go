package enginetest

import (
	"errors"

	"tallystick/engine"
)

// operate does what operators do to instances as a whole.
func (r *runner) operate(words []word) error {
	operations := map[string]func([]word) error{
		"cancel":  r.toWhole(engine.CancelInstance{}),
		"suspend": r.toWhole(engine.SuspendInstance{}),
		"resume":  r.resume,
		"migrate": r.migrate,
		"modify":  r.modify,
	}
	if len(words) > 0 && words[0].name == "" {
		if do := operations[words[0].text]; do != nil {
			return do(words[1:])
		}
	}
	return errors.New("operate takes cancel, suspend, resume, migrate or modify")
}

// toWhole gives a command to the first instance, or to that of the process named.
func (r *runner) toWhole(cmd engine.Command) func([]word) error {
	return func(words []word) error {
		name := ""
		if len(words) > 0 {
			name, words = words[0].text, words[1:]
		}
		if len(words) > 0 {
			return errors.New("operate takes one process at most")
		}
		i, err := r.named(name)
		if err != nil {
			return err
		}
		return r.do(i, "", cmd)
	}
}

// resume lets an instance go on; what came due meanwhile fires at once.
func (r *runner) resume(words []word) error {
	if err := r.toWhole(engine.ResumeInstance{})(words); err != nil {
		return err
	}
	return r.fireUntil(r.now)
}
