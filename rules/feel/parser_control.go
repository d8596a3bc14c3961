package feel

func (p *parser) conditional(at pos) node {
	condition := p.expression()
	p.expectWord("then")
	then := p.expression()
	p.expectWord("else")
	return &ifNode{at, condition, then, p.expression()}
}

func (p *parser) iterators() []iterator {
	var list []iterator
	for {
		name := p.newName("in")
		p.expectWord("in")
		it := iterator{name: name, from: p.expression()}
		if p.accept("..") {
			it.to = p.expression()
		}
		list = append(list, it)
		p.scope.add(name)
		if !p.accept(",") {
			return list
		}
	}
}

func (p *parser) iteration(at pos) node {
	size := len(p.scope.order)
	f := &forNode{pos: at, iterators: p.iterators()}
	p.scope.add("partial")
	p.expectWord("return")
	f.body = p.expression()
	p.scope.drop(size)
	return f
}

func (p *parser) quantified(at pos, every bool) node {
	size := len(p.scope.order)
	q := &someNode{pos: at, every: every, iterators: p.iterators()}
	p.expectWord("satisfies")
	q.body = p.expression()
	p.scope.drop(size)
	return q
}

// function is a function definition (rule 55).
func (p *parser) function(at pos) node {
	size := len(p.scope.order)
	f := &functionNode{pos: at}
	p.expect("(")
	for !p.accept(")") {
		if len(f.parameters) > 0 {
			p.expect(",")
		}
		parameter := parameter{name: p.newName(":", ",", ")")}
		if p.accept(":") {
			parameter.typed = p.typeName()
		}
		f.parameters = append(f.parameters, parameter)
	}
	for _, parameter := range f.parameters {
		p.scope.add(parameter.name)
	}
	if p.isWord("external") {
		p.at++
		f.external = p.expression()
	} else {
		f.body = p.expression()
	}
	p.scope.drop(size)
	return f
}

func (p *parser) call(function node) node {
	c := &callNode{pos: p.here(), function: function}
	p.at++
	for !p.accept(")") {
		if len(c.arguments) > 0 {
			p.expect(",")
		}
		named := p.startsNamed()
		if len(c.arguments) > 0 && named != (c.names != nil) {
			p.fail(p.peek(), "named and positional arguments can not be mixed")
		}
		if named {
			c.names = append(c.names, p.newName(":"))
			p.expect(":")
		}
		c.arguments = append(c.arguments, p.expression())
	}
	return c
}

// startsNamed looks ahead for "name :".
func (p *parser) startsNamed() bool {
	if p.peek().kind != tokenName {
		return false
	}
	for i := p.at + 1; ; i++ {
		t := p.tokens[i]
		if t.kind == tokenSymbol && t.text == ":" {
			return true
		}
		if t.kind != tokenName && t.kind != tokenNumber && !isNameSymbol(t) {
			return false
		}
	}
}

// in reads the tests behind the word in (rules 49c and 7 to 17).
func (p *parser) in(value node) node {
	n := &inNode{pos: p.here(), value: value}
	p.at++
	if t := p.peek(); isComparison(t) {
		at := p.here()
		p.at++
		n.tests = []node{&testNode{at, t.text, p.additive()}}
		return n
	}
	if !p.isSymbol("(") {
		n.tests = []node{&testNode{p.here(), "", p.additive()}}
		return n
	}
	n.tests = p.inParenthesis()
	return n
}

// inParenthesis reads a list of tests in parentheses, or a range that starts with one.
func (p *parser) inParenthesis() []node {
	at := p.here()
	p.at++
	first := p.test()
	if p.accept("..") {
		start := first.(*testNode)
		return []node{&testNode{at, "", p.rangeEnd(at, start.value, false)}}
	}
	tests := []node{first}
	for p.accept(",") {
		tests = append(tests, p.test())
	}
	p.expect(")")
	return tests
}

// test is one positive unary test.
func (p *parser) test() node {
	at, t := p.here(), p.peek()
	if isComparison(t) {
		p.at++
		return &testNode{at, t.text, p.additive()}
	}
	inputs := p.inputs
	size := len(p.scope.order)
	p.scope.add("?")
	p.inputs = 0
	value := p.expression()
	op := ""
	if p.inputs > 0 {
		op = "?"
	}
	p.scope.drop(size)
	p.inputs = inputs
	return &testNode{at, op, value}
}

// tests are the unary tests of a decision table cell (rule 17).
func (p *parser) tests() node {
	n := &testsNode{pos: p.here()}
	if p.isSymbol("-") && p.tokens[p.at+1].kind == tokenEnd {
		p.at++
		n.any = true
		return n
	}
	if p.isWord("not") && p.tokens[p.at+1].text == "(" {
		start := p.at
		p.at++
		if n.tests = p.inParenthesis(); p.peek().kind == tokenEnd {
			n.not = true
			return n
		}
		// not(…) is only the beginning of an expression.
		p.at, n.tests = start, nil
	}
	for {
		n.tests = append(n.tests, p.test())
		if !p.accept(",") {
			return n
		}
	}
}
