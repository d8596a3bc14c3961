package feel

import (
	"io"
	"regexp/syntax"
	"unicode"
	"unicode/utf8"
)

// price is what a step over one character costs: the automaton may be in all its states at once, which takes about 25 ns
// for each; small patterns seldom are.
func (p *pattern) price() int {
	const small = 100
	if n := len(p.code.Inst); n > small {
		return n / 2
	}
	return 1 + len(p.code.Inst)/4
}

// occurs tells whether the pattern matches anywhere.
func (m *machine) occurs(p *pattern, s string) bool {
	if p.linear == nil {
		return m.backtrack(p, s).find(0)
	}
	m.tick(10 + len(s)*p.price())
	return p.linear.MatchString(s)
}

// find calls visit with each match as byte offsets of all groups, as regexp does, -1 for a group that took no part.
func (m *machine) find(p *pattern, s string, visit func(match []int)) {
	next := m.automaton(p, s)
	if p.linear == nil || p.lookBack {
		next = m.backtrack(p, s).next
	}
	for at := 0; at <= len(s); {
		match := next(at)
		if match == nil {
			return
		}
		m.tick(8 + len(match))
		visit(match)
		if at = match[1]; match[1] == match[0] {
			_, size := utf8.DecodeRuneInString(s[at:])
			at += max(1, size)
		}
	}
}

// automaton finds matches in linear time. It is fed character by character: how far it looks is known only then.
func (m *machine) automaton(p *pattern, s string) func(at int) []int {
	return func(at int) []int {
		match := p.linear.FindReaderSubmatchIndex(&feed{m: m, text: s[at:], price: p.price()})
		for i := range match {
			if match[i] >= 0 {
				match[i] += at
			}
		}
		return match
	}
}

// feed reads a text and charges for every character.
type feed struct {
	m     *machine
	text  string
	price int
}

// ReadRune implements io.RuneReader.
func (f *feed) ReadRune() (r rune, size int, err error) {
	f.m.tick(f.price)
	if f.text == "" {
		return 0, 0, io.EOF
	}
	r, size = utf8.DecodeRuneInString(f.text)
	f.text = f.text[size:]
	return r, size, nil
}

// backtracker walks over the code of a pattern one way after the other, which is what back references need. It counts
// what it does, so that a pattern with too many ways ends like any other expression, at the same place on every machine.
type backtracker struct {
	m     *machine
	p     *pattern
	text  string
	slots []int32 // the ends of the groups, their version, then for each instruction where and at which version it was passed
	trail []trace
	work  int
}

// trace is a way not tried yet (way is -1 - instruction, value the place), or what a slot was before.
type trace struct{ way, value int32 }

const (
	trailMax   = 1 << 20
	workOfStep = 4 // instructions for one step
)

func (m *machine) backtrack(p *pattern, text string) *backtracker {
	slots := make([]int32, 2*(p.groups+1)+1+2*len(p.code.Inst))
	m.tick(10 + len(slots)/16)
	for i := range slots {
		slots[i] = -1
	}
	return &backtracker{m: m, p: p, text: text, slots: slots}
}

// next returns the groups of the first match from a place on, nil when there is none.
func (b *backtracker) next(at int) []int {
	if !b.find(at) {
		return nil
	}
	groups := make([]int, 2*(b.p.groups+1))
	for i := range groups {
		groups[i] = int(b.slots[i])
	}
	for i := range b.slots {
		b.slots[i] = -1
	}
	b.m.tick(len(b.slots) / 16)
	return groups
}

// find looks for a match from a place on.
func (b *backtracker) find(at int) bool {
	for ; at <= len(b.text); at++ {
		if at > 0 && at < len(b.text) && !utf8.RuneStart(b.text[at]) {
			continue
		}
		if b.from(int32(at)) {
			b.slots[0] = int32(at)
			return true
		}
	}
	return false
}

func (b *backtracker) from(at int32) bool {
	b.trail = append(b.trail[:0], trace{-1 - int32(b.p.code.Start), at})
	for len(b.trail) > 0 {
		last := b.trail[len(b.trail)-1]
		b.trail = b.trail[:len(b.trail)-1]
		if last.way >= 0 {
			b.slots[last.way] = last.value
		} else if b.follow(-1-last.way, last.value) {
			return true
		}
	}
	return false
}

// follow goes one way until it matches or fails.
func (b *backtracker) follow(pc, at int32) bool {
	for {
		b.count()
		inst := &b.p.code.Inst[pc]
		ok := true
		switch inst.Op {
		case syntax.InstMatch:
			b.slots[1] = at
			return true
		case syntax.InstAlt, syntax.InstAltMatch:
			ok = b.fork(inst, pc, at)
		case syntax.InstCapture:
			b.capture(int32(inst.Arg), at)
		case syntax.InstEmptyWidth:
			ok = inst.MatchEmptyWidth(b.around(at))
		case syntax.InstNop:
		case syntax.InstFail:
			ok = false
		default:
			at, ok = b.character(inst, at)
		}
		if !ok {
			return false
		}
		pc = int32(inst.Out)
	}
}

func (b *backtracker) count() {
	if b.work++; b.work%workOfStep == 0 {
		b.m.tick(1)
	}
}

// version is the slot that counts changes of the groups.
func (b *backtracker) version() int32 { return int32(2 * (b.p.groups + 1)) }

// capture notes an end of a group.
func (b *backtracker) capture(slot, at int32) {
	if b.slots[slot] != at {
		b.set(slot, at)
		b.set(b.version(), b.slots[b.version()]+1)
	}
}

// fork leaves the second way for later. Who was here at the same place with the same groups goes round a loop without
// getting any further.
func (b *backtracker) fork(inst *syntax.Inst, pc, at int32) bool {
	version := b.slots[b.version()]
	passed := b.version() + 1 + 2*pc
	if b.slots[passed] == at && b.slots[passed+1] == version {
		return false
	}
	b.set(passed, at)
	b.set(passed+1, version)
	b.push(trace{-1 - int32(inst.Arg), at})
	return true
}

func (b *backtracker) set(slot, value int32) {
	b.push(trace{slot, b.slots[slot]})
	b.slots[slot] = value
}

func (b *backtracker) push(t trace) {
	if len(b.trail) >= trailMax {
		panic(tripped{ErrLimit.With("a pattern has more than %d open ways", trailMax)})
	}
	b.trail = append(b.trail, t)
}

// around returns the characters before and after a place, -1 where there is none.
func (b *backtracker) around(at int32) (before, after rune) {
	before, after = -1, -1
	if at > 0 {
		before, _ = utf8.DecodeLastRuneInString(b.text[:at])
	}
	if int(at) < len(b.text) {
		after, _ = utf8.DecodeRuneInString(b.text[at:])
	}
	return before, after
}

// character passes what an instruction asks for: a character, or what a group has matched.
func (b *backtracker) character(inst *syntax.Inst, at int32) (int32, bool) {
	if inst.Op == syntax.InstRune1 && b.p.references && inst.Rune[0] >= markEnd && inst.Rune[0] <= markLast {
		return b.again(int(inst.Rune[0]-markEnd), at)
	}
	r, size := utf8.DecodeRuneInString(b.text[at:])
	switch {
	case size == 0:
		return at, false
	case inst.Op == syntax.InstRuneAny, inst.Op == syntax.InstRuneAnyNotNL && r != '\n':
		return at + int32(size), true
	}
	return at + int32(size), inst.Op != syntax.InstRuneAnyNotNL && inst.MatchRune(r)
}

// again passes the text of a group once more; that of a group that took no part is empty (F&O, 5.6.1). Group 0 stands for
// the end of a mark.
func (b *backtracker) again(group int, at int32) (int32, bool) {
	start, end := b.slots[2*group], b.slots[2*group+1]
	if group == 0 || start < 0 || end < 0 {
		return at, true
	}
	text := b.text[start:end]
	b.m.tick(len(text) / 64)
	if !b.p.fold {
		if len(b.text)-int(at) < len(text) || b.text[at:int(at)+len(text)] != text {
			return at, false
		}
		return at + int32(len(text)), true
	}
	for _, want := range text {
		b.count()
		r, size := utf8.DecodeRuneInString(b.text[at:])
		if size == 0 || !sameLetter(r, want) {
			return at, false
		}
		at += int32(size)
	}
	return at, true
}

// sameLetter compares characters regardless of case.
func sameLetter(a, b rune) bool {
	for r := unicode.SimpleFold(a); r != a; r = unicode.SimpleFold(r) {
		if r == b {
			return true
		}
	}
	return a == b
}
