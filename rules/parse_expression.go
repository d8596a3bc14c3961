package rules

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"tallystick/rules/feel"
)

// expressionTags are the boxed expressions that Parse can compile.
var expressionTags = []string{
	"literalExpression", "decisionTable", "context", "list", "relation", "invocation",
	"functionDefinition", "conditional", "filter", "for", "some", "every",
}

// boxed compiles the first boxed expression among the children of n; nil when there is none.
func (c *compiler) boxed(n *node, scope names) expression {
	if e := n.first(expressionTags...); e != nil {
		return c.expression(e, scope)
	}
	return nil
}

// expression compiles a boxed expression with its typeRef (DMN 1.5, 10.2).
func (c *compiler) expression(n *node, scope names) expression {
	logic := c.untyped(n, scope)
	if typ := c.typeOf(n); typ != nil && logic != nil && n.tag() != "functionDefinition" {
		return typed{logic: logic, typ: typ, element: n.id()}
	}
	return logic
}

func (c *compiler) untyped(n *node, scope names) expression {
	switch n.tag() {
	case "literalExpression":
		return c.literal(n, scope)
	case "decisionTable":
		return c.table(n, scope)
	case "context":
		return c.context(n, scope)
	case "list":
		return c.list(n, scope)
	case "relation":
		return c.relation(n, scope)
	case "invocation":
		return c.invocation(n, scope)
	case "functionDefinition":
		return c.functionDefinition(n, scope)
	case "conditional":
		return c.conditional(n, scope)
	case "filter":
		return c.filter(n, scope)
	default:
		return c.iteration(n, scope)
	}
}

// literal compiles a literal expression; without text it is null.
func (c *compiler) literal(n *node, scope names) expression {
	if imported := n.first("importedValues"); imported != nil {
		c.fail(imported, "element.unsupported", "imported values are not read")
		return constant{}
	}
	return c.textual(n, n.id(), scope)
}

// textual compiles the text of n; a plain literal, which most outputs of tables are, needs no compiler.
func (c *compiler) textual(n *node, element string, scope names) expression {
	if v, ok := plainLiteral(n.childText("text")); ok && isFEEL(c.languageOf(n)) {
		return constant{v}
	}
	program := c.program(n, scope, feel.Compile)
	if program == nil {
		return constant{}
	}
	if v, ok := program.Constant(); ok {
		return constant{v}
	}
	if name, ok := program.Variable(); ok {
		return variable{name: name, literal: literal{program: program, element: element}}
	}
	return literal{program: program, element: element}
}

// plainLiteral reads a number or a string without escapes.
func plainLiteral(text string) (feel.Value, bool) {
	if text == "" || text[0] != '"' && (text[0] < '0' || text[0] > '9') {
		return feel.Null, false
	}
	if text[0] == '"' {
		if list := words(text); len(list) == 1 && len(text) <= feel.SourceMax {
			return feel.Text(list[0]), true
		}
		return feel.Null, false
	}
	if _, ok := parseDecimal(text); !ok {
		return feel.Null, false
	}
	v, err := feel.DecodeJSON(text)
	return v, err == nil
}

// tests compiles unary tests; nil when there is no text or when it is "-".
func (c *compiler) tests(n *node, scope names) *tests {
	if text := n.childText("text"); text == "-" {
		return nil
	}
	if program := c.program(n, scope, feel.CompileTests); program != nil {
		return &tests{program: program, element: n.id()}
	}
	return nil
}

type compile func(string, feel.Options) (*feel.Program, error)

// program compiles the text of n; nil when there is none or it is faulty, which is then reported.
func (c *compiler) program(n *node, scope names, compile compile) *feel.Program {
	text := n.childText("text")
	if text == "" || !c.feelLanguage(n) {
		return nil
	}
	return c.source(n, text, scope, compile)
}

// shorten quotes the text of an expression in a finding.
func shorten(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return strconv.Quote(text)
}

// source compiles FEEL text that stands in n.
func (c *compiler) source(n *node, text string, scope names, compile compile) *feel.Program {
	words := wordsOf(text)
	program, err := compile(text, feel.Options{
		Names:   slices.Concat(scope.required.in(words), scope.hidden.in(words), scope.locals),
		Members: scope.members.in(words), Open: scope.open,
		Types:     func(name string) *feel.Type { return c.definition(name).feelType() },
		Variables: scope.typeOf, Input: scope.input,
	})
	if err != nil {
		var syntax *feel.SyntaxError
		if errors.As(err, &syntax) {
			c.fail(n, "rules.expression", "%s (line %d, column %d of the expression)\n%s",
				syntax.Message, syntax.Line, syntax.Column, syntax.Snippet)
		} else {
			c.fail(n, "rules.expression", "%s", message(err))
		}
		return nil
	}
	if unknown := program.Unknown(); len(unknown) > 0 {
		c.fail(n, "rules.function", "there is no function %s", strings.Join(unknown, ", "))
	}
	for _, remark := range program.Remarks() {
		c.warn(n, "rules.null", "%s (byte %d of %s)", remark.Message, remark.Offset, shorten(text))
	}
	for _, name := range program.Names() {
		if !scope.entries && !slices.Contains(scope.locals, name) {
			c.reads[name] = true
		}
	}
	return program
}
