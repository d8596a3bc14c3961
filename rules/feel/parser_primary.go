package feel

func (p *parser) primary() node {
	t := p.peek()
	switch t.kind {
	case tokenNumber:
		return p.numberLiteral()
	case tokenString:
		at := p.here()
		p.at++
		return &constNode{at, Text(t.text)}
	case tokenName:
		return p.word()
	case tokenSymbol:
		return p.bracket(t)
	default:
		p.fail(t, "expected an expression")
		return nil
	}
}

func (p *parser) numberLiteral() node {
	at := p.here()
	t := p.next()
	value, ok := parseNumber(t.text)
	if !ok {
		p.fail(t, "the number %s is out of range", t.text)
	}
	return &constNode{at, value}
}

func (p *parser) bracket(t token) node {
	switch t.text {
	case "(":
		return p.parenthesis()
	case "[":
		return p.list()
	case "]":
		at := p.here()
		p.at++
		start := p.expression()
		p.expect("..")
		return p.rangeEnd(at, start, false)
	case "{":
		return p.context()
	case "@":
		at := p.here()
		p.at++
		if p.peek().kind != tokenString {
			p.fail(p.peek(), "expected a string after @")
		}
		return &atNode{at, p.next().text}
	default:
		p.fail(t, "expected an expression instead of %s", describe(t))
		return nil
	}
}

// word reads what starts with a name token: a keyword, a literal or a name. A name in scope may
// start with a keyword; then it must be longer than the keyword alone.
func (p *parser) word() node {
	t := p.peek()
	if !isReserved(t.text) {
		return p.name()
	}
	if _, length := p.scope.longest(p.tokens[p.at:]); length > 1 {
		return p.name()
	}
	at := p.here()
	p.at++
	switch t.text {
	case "true", "false":
		return &constNode{at, Boolean(t.text == "true")}
	case "null":
		return &constNode{at, Null}
	case "not":
		return &nameNode{at, "not"}
	case "if":
		return p.conditional(at)
	case "for":
		return p.iteration(at)
	case "some", "every":
		return p.quantified(at, t.text == "every")
	case "function":
		return p.function(at)
	}
	p.fail(t, "unexpected word %q", t.text)
	return nil
}

// name reads a variable or the name of a built-in.
func (p *parser) name() node {
	at := p.here()
	rest := p.tokens[p.at:]
	name, length := p.scope.longest(rest)
	if builtin, n := builtinNames.longest(rest); n > length {
		name, length = builtin, n
	}
	if p.filters > 0 {
		if member, n := p.members.longest(rest); n > length {
			name, length = member, n
		}
		if run := p.run(max(length, 1)); run > length && (length == 0 || run > 1) {
			name, length = spell(rest[:run]), run
		}
	}
	if length == 0 {
		name, length = rest[0].text, 1
	}
	if name == "?" {
		p.inputs++
	}
	p.at += length
	return &nameNode{at, name}
}

// run counts the name tokens from here on, at least the given number: side by side they can only
// be one name with blanks.
func (p *parser) run(length int) int {
	for {
		t := p.tokens[p.at+length]
		if t.kind != tokenNumber && (t.kind != tokenName || isReserved(t.text)) {
			return length
		}
		length++
	}
}

// member reads the name behind a dot.
func (p *parser) member() string {
	rest := p.tokens[p.at:]
	if rest[0].kind != tokenName {
		p.fail(rest[0], "expected a name after the dot instead of %s", describe(rest[0]))
	}
	name, length := p.members.longest(rest)
	if property, n := propertyNames.longest(rest); n > length {
		name, length = property, n
	}
	if run := p.run(max(length, 1)); run > length {
		name, length = spell(rest[:run]), run
	}
	p.at += length
	return name
}

// parenthesis is an expression in parentheses, a range that starts open, or a one-sided range.
func (p *parser) parenthesis() node {
	at := p.here()
	p.at++
	if t := p.peek(); isComparison(t) {
		p.at++
		end := p.sealedAdditive()
		p.expect(")")
		return oneSided(at, t, end)
	}
	value := p.expression()
	if p.accept("..") {
		return p.rangeEnd(at, value, false)
	}
	p.expect(")")
	return value
}

// oneSided is a value like (< 10).
func oneSided(at pos, op token, point node) node {
	switch op.text {
	case "<", "<=":
		return &rangeNode{pos: at, end: point, endIncluded: op.text == "<="}
	case ">", ">=":
		return &rangeNode{pos: at, start: point, startIncluded: op.text == ">="}
	default:
		return &rangeNode{pos: at, op: op.text, start: point, end: point, startIncluded: true, endIncluded: true}
	}
}

func (p *parser) sealedAdditive() node {
	sealed := p.sealed
	p.sealed = true
	defer func() { p.sealed = sealed }()
	return p.additive()
}

func (p *parser) rangeEnd(at pos, start node, included bool) node {
	r := &rangeNode{pos: at, start: start, end: p.sealedAdditive(), startIncluded: included}
	switch {
	case p.accept("]"):
		r.endIncluded = true
	case p.accept(")"), p.accept("["):
	default:
		p.fail(p.peek(), "the range does not end")
	}
	return r
}

// list is a list literal or a range that starts closed.
func (p *parser) list() node {
	at := p.here()
	p.at++
	l := &listNode{pos: at}
	if p.accept("]") {
		return l
	}
	for {
		l.items = append(l.items, p.expression())
		if len(l.items) == 1 && p.accept("..") {
			return p.rangeEnd(at, l.items[0], true)
		}
		if !p.accept(",") {
			break
		}
	}
	p.expect("]")
	return l
}

func (p *parser) context() node {
	c := &contextNode{pos: p.here()}
	p.at++
	size := len(p.scope.order)
	if p.accept("}") {
		return c
	}
	for {
		key := p.key()
		c.keys = append(c.keys, key)
		mark := len(p.scope.order)
		if p.startsFunction() {
			p.scope.add(key) // a function may call itself by the name of its entry
		}
		value := p.expression()
		p.scope.drop(mark)
		c.values = append(c.values, value)
		p.scope.add(key)
		p.members.add(key)
		if !p.accept(",") {
			break
		}
	}
	p.expect("}")
	p.scope.drop(size)
	return c
}

func (p *parser) startsFunction() bool { return p.isWord("function") }

func (p *parser) key() string {
	if t := p.peek(); t.kind == tokenString {
		p.at++
		p.expect(":")
		return t.text
	}
	name := p.newName(":")
	p.expect(":")
	return name
}

// newName reads the tokens of a name that is being introduced, up to one of the given tokens.
func (p *parser) newName(ends ...string) string {
	start := p.at
	for {
		t := p.peek()
		if p.at > start && (t.kind == tokenSymbol || t.kind == tokenName) && contains(ends, t.text) {
			return spell(p.tokens[start:p.at])
		}
		inside := t.kind == tokenName || p.at > start && (t.kind == tokenNumber || isNameSymbol(t))
		if !inside {
			p.fail(t, "expected a name instead of %s", describe(t))
		}
		p.at++
	}
}

func contains(words []string, word string) bool {
	for _, w := range words {
		if w == word {
			return true
		}
	}
	return false
}
