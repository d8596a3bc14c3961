package feel

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
)

// Patterns are those of XQuery/XPath Functions and Operators, clause 5.6.1. They are translated to those of Go's regexp,
// whose time is linear. A back reference becomes two characters that stand for it; patterns with one, and those that
// look at what lies before a match, are carried out by a backtracker of our own on the same code (regex_search.go).

const (
	patternMax    = 512
	subjectMax    = 64 << 10
	repetitionMax = 1000
	codeMax       = 10_000 // instructions, about one for each character with its repetitions
)

// A back reference to group n is the character markEnd + n and then markEnd: two, so that no alternatives are merged
// into a class of characters, and no two references share a beginning.
const (
	markEnd  = '\U0010FFF0'
	markLast = markEnd + 9
)

var errPattern = errors.New("the pattern is no regular expression")

// pattern is a compiled regular expression.
type pattern struct {
	linear     *regexp.Regexp // nil when there are back references
	code       *syntax.Prog
	groups     int
	lookBack   bool // ^ asks what lies before
	references bool
	fold       bool
}

type regexFlags struct{ dotAll, multiline, fold, extended, quote bool }

func parseFlags(text string) (f regexFlags, ok bool) {
	for _, c := range text {
		switch c {
		case 's':
			f.dotAll = true
		case 'm':
			f.multiline = true
		case 'i':
			f.fold = true
		case 'x':
			f.extended = true
		case 'q':
			f.quote = true
		default:
			return f, false
		}
	}
	return f, true
}

func compilePattern(text, flags string) (*pattern, error) {
	f, ok := parseFlags(flags)
	if !ok || len(text) > patternMax {
		return nil, errPattern
	}
	t := &translator{src: []rune(text), flags: f}
	if f.quote {
		t.out.WriteString(regexp.QuoteMeta(text))
	} else if t.alternatives(0); t.bad || t.pos < len(t.src) || t.size > codeMax || t.references && t.marked() {
		return nil, errPattern
	}
	return t.compile()
}

// compile takes the flags that the translation leaves to the engines.
func (t *translator) compile() (*pattern, error) {
	source := t.out.String()
	if t.flags.fold {
		source = "(?i)" + source
	}
	parsed, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		return nil, err
	}
	p := &pattern{groups: t.groups, lookBack: t.lookBack, references: t.references, fold: t.flags.fold}
	if p.code, err = syntax.Compile(parsed.Simplify()); err != nil || p.references {
		return p, err
	}
	p.linear, err = regexp.Compile(source)
	return p, err
}

// marked tells whether the pattern holds a character that stands for a back reference.
func (t *translator) marked() bool {
	return slices.ContainsFunc(t.src, func(r rune) bool { return r >= markEnd && r <= markLast })
}

// translator reads an XPath pattern and writes it so that both engines understand it.
type translator struct {
	src        []rune
	pos        int
	flags      regexFlags
	out        strings.Builder
	groups     int
	closed     []bool // groups that are complete, by number - 1
	references bool
	lookBack   bool
	size       int // of the code
	bad        bool
}

func (t *translator) peek() rune {
	if t.flags.extended {
		for t.pos < len(t.src) && strings.ContainsRune(" \t\n\r", t.src[t.pos]) {
			t.pos++
		}
	}
	if t.pos < len(t.src) {
		return t.src[t.pos]
	}
	return -1
}

func (t *translator) alternatives(depth int) {
	if depth > NestingMax {
		t.bad = true
	}
	for !t.bad {
		switch t.peek() {
		case -1, ')':
			return
		case '|':
			t.pos++
			t.out.WriteByte('|')
		default:
			before := t.size
			t.atom(depth)
			t.size = min(before+(t.size-before)*t.quantifier(), codeMax+1)
		}
	}
}

func (t *translator) atom(depth int) {
	r := t.peek()
	t.pos++
	t.size++
	switch r {
	case '(':
		t.group(depth)
	case '[':
		t.out.WriteString(t.class(depth).text())
	case '.':
		t.any()
	case '^':
		t.lookBack = true
		t.anchor(`\A`, "(?m:^)")
	case '$':
		t.anchor(`\z`, "(?m:$)")
	case '\\':
		t.escape()
	case '*', '+', '?', '{', '}', ']':
		t.bad = true
	default:
		t.out.WriteString(literalRune(r))
	}
}

func (t *translator) any() {
	if t.flags.dotAll {
		t.out.WriteString("(?s:.)")
	} else {
		t.out.WriteString(`[^\n\r]`)
	}
}

func (t *translator) anchor(plain, multiline string) {
	if t.flags.multiline {
		plain = multiline
	}
	t.out.WriteString(plain)
}

func (t *translator) group(depth int) {
	if t.peek() == '?' {
		t.pos++
		if t.peek() != ':' {
			t.bad = true
			return
		}
		t.pos++
		t.out.WriteString("(?:")
		t.alternatives(depth + 1)
	} else {
		t.groups++
		number := t.groups
		t.closed = append(t.closed, false)
		t.out.WriteByte('(')
		t.alternatives(depth + 1)
		t.closed[number-1] = true
	}
	if t.peek() != ')' {
		t.bad = true
		return
	}
	t.pos++
	t.out.WriteByte(')')
}

// quantifier returns how often the code of the atom stands in the code of the pattern.
func (t *translator) quantifier() (copies int) {
	start := t.pos
	copies = 1
	switch t.peek() {
	case '*', '+', '?':
		t.pos++
	case '{':
		copies = t.repetition()
	default:
		return copies
	}
	if t.peek() == '?' {
		t.pos++
	}
	if !t.bad {
		t.out.WriteString(strings.Map(dropSpace, string(t.src[start:t.pos])))
	}
	switch t.peek() {
	case '*', '+', '?', '{':
		t.bad = true
	}
	return copies
}

func dropSpace(r rune) rune {
	if strings.ContainsRune(" \t\n\r", r) {
		return -1
	}
	return r
}

// repetition checks {n}, {n,} and {n,m}.
func (t *translator) repetition() (copies int) {
	t.pos++
	low, ok := t.integer()
	high, open := low, 0
	if ok && t.peek() == ',' {
		t.pos++
		if t.peek() == '}' {
			open = 1
		} else {
			high, ok = t.integer()
		}
	}
	if !ok || low > high || high > repetitionMax || t.peek() != '}' {
		t.bad = true
		return 1
	}
	t.pos++
	return high + open
}

func (t *translator) integer() (n int, ok bool) {
	for isDigit(t.peek()) && n <= repetitionMax {
		n = n*10 + int(t.src[t.pos]-'0')
		t.pos++
		ok = true
	}
	return n, ok
}

func (t *translator) escape() {
	if t.pos < len(t.src) && t.src[t.pos] >= '1' && t.src[t.pos] <= '9' {
		t.reference()
		return
	}
	set, ok := t.escaped()
	switch {
	case !ok:
		t.bad = true
	case len(set) == 2 && set[0] == set[1]:
		t.out.WriteString(literalRune(set[0]))
	default:
		t.out.WriteString(set.text())
	}
}

// reference takes as many digits as name a group that exists.
func (t *translator) reference() {
	number := int(t.src[t.pos] - '0')
	t.pos++
	for t.pos < len(t.src) && isDigit(t.src[t.pos]) {
		next := number*10 + int(t.src[t.pos]-'0')
		if next > t.groups {
			break
		}
		number = next
		t.pos++
	}
	if number > t.groups || !t.closed[number-1] {
		t.bad = true
		return
	}
	t.references = true
	t.out.WriteString("(?:" + string(markEnd+rune(number%10)) + string(markEnd) + ")")
	if number > 9 {
		t.bad = true
	}
}

// literalRune writes a character so that no engine takes it for an operator.
func literalRune(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r > ' ' && r < 0x7F && !isNameStart(r) && !isDigit(r), r == '?':
		return `\` + string(r)
	case r == '_':
		return "_"
	default:
		return string(r)
	}
}
