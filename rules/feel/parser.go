package feel

import "errors"

// NodesMax bounds the syntax tree of an expression.
const NodesMax = 2000

// parser turns tokens into a tree. A syntax error leaves it as a panic with a *SyntaxError, which
// parse catches.
type parser struct {
	src     string
	tokens  []token
	at      int
	nodes   int
	open    bool
	types   func(string) *Type
	scope   nameSet // names in scope, innermost last
	members nameSet // names of entries that paths and filters may mention
	filters int     // filters around the current place
	inputs  int     // how often ? was read
	sealed  bool    // an end point of a range is being read, so "[" may close it
}

func newParser(src string, o Options) (*parser, error) {
	tokens, err := lex(src)
	if err != nil {
		return nil, err
	}
	p := &parser{src: src, tokens: tokens, open: o.Open, types: o.Types}
	for _, name := range o.Names {
		p.scope.add(name)
	}
	for _, name := range o.Members {
		p.members.add(name)
	}
	return p, nil
}

// parse runs one production over the whole source.
func (p *parser) parse(production func() node) (tree node, err error) {
	defer func() {
		if r := recover(); r != nil {
			var syntax *SyntaxError
			if e, ok := r.(error); !ok || !errors.As(e, &syntax) {
				panic(r)
			}
			tree, err = nil, syntax
		}
	}()
	tree = production()
	if t := p.peek(); t.kind != tokenEnd {
		p.fail(t, "unexpected %s", describe(t))
	}
	return tree, nil
}

func (p *parser) fail(t token, format string, args ...any) {
	panic(syntaxError(p.src, t.start, format, args...))
}

func describe(t token) string {
	switch t.kind {
	case tokenEnd:
		return "end of the expression"
	case tokenString:
		return "string"
	default:
		return `"` + t.text + `"`
	}
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) next() token {
	t := p.tokens[p.at]
	if t.kind != tokenEnd {
		p.at++
	}
	return t
}

func (p *parser) isSymbol(symbol string) bool {
	t := p.peek()
	return t.kind == tokenSymbol && t.text == symbol
}

func (p *parser) isWord(word string) bool {
	t := p.peek()
	return t.kind == tokenName && t.text == word
}

func (p *parser) accept(symbol string) bool {
	if p.isSymbol(symbol) {
		p.at++
		return true
	}
	return false
}

func (p *parser) expect(symbol string) {
	if !p.isSymbol(symbol) {
		p.fail(p.peek(), "expected %q instead of %s", symbol, describe(p.peek()))
	}
	p.next()
}

func (p *parser) expectWord(word string) {
	if !p.isWord(word) {
		p.fail(p.peek(), "expected %q instead of %s", word, describe(p.peek()))
	}
	p.at++
}

// here returns the position for a node that starts at the current token, and counts the node.
func (p *parser) here() pos {
	if p.nodes++; p.nodes > NodesMax {
		p.fail(p.peek(), "the expression has more than %d parts", NodesMax)
	}
	return pos(p.peek().start)
}

// expression is rule 1; the words for, if, some, every and function start the weakest operators.
func (p *parser) expression() node {
	sealed := p.sealed
	p.sealed = false
	defer func() { p.sealed = sealed }()
	return p.disjunction()
}

func (p *parser) disjunction() node {
	left := p.conjunction()
	for p.isWord("or") {
		at := p.here()
		p.at++
		left = &binaryNode{at, "or", left, p.conjunction()}
	}
	return left
}

func (p *parser) conjunction() node {
	left := p.comparison()
	for p.isWord("and") {
		at := p.here()
		p.at++
		left = &binaryNode{at, "and", left, p.comparison()}
	}
	return left
}

func isComparison(t token) bool {
	if t.kind != tokenSymbol {
		return false
	}
	switch t.text {
	case "=", "!=", "<", "<=", ">", ">=":
		return true
	}
	return false
}

func (p *parser) comparison() node {
	left := p.additive()
	for {
		t := p.peek()
		switch {
		case isComparison(t):
			at := p.here()
			p.at++
			left = &binaryNode{at, t.text, left, p.additive()}
		case p.isWord("between"):
			left = p.between(left)
		case p.isWord("in"):
			left = p.in(left)
		default:
			return left
		}
	}
}

func (p *parser) between(value node) node {
	at := p.here()
	p.at++
	low := p.additive()
	p.expectWord("and")
	return &betweenNode{at, value, low, p.additive()}
}

func (p *parser) additive() node {
	left := p.multiplicative()
	for p.isSymbol("+") || p.isSymbol("-") {
		at := p.here()
		op := p.next().text
		left = &binaryNode{at, op, left, p.multiplicative()}
	}
	return left
}

func (p *parser) multiplicative() node {
	left := p.power()
	for p.isSymbol("*") || p.isSymbol("/") {
		at := p.here()
		op := p.next().text
		left = &binaryNode{at, op, left, p.power()}
	}
	return left
}

func (p *parser) power() node {
	left := p.negation()
	for p.isSymbol("**") {
		at := p.here()
		p.at++
		left = &binaryNode{at, "**", left, p.negation()}
	}
	return left
}

func (p *parser) negation() node {
	if p.isSymbol("-") {
		at := p.here()
		p.at++
		return &negateNode{at, p.negation()}
	}
	return p.instance()
}

func (p *parser) instance() node {
	value := p.postfix()
	for p.isWord("instance") {
		at := p.here()
		p.at++
		p.expectWord("of")
		start := p.at
		typed := p.typeName()
		value = &instanceNode{at, value, typed, spell(p.tokens[start:p.at])}
	}
	return value
}

func (p *parser) postfix() node {
	value := p.primary()
	for {
		switch {
		case p.isSymbol("(") && !p.startsRange():
			value = p.call(value)
		case p.isSymbol("[") && !(p.sealed && p.closesRange()):
			value = p.filter(value)
		case p.isSymbol("."):
			at := p.here()
			p.at++
			value = &pathNode{at, value, p.member()}
		default:
			return value
		}
	}
}

// startsRange tells a literal followed by a bracket, as no literal can be called.
func (p *parser) startsRange() bool {
	before := p.tokens[p.at-1]
	return before.kind == tokenNumber || before.kind == tokenString
}

// closesRange tells whether the bracket at hand ends a range like ]1..10[, for nothing follows
// that could be a filter condition.
func (p *parser) closesRange() bool {
	switch t := p.tokens[p.at+1]; t.kind {
	case tokenEnd:
		return true
	case tokenName:
		return isReserved(t.text) && !startsExpression(t.text)
	case tokenSymbol:
		return t.text != "(" && t.text != "[" && t.text != "{" && t.text != "-" && t.text != "@"
	default:
		return false
	}
}

func startsExpression(word string) bool {
	switch word {
	case "not", "null", "true", "false", "if", "for", "some", "every", "function":
		return true
	}
	return false
}

func (p *parser) filter(list node) node {
	at := p.here()
	p.at++
	size := len(p.scope.order)
	p.scope.add("item")
	p.filters++
	condition := p.expression()
	p.filters--
	p.scope.drop(size)
	p.expect("]")
	return &filterNode{at, list, condition}
}
