package feel

import "strings"

func regexBuiltins() []*builtin {
	return []*builtin{
		regexBuiltin("matches", "input: string, pattern: string, flags?: string|null", 2, matchesPattern),
		regexBuiltin("replace", "input: string, pattern: string, replacement: string, flags?: string|null", 3, replacePattern),
		regexBuiltin("split", "string: string, delimiter: string", -1, splitPattern),
	}
}

type regexRun func(m *machine, at pos, p *pattern, a []Value) Value

// regexBuiltin compiles the pattern, the second argument, with the flags at the given place, once
// for all evaluations when both are constant.
func regexBuiltin(name, signature string, flags int, run regexRun) *builtin {
	f := define(signature, func(m *machine, at pos, a []Value) Value {
		text := ""
		if flags >= 0 {
			text, _ = a[flags].Text()
		}
		m.tick(200 + 20*len(a[1].text()))
		p, err := compilePattern(a[1].text(), text)
		if err != nil {
			return m.fail(at, "%q is no pattern or too large, or its flags are unknown", a[1].text())
		}
		m.tick(10 * len(p.code.Inst))
		return m.search(at, p, a, run)
	})
	b := named(name, f)
	b.prepare = func(at pos, arguments []lowered) code { return prepareRegex(b, at, arguments, flags, run) }
	return b
}

// search refuses subjects that are too long for a pattern to walk over.
func (m *machine) search(at pos, p *pattern, a []Value, run regexRun) Value {
	subject := a[0].text()
	if len(subject) > subjectMax {
		panic(tripped{ErrLimit.With("a pattern is matched against more than %d bytes at byte %d", subjectMax, at)})
	}
	m.tick(10)
	return run(m, at, p, a)
}

func prepareRegex(b *builtin, at pos, arguments []lowered, flags int, run regexRun) code {
	if !b.takes(len(arguments)) || !arguments[1].constant || arguments[1].value.kind != KindString {
		return nil
	}
	text := ""
	if flags >= 0 && flags < len(arguments) {
		if !arguments[flags].constant {
			return nil
		}
		text, _ = arguments[flags].value.Text()
	}
	p, err := compilePattern(arguments[1].value.text(), text)
	if err != nil {
		return nil
	}
	return func(m *machine) Value {
		args := make([]Value, len(arguments))
		for i, argument := range arguments {
			args[i] = argument.run(m)
		}
		for _, convert := range []bool{false, true} {
			if bound, ok := b.forms[0].bind(nil, args, convert); ok {
				return m.search(at, p, bound, run)
			}
		}
		return b.call(m, at, nil, args)
	}
}

func matchesPattern(m *machine, _ pos, p *pattern, a []Value) Value {
	return Boolean(m.occurs(p, a[0].text()))
}

func replacePattern(m *machine, at pos, p *pattern, a []Value) Value {
	if m.occurs(p, "") {
		return m.fail(at, "the pattern matches the empty string")
	}
	parts, ok := parseReplacement(a[2].text(), p.groups)
	if !ok {
		return m.fail(at, "%q is no replacement", a[2].text())
	}
	input := a[0].text()
	var b strings.Builder
	end := 0
	m.find(p, input, func(match []int) {
		b.WriteString(input[end:match[0]])
		for _, part := range parts {
			b.WriteString(part.text)
			if i := 2 * part.group; part.group >= 0 && i < len(match) && match[i] >= 0 {
				b.WriteString(input[match[i]:match[i+1]])
			}
		}
		m.textSize(b.Len())
		end = match[1]
	})
	b.WriteString(input[end:])
	return m.newText(b.String())
}

// piece is literal text followed by a group, or by nothing when group is -1.
type piece struct {
	text  string
	group int
}

// parseReplacement reads $0 to $9…, \$ and \\; anything else behind those two signs is an error.
func parseReplacement(text string, groups int) ([]piece, bool) {
	var parts []piece
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '\\':
			if i++; i == len(text) || text[i] != '\\' && text[i] != '$' {
				return nil, false
			}
			b.WriteByte(text[i])
		case '$':
			if i++; i == len(text) || !isDigit(rune(text[i])) {
				return nil, false
			}
			group := int(text[i] - '0')
			for i+1 < len(text) && isDigit(rune(text[i+1])) && group*10+int(text[i+1]-'0') <= groups {
				i++
				group = group*10 + int(text[i]-'0')
			}
			parts = append(parts, piece{b.String(), group})
			b.Reset()
		default:
			b.WriteByte(c)
		}
	}
	return append(parts, piece{b.String(), -1}), true
}

func splitPattern(m *machine, at pos, p *pattern, a []Value) Value {
	if m.occurs(p, "") {
		return m.fail(at, "the delimiter matches the empty string")
	}
	input, parts, end := a[0].text(), []Value{}, 0
	m.find(p, input, func(match []int) {
		parts = append(parts, Text(input[end:match[0]]))
		end = match[1]
	})
	return m.newList(append(parts, Text(input[end:])))
}
