package feel

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// TestBackReferences follows F&O 5.6.1: a group that took no part is empty, a loop does not end before it must.
func TestBackReferences(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		`matches("aaac", "^(a*)*\1c$")`:                  "true", // twice "a", and once more
		`matches("aac", "^(a*)\1c$")`:                    "true",
		`matches("aaac", "^(a*)\1c$")`:                   "false",
		`matches("abcabc", "^(abc)\1$")`:                 "true",
		`matches("abcabd", "^(abc)\1$")`:                 "false",
		`matches("abCABc", "^(abc)\1$", "i")`:            "true",
		`matches("abCABc", "^(abc)\1$")`:                 "false",
		`matches("ÄbäB", "^(äb)\1$", "i")`:               "true",
		`matches("b", "^(a)?\1b$")`:                      "true",
		`matches("aab", "^(a)?\1b$")`:                    "true",
		`matches("aaaaaa", "^((aa)|a)+\2$")`:             "true",
		`matches("xyxy-yxyx", "(.)(.)\1\2-\2\1\2\1")`:    "true",
		`matches("1\n1", "^(\d)$.^\1$", "ms")`:           "true",
		`matches("", "^()\1$")`:                          "true",
		`replace("aabbcd", "(.)\1", "<$1>")`:             `"<a><b>cd"`,
		`replace("a1b2", "^[a-z]|[0-9]$", "_")`:          `"_1b_"`,
		`replace("a\nb", "^", "x", "m")`:                 "null",
		`replace("ab\nab", "^a", "x", "m")`:              `"xb\nxb"`,
		`replace("äöü", "ö", "oe")`:                      `"äoeü"`,
		`split("a--b==c", "(.)\1")`:                      `["a","b","c"]`,
		`split("1,2;3", "[,;]")`:                         `["1","2","3"]`,
		`replace("aaaa", "a*b|a", "x")`:                  `"xxxx"`,
		`matches("a", "(?:[a-z]{100}){101}")`:            "null", // too large
		"matches(\"\U0010FFF1\", \"^(\U0010FFF1)\\1$\")": "null", // stands for something else
		"matches(\"\U0010FFF1\", \"^\U0010FFF1$\")":      "true",
		`replace("abab", "(a)|b", "[$1]")`:               `"[a][][a][]"`,
		`matches("aab", "^(?:(a)|b)*\1$")`:               "false",
		`matches("aaba", "^(?:(a)|b)*\1$")`:              "true",
	} {
		p, err := Compile(src, Options{})
		if err != nil {
			t.Fatalf("%s: %v", src, err)
		}
		if r, err := p.Eval(Env{}); err != nil || r.Value.JSON() != want {
			t.Errorf("%s = %s, %v, want %s", src, r.Value.JSON(), err, want)
		}
	}
}

// TestBacktracker finds what the automaton of the library finds, in random patterns and texts.
func TestBacktracker(t *testing.T) {
	t.Parallel()
	draw := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		source, text := randomPattern(draw, 4), randomText(draw)
		p, err := compilePattern(source, "")
		if err != nil {
			t.Fatalf("%s: %v", source, err)
		}
		p.lookBack = false
		m := &machine{}
		m.start(&Program{})
		var quick, slow [][2]int
		m.find(p, text, func(match []int) { quick = append(quick, [2]int(match)) })
		q := *p
		q.linear = nil
		m.own.steps = 1 << 30
		m.find(&q, text, func(match []int) { slow = append(slow, [2]int(match)) })
		want := p.linear.FindAllStringIndex(text, -1)
		if len(quick) != len(slow) {
			t.Fatalf("%q in %q: automaton %v, backtracker %v", source, text, quick, slow)
		}
		for i := range quick {
			if quick[i] != slow[i] {
				t.Fatalf("%q in %q: automaton %v, backtracker %v", source, text, quick, slow)
			}
		}
		if !p.linear.MatchString("") && len(want) != len(quick) {
			t.Fatalf("%q in %q: %v, want %v", source, text, quick, want)
		}
	}
}

func randomText(draw *rand.Rand) string {
	var b strings.Builder
	for range draw.IntN(12) {
		b.WriteString([]string{"a", "b", "ä"}[draw.IntN(3)])
	}
	return b.String()
}

func randomPattern(draw *rand.Rand, depth int) string {
	if depth == 0 {
		return []string{"a", "b", "ä", "[ab]", "."}[draw.IntN(5)]
	}
	inner := func() string { return randomPattern(draw, depth-1) }
	switch draw.IntN(6) {
	case 0:
		return inner() + inner()
	case 1:
		return "(" + inner() + "|" + inner() + ")"
	case 2:
		return "(" + someText(inner()) + ")*"
	case 3:
		return "(?:" + someText(inner()) + ")+?"
	case 4:
		return "(?:" + inner() + "){1,2}"
	default:
		return inner()
	}
}

// someText makes a pattern match no empty text: what a loop does with one, each library decides for itself.
func someText(pattern string) string {
	if regexp.MustCompile("^(?:" + pattern + ")$").MatchString("") {
		return "(?:" + pattern + ")a"
	}
	return pattern
}
