package rules

import (
	"fmt"
	"strings"
)

// Parse reads and compiles a DMN file. The error says that src is no DMN at all; everything else,
// down to a typing mistake in one cell, is a diagnostic. A model whose diagnostics have errors
// can be looked at, but its faulty decisions fail when they are evaluated. The models that it imports
// are looked for among imported.
func Parse(src []byte, imported ...*Model) (*Model, Diagnostics, error) {
	root, err := read(src)
	if err != nil {
		return nil, nil, err
	}
	m, found := parse(root, imported)
	return m, found, nil
}

func parse(root *node, imported []*Model) (*Model, Diagnostics) {
	m := &Model{
		ID: root.attr("id"), Name: root.attr("name"), Namespace: root.attr("namespace"),
		byID: map[string]*Decision{}, variables: map[string]bool{}, elements: map[string]graphElement{},
	}
	c := newCompiler(root, m)
	c.imports(m, imported)
	c.itemTypes()
	c.graph(m)
	c.refuseCycles(m)
	for _, k := range m.knowledge {
		c.knowledgeLogic(m, k)
	}
	for _, d := range m.Decisions {
		c.decisionLogic(m, d)
	}
	m.types = c.types
	c.diagnostics.sort()
	return m, c.diagnostics
}

// compiler turns one document into a Model and collects what it finds on the way.
type compiler struct {
	root        *node
	namespace   string
	language    string
	definitions map[string]*node // item definitions by name
	building    map[string]bool
	types       map[string]*itemType
	elements    map[string]graphElement
	imported    []*importedModel
	diagnostics Diagnostics
	errors      int
	hidden      wordIndex       // variable names of all elements
	memberIndex wordIndex       // of members
	members     []string        // names of item components that are no plain identifiers
	reads       map[string]bool // free names read by the logic being compiled
}

func newCompiler(root *node, m *Model) *compiler {
	c := &compiler{
		root: root, namespace: root.attr("namespace"), language: root.attr("expressionLanguage"),
		types: map[string]*itemType{}, definitions: map[string]*node{}, building: map[string]bool{},
		elements: m.elements, reads: map[string]bool{},
	}
	c.checkIDs(root, map[string]bool{})
	return c
}

// checkIDs refuses ids that are given twice: references could not be resolved.
func (c *compiler) checkIDs(n *node, seen map[string]bool) {
	if id := n.attr("id"); id != "" && n.tag() != "" {
		if seen[id] {
			c.fail(n, "element.duplicate", "the id %q is given twice", id)
		}
		seen[id] = true
	}
	for _, child := range n.children {
		c.checkIDs(child, seen)
	}
}

func (c *compiler) report(s Severity, n *node, code, format string, args ...any) {
	c.diagnostics = append(c.diagnostics, Diagnostic{
		Severity: s, Code: code, Element: n.id(), Message: fmt.Sprintf(format, args...),
		Line: n.at.Line, Column: n.at.Column,
	})
}

func (c *compiler) fail(n *node, code, format string, args ...any) {
	c.errors++
	c.report(SeverityError, n, code, format, args...)
}

func (c *compiler) warn(n *node, code, format string, args ...any) {
	c.report(SeverityWarning, n, code, format, args...)
}

func (c *compiler) languageOf(n *node) string {
	if own := n.attr("expressionLanguage"); own != "" {
		return own
	}
	return c.language
}

func isFEEL(language string) bool {
	folded := strings.ToLower(language)
	return folded == "" || folded == "feel" || strings.Contains(folded, "/feel")
}

// feelLanguage reports whether an expression element is written in FEEL: its own language counts,
// then that of the definitions, and FEEL is the default (DMN 1.5, 6.3.2).
func (c *compiler) feelLanguage(n *node) bool {
	language := c.languageOf(n)
	if isFEEL(language) {
		return true
	}
	c.fail(n, "rules.language", "expressions in %q are not executed, only FEEL", language)
	return false
}
