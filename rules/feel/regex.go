package feel

import (
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/dlclark/regexp2"
)

// Patterns are those of XQuery/XPath Functions and Operators, clause 5.6.1. They are translated to
// Go's regexp, whose time is linear, or for back references to a back-tracking library with a limit.

const (
	patternMax    = 512
	subjectMax    = 64 << 10
	regexTimeMax  = 25 * time.Millisecond
	repetitionMax = 1000
)

// The library looks at its clock every 100 ms unless it is told otherwise.
func init() { regexp2.SetTimeoutCheckPeriod(5 * time.Millisecond) }

var errPattern = errors.New("the pattern is no regular expression")

// pattern is a compiled regular expression; exactly one of the engines is set.
type pattern struct {
	linear    *regexp.Regexp
	backtrack *regexp2.Regexp
	groups    int
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
	prefix := ""
	if f.fold {
		prefix = "(?i)"
	}
	if f.quote {
		linear, err := regexp.Compile(prefix + regexp.QuoteMeta(text))
		return &pattern{linear: linear}, err
	}
	t := &translator{src: []rune(text), flags: f}
	t.alternatives(0)
	if t.bad || t.pos < len(t.src) {
		return nil, errPattern
	}
	p := &pattern{groups: t.groups}
	var err error
	if !t.references {
		p.linear, err = regexp.Compile(prefix + t.out.String())
		return p, err
	}
	options := regexp2.RegexOptions(regexp2.None)
	if f.fold {
		options = regexp2.IgnoreCase
	}
	if p.backtrack, err = regexp2.Compile(t.out.String(), options); err != nil {
		return nil, err
	}
	p.backtrack.MatchTimeout = regexTimeMax
	return p, nil
}

// find returns the matches as byte offsets of all groups, as regexp does, -1 for a group that took
// no part. At most limit matches are looked for; limit -1 means all.
func (p *pattern) find(s string, limit int) ([][]int, error) {
	if p.linear != nil {
		return p.linear.FindAllStringSubmatchIndex(s, limit), nil
	}
	offsets := runeOffsets(s)
	var all [][]int
	match, err := p.backtrack.FindStringMatch(s)
	for match != nil && err == nil && len(all) != limit {
		spans := make([]int, 0, 2*(p.groups+1))
		for _, group := range match.Groups() {
			if len(group.Captures) == 0 {
				spans = append(spans, -1, -1)
				continue
			}
			spans = append(spans, offsets[group.Index], offsets[group.Index+group.Length])
		}
		all = append(all, spans)
		match, err = p.backtrack.FindNextMatch(match)
	}
	return all, err
}

func runeOffsets(s string) []int {
	offsets := make([]int, 0, len(s)+1)
	for i := range s {
		offsets = append(offsets, i)
	}
	return append(offsets, len(s))
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
			t.atom(depth)
			t.quantifier()
		}
	}
}

func (t *translator) atom(depth int) {
	r := t.peek()
	t.pos++
	switch r {
	case '(':
		t.group(depth)
	case '[':
		t.out.WriteString(t.class(depth).text())
	case '.':
		t.any()
	case '^':
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

func (t *translator) quantifier() {
	start := t.pos
	switch t.peek() {
	case '*', '+', '?':
		t.pos++
	case '{':
		t.repetition()
	default:
		return
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
}

func dropSpace(r rune) rune {
	if strings.ContainsRune(" \t\n\r", r) {
		return -1
	}
	return r
}

// repetition checks {n}, {n,} and {n,m}.
func (t *translator) repetition() {
	t.pos++
	low, ok := t.integer()
	high := low
	if ok && t.peek() == ',' {
		t.pos++
		if t.peek() == '}' {
			high = repetitionMax
		} else {
			high, ok = t.integer()
		}
	}
	if !ok || low > high || high > repetitionMax || t.peek() != '}' {
		t.bad = true
		return
	}
	t.pos++
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
	t.out.WriteString(`(?:\` + string(rune('0'+number%10)) + `)`)
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
