package feel

import (
	"slices"
	"strings"
	"unicode"
)

// runeSet is a set of characters: pairs of first and last, ascending and apart.
type runeSet []rune

func setOf(pairs ...rune) runeSet {
	type span struct{ low, high rune }
	spans := make([]span, 0, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		spans = append(spans, span{pairs[i], pairs[i+1]})
	}
	slices.SortFunc(spans, func(a, b span) int { return int(a.low) - int(b.low) })
	s := runeSet{}
	for _, r := range spans {
		if n := len(s); n > 0 && r.low <= s[n-1]+1 {
			s[n-1] = max(s[n-1], r.high)
			continue
		}
		s = append(s, r.low, r.high)
	}
	return s
}

func (s runeSet) union(t runeSet) runeSet { return setOf(slices.Concat(s, t)...) }

func (s runeSet) complement() runeSet {
	c, next := runeSet{}, rune(0)
	for i := 0; i < len(s); i += 2 {
		if s[i] > next {
			c = append(c, next, s[i]-1)
		}
		next = s[i+1] + 1
	}
	if next <= unicode.MaxRune {
		c = append(c, next, unicode.MaxRune)
	}
	return c
}

func (s runeSet) minus(t runeSet) runeSet {
	return s.complement().union(t).complement()
}

// text writes the set as a character class.
func (s runeSet) text() string {
	if len(s) == 0 {
		return `[^\x00-\x{10FFFF}]`
	}
	var b strings.Builder
	b.WriteByte('[')
	for i := 0; i < len(s); i += 2 {
		writeSpan(&b, s[i], s[i+1])
	}
	b.WriteByte(']')
	return b.String()
}

// writeSpan leaves out the surrogates, which are no characters.
func writeSpan(b *strings.Builder, low, high rune) {
	const first, last = 0xD800, 0xDFFF
	if low < first && high > last {
		writeSpan(b, low, first-1)
		writeSpan(b, last+1, high)
		return
	}
	if low >= first && low <= last {
		low = last + 1
	}
	if high >= first && high <= last {
		high = first - 1
	}
	if low > high {
		return
	}
	b.WriteString(classRune(low))
	if high > low {
		b.WriteString("-" + classRune(high))
	}
}

func classRune(r rune) string {
	const hex = "0123456789ABCDEF"
	if r < ' ' || r >= 0x7F && r < 0xA0 {
		return `\x` + string(hex[r>>4]) + string(hex[r&15])
	}
	return literalRune(r)
}

// class reads a character class behind its bracket: groups, ranges, negation and subtraction.
func (t *translator) class(depth int) runeSet {
	extended := t.flags.extended
	t.flags.extended = false
	defer func() { t.flags.extended = extended }()
	negated := t.peek() == '^'
	if negated {
		t.pos++
	}
	set, subtracted, first := runeSet{}, runeSet{}, true
	for !t.bad {
		r := t.peek()
		if r == -1 || depth > NestingMax || r == ']' && first {
			t.bad = true
		} else if r == ']' {
			t.pos++
			break
		} else if r == '-' && t.ahead(1) == '[' && !first {
			t.pos += 2
			subtracted = t.class(depth + 1)
			if t.peek() != ']' {
				t.bad = true
			}
		} else {
			set = set.union(t.classItem(first))
		}
		first = false
	}
	if negated {
		set = set.complement()
	}
	return set.minus(subtracted)
}

func (t *translator) ahead(n int) rune {
	if t.pos+n < len(t.src) {
		return t.src[t.pos+n]
	}
	return -1
}

// classItem is one character, range or class escape. A hyphen alone may stand first or last.
func (t *translator) classItem(first bool) runeSet {
	low, ok := t.classChar(first)
	if !ok || len(low) != 2 || low[0] != low[1] {
		return low
	}
	if t.peek() != '-' || t.ahead(1) == ']' || t.ahead(1) == '[' {
		return low
	}
	t.pos++
	high, ok := t.classChar(false)
	if !ok || len(high) != 2 || high[0] != high[1] || low[0] > high[0] {
		t.bad = true
		return low
	}
	return runeSet{low[0], high[0]}
}

func (t *translator) classChar(first bool) (runeSet, bool) {
	r := t.peek()
	t.pos++
	switch r {
	case '\\':
		set, ok := t.escaped()
		t.bad = t.bad || !ok
		return set, ok
	case '[', ']', -1:
		t.bad = true
		return nil, false
	case '-':
		if !first && t.peek() != ']' && t.peek() != '-' {
			t.bad = true
		}
	}
	return runeSet{r, r}, true
}

// escaped reads what follows a backslash, inside and outside of classes.
func (t *translator) escaped() (runeSet, bool) {
	r := t.ahead(0)
	t.pos++
	switch r {
	case 'n':
		return runeSet{'\n', '\n'}, true
	case 'r':
		return runeSet{'\r', '\r'}, true
	case 't':
		return runeSet{'\t', '\t'}, true
	case '\\', '|', '.', '?', '*', '+', '(', ')', '{', '}', '-', '[', ']', '^', '$':
		return runeSet{r, r}, true
	case 'p', 'P':
		return t.property(r == 'P')
	}
	set, ok := classEscapes[unicode.ToLower(r)]
	if ok && unicode.IsUpper(r) {
		return set.complement(), true
	}
	return set, ok
}

// property reads {L}, {Lu} or {IsBasicLatin}.
func (t *translator) property(negated bool) (runeSet, bool) {
	if t.ahead(0) != '{' {
		return nil, false
	}
	end := slices.Index(t.src[t.pos:], '}')
	if end < 0 {
		return nil, false
	}
	name := string(t.src[t.pos+1 : t.pos+end])
	t.pos += end + 1
	set, ok := categorySet(name)
	if block, found := strings.CutPrefix(name, "Is"); found {
		var span [2]rune
		span, ok = unicodeBlocks[block]
		set = runeSet{span[0], span[1]}
	}
	if negated {
		set = set.complement()
	}
	return set, ok
}

func categorySet(name string) (runeSet, bool) {
	if name == "Cn" {
		var assigned runeSet
		for _, major := range []string{"L", "M", "N", "P", "S", "Z", "C"} {
			assigned = assigned.union(tableSet(unicode.Categories[major]))
		}
		return assigned.complement(), true
	}
	table, ok := unicode.Categories[name]
	if !ok || len(name) > 2 || name == "LC" {
		return nil, false
	}
	return tableSet(table), true
}

func tableSet(table *unicode.RangeTable) runeSet {
	var pairs []rune
	add := func(low, high, stride rune) {
		if stride == 1 {
			pairs = append(pairs, low, high)
			return
		}
		for r := low; r <= high; r += stride {
			pairs = append(pairs, r, r)
		}
	}
	for _, r := range table.R16 {
		add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	for _, r := range table.R32 {
		add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	return setOf(pairs...)
}

// classEscapes are the multi-character escapes; the capital letter is the complement.
var classEscapes = func() map[rune]runeSet {
	word := tableSet(unicode.P).union(tableSet(unicode.Z)).union(tableSet(unicode.C)).complement()
	initial := setOf(':', ':', 'A', 'Z', '_', '_', 'a', 'z', 0xC0, 0xD6, 0xD8, 0xF6, 0xF8, 0x2FF,
		0x370, 0x37D, 0x37F, 0x1FFF, 0x200C, 0x200D, 0x2070, 0x218F, 0x2C00, 0x2FEF, 0x3001, 0xD7FF,
		0xF900, 0xFDCF, 0xFDF0, 0xFFFD, 0x10000, 0xEFFFF)
	further := setOf('-', '-', '.', '.', '0', '9', 0xB7, 0xB7, 0x300, 0x36F, 0x203F, 0x2040)
	return map[rune]runeSet{
		's': setOf('\t', '\n', '\r', '\r', ' ', ' '),
		'd': tableSet(unicode.Nd),
		'w': word,
		'i': initial,
		'c': initial.union(further),
	}
}()
