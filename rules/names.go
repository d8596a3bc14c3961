package rules

import (
	"slices"
	"strings"
	"unicode"

	"tallystick/rules/feel"
)

// names are the names in scope of an expression while it is compiled.
type names struct {
	required wordIndex // by their variable, name or id
	hidden   wordIndex // elements of the model that are not required
	members  wordIndex // item components that are no plain identifiers
	locals   []string  // parameters, entries, iterators
	bindings map[string]binding
	input    *feel.Type // of the column whose cells are compiled
	open     bool
	entries  bool // unknown names are entries of an item
}

// with returns the names plus some local ones.
func (n names) with(locals ...string) names {
	n.locals = append(slices.Clip(n.locals), locals...)
	return n
}

// names are the names an element with these bindings sees. Hidden elements are among them, so
// that a name with blanks reads null instead of being a mistake of syntax.
func (c *compiler) names(m *Model, bindings map[string]binding) names {
	if c.hidden == nil {
		c.hidden, c.memberIndex = wordIndex{}, wordIndex{}
		for name := range m.variables {
			c.hidden.add(name)
		}
		for _, name := range c.members {
			c.memberIndex.add(name)
		}
	}
	required := wordIndex{}
	for name := range bindings {
		required.add(name)
	}
	return names{required: required, hidden: c.hidden, members: c.memberIndex, bindings: bindings}
}

// typeOf is the type of a required element, as far as its value is converted to it.
func (n names) typeOf(name string) *feel.Type {
	if slices.Contains(n.locals, name) {
		return nil
	}
	switch b := n.bindings[name]; {
	case b.input != nil:
		return b.input.typ.feelType()
	case b.decision != nil:
		return b.decision.result.feelType()
	}
	return nil
}

// wordIndex finds names by their first word. The FEEL parser is told only names that can occur in
// a source: the work is otherwise the product of the names and the cells of a model.
type wordIndex map[string][]string

func (x wordIndex) add(name string) {
	if name == "" {
		return
	}
	word := ""
	if words := strings.FieldsFunc(name, separates); len(words) > 0 {
		word = words[0]
	}
	x[word] = append(x[word], name)
}

// in lists the names whose first word is among the words, sorted.
func (x wordIndex) in(words []string) []string {
	if len(x) == 0 {
		return nil
	}
	found := slices.Clone(x[""])
	for _, word := range words {
		found = append(found, x[word]...)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// separates reports whether a character ends a word of a FEEL name (DMN 1.5, 10.3.1.2 rules 27 to 30).
func separates(r rune) bool {
	return r < unicode.MaxASCII && r != '_' && r != '?' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

func wordsOf(source string) []string {
	words := strings.FieldsFunc(source, separates)
	slices.Sort(words)
	return slices.Compact(words)
}
