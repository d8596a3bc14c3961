package rules

import (
	"strings"

	"tallystick/rules/feel"
)

// cell compiles an input entry; an empty one tests nothing, like "-" (DMN 1.5, 8.3.3).
func (c *compiler) cell(n *node, scope names) *cell {
	text := n.childText("text")
	if text == "" || text == "-" {
		return nil
	}
	out := literalCell(text)
	out.element = n.id()
	if out.literals() && isFEEL(c.languageOf(n)) {
		return out
	}
	if out.tests = c.tests(n, scope); out.tests == nil {
		return nil // a mistake that is reported
	}
	return &cell{element: out.element, source: text, tests: out.tests}
}

// literalCell reads a cell that lists literals; what is anything else has only its source.
func literalCell(source string) *cell {
	out := &cell{source: source}
	if source == "" || len(source) > feel.SourceMax {
		return out
	}
	if inner, ok := negation(source); ok {
		out.words = words(inner)
		out.negated = out.words != nil
		return out
	}
	switch first := source[0]; {
	case first == '"':
		out.words = words(source)
	case first == 't' || first == 'f':
		out.truths = truths(source)
	default:
		out.spans = spans(source)
	}
	return out
}

// negation is what stands in not(…).
func negation(source string) (inner string, ok bool) {
	rest, ok := strings.CutPrefix(source, "not(")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(rest, ")")
}

// truths reads a cell like true, false.
func truths(source string) []bool {
	var found []bool
	for part := range strings.SplitSeq(source, ",") {
		switch strings.TrimSpace(part) {
		case "true":
			found = append(found, true)
		case "false":
			found = append(found, false)
		default:
			return nil
		}
	}
	return found
}

// words reads a cell like "DE", "FR". It is nil when the cell is anything else; literals with escapes are
// left to FEEL.
func words(source string) []string {
	var set []string
	for rest := source; ; {
		rest = strings.TrimSpace(rest)
		if !strings.HasPrefix(rest, `"`) {
			return nil
		}
		text, after, closed := strings.Cut(rest[1:], `"`)
		if !closed || strings.ContainsAny(text, "\\\n\r") {
			return nil
		}
		set = append(set, text)
		after = strings.TrimSpace(after)
		if after == "" {
			return set
		}
		if after[0] != ',' {
			return nil
		}
		rest = after[1:]
	}
}

// spans reads a cell like 5, >= 10, [20..30) as intervals. It is nil when the cell is anything
// else, or when FEEL would not take an interval for one.
func spans(source string) []span {
	var found []span
	for part := range strings.SplitSeq(source, ",") {
		s, ok := parseSpan(strings.TrimSpace(part))
		if !ok {
			return nil
		}
		found = append(found, s)
	}
	return found
}

func parseSpan(text string) (span, bool) {
	if text == "" {
		return span{}, false
	}
	if strings.ContainsRune("[(]", rune(text[0])) {
		return parseInterval(text)
	}
	for _, operator := range []string{">=", "<=", ">", "<", ""} {
		rest, found := strings.CutPrefix(text, operator)
		if !found {
			continue
		}
		d, ok := parseDecimal(strings.TrimSpace(rest))
		switch operator {
		case ">=", ">":
			return span{low: d, hasLow: true, lowIn: operator == ">="}, ok
		case "<=", "<":
			return span{high: d, hasHigh: true, highIn: operator == "<="}, ok
		}
		return span{low: d, high: d, hasLow: true, lowIn: true, hasHigh: true, highIn: true}, ok
	}
	return span{}, false
}

// parseInterval reads an interval with two number literals in order; FEEL calls every other one null.
func parseInterval(text string) (span, bool) {
	if len(text) < 2 {
		return span{}, false
	}
	last := text[len(text)-1]
	from, to, ranged := strings.Cut(text[1:len(text)-1], "..")
	low, okLow := parseDecimal(strings.TrimSpace(from))
	high, okHigh := parseDecimal(strings.TrimSpace(to))
	if !ranged || !okLow || !okHigh || low.compare(high) > 0 || !strings.ContainsRune("])[", rune(last)) {
		return span{}, false
	}
	return span{
		low: low, hasLow: true, lowIn: text[0] == '[',
		high: high, hasHigh: true, highIn: last == ']',
	}, true
}
