package enginetest

import (
	"errors"

	"tallystick/engine"
)

// activate starts elements of an ad-hoc sub-process; instead ends first what is active there. done completes it.
func (r *runner) activate(words []word) error {
	if len(words) < 2 || words[0].name != "" || words[1].name != "" {
		return errors.New("write activate ADHOC ELEMENT… NAME=VALUE…, or activate ADHOC done")
	}
	at, err := find(r, words[0].text, engine.State.Elements, aboutElement)
	if err != nil {
		return err
	}
	if words[1].text == "done" {
		return r.do(at.instance, "", engine.CompleteAdHoc{ElementInstance: at.key})
	}
	cmd := engine.ActivateAdHoc{ElementInstance: at.key}
	var vars []word
	for _, w := range words[1:] {
		switch {
		case w.name != "":
			vars = append(vars, w)
		case w.text == "instead":
			cmd.CancelRemaining = true
		default:
			cmd.Elements = append(cmd.Elements, engine.Activation{Element: w.text})
		}
	}
	for i := range cmd.Elements {
		cmd.Elements[i].Variables = variables(vars)
	}
	return r.do(at.instance, "", cmd)
}
