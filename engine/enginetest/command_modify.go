package enginetest

import (
	"errors"

	"tallystick/engine"
)

var errModify = errors.New("write operate modify [of=PROCESS] and: activate ELEMENT, move ELEMENT to ELEMENT, " +
	"terminate ELEMENT; every before what ends means all of it; in=ANCESTOR, at=SCOPE, NAME=VALUE stand behind what is activated")

// modifying reads the instructions of operate modify.
type modifying struct {
	r     *runner
	words []word
	cmd   engine.ModifyInstance
}

// modify changes what is active in an instance.
func (r *runner) modify(words []word) error {
	words, options := take(words, "of")
	i, err := r.named(options["of"])
	if err != nil {
		return err
	}
	m := modifying{r: r, words: words}
	if err := m.read(); err != nil {
		return err
	}
	return r.do(i, "", m.cmd)
}

func (m *modifying) read() error {
	for len(m.words) > 0 {
		var err error
		switch what, _ := m.next(); what {
		case "activate":
			err = m.activate()
		case "move":
			err = m.move()
		case "terminate":
			var id string
			var key int64
			id, key, err = m.source()
			m.cmd.Terminate = append(m.cmd.Terminate, engine.TerminateElement{Element: id, ElementInstance: key})
		default:
			err = errModify
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// next takes the next word, if it is a plain one.
func (m *modifying) next() (string, bool) {
	if len(m.words) == 0 || m.words[0].name != "" {
		return "", false
	}
	text := m.words[0].text
	m.words = m.words[1:]
	return text, true
}

// source reads what ends: an element instance by its address, or every one of an element.
func (m *modifying) source() (element string, key int64, err error) {
	name, ok := m.next()
	if !ok {
		return "", 0, errModify
	}
	if name == "every" {
		if element, ok = m.next(); !ok {
			err = errModify
		}
		return element, 0, err
	}
	at, err := find(m.r, name, engine.State.Elements, aboutElement)
	if err == nil && at.key == 0 {
		err = errors.New(name + " is not active")
	}
	return "", at.key, err
}

func (m *modifying) activate() error {
	element, ok := m.next()
	if !ok {
		return errModify
	}
	in, vars := m.details()
	a := engine.ActivateElement{Element: element, Variables: vars}
	var err error
	if in != "" {
		a.Ancestor, err = m.ancestor(in)
	}
	m.cmd.Activate = append(m.cmd.Activate, a)
	return err
}

func (m *modifying) move() error {
	from, key, err := m.source()
	if err != nil {
		return err
	}
	to, ok := m.next()
	if to != "to" || !ok {
		return errModify
	}
	c := engine.MoveElement{From: from, FromInstance: key}
	if c.To, ok = m.next(); !ok {
		return errModify
	}
	in, vars := m.details()
	c.Variables = vars
	switch in {
	case "inferred":
		c.Choice = engine.AncestorInferred
	case "parent":
		c.Choice = engine.AncestorSourceParent
	case "":
	default:
		c.Ancestor, err = m.ancestor(in)
	}
	m.cmd.Move = append(m.cmd.Move, c)
	return err
}

// details reads the ancestor and the variables of an activation; at=SCOPE says where those behind it go.
func (m *modifying) details() (in string, list []engine.ScopedVariables) {
	scope := ""
	var own []word
	flush := func() {
		if len(own) > 0 {
			list = append(list, engine.ScopedVariables{Scope: scope, Variables: variables(own)})
		}
		own = nil
	}
	for ; len(m.words) > 0 && m.words[0].name != ""; m.words = m.words[1:] {
		switch w := m.words[0]; w.name {
		case "in":
			in = w.text
		case "at":
			flush()
			scope = w.text
		default:
			own = append(own, w)
		}
	}
	flush()
	return in, list
}

// ancestor finds a scope by its address; the name of a process means its instance.
func (m *modifying) ancestor(address string) (int64, error) {
	if i, err := m.r.named(address); err == nil {
		return i.st.Key(), nil
	}
	at, err := find(m.r, address, engine.State.Elements, aboutElement)
	if err == nil && at.key == 0 {
		err = errors.New(address + " is not active")
	}
	return at.key, err
}
