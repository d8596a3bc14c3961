package feel

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestBrief: what fits is shown as it is, of the rest the beginning.
func TestBrief(t *testing.T) {
	t.Parallel()
	short := ContextOf([]string{"b", "a"}, []Value{ListOf(Int(1), Text("ä"), Null), Int(-7)})
	if got := short.Brief(100); got != short.JSON() {
		t.Errorf("%s", got)
	}
	bomb := ListOf(Int(1), Int(2))
	for range 60 {
		bomb = ListOf(bomb, bomb)
	}
	long := Text(strings.Repeat("ä", 1<<20))
	for _, v := range []Value{long, ListOf(long, long), bomb, ContextOf([]string{long.text()}, []Value{long}), ContextOf([]string{"a"}, []Value{bomb})} {
		got := v.Brief(100)
		if n := utf8.RuneCountInString(got); n != 101 || !strings.HasSuffix(got, "…") || strings.ContainsRune(got, utf8.RuneError) {
			t.Errorf("%d characters: %s", n, got)
		}
	}
	if got := long.Brief(100); !strings.HasPrefix(long.JSON(), strings.TrimSuffix(got, "…")) {
		t.Errorf("%s", got)
	}
}

// TestDiagnosticsAreShort: a message quotes no more of a text than the beginning.
func TestDiagnosticsAreShort(t *testing.T) {
	t.Parallel()
	long := `string join(for i in 1..2000 return "ä")`
	for _, src := range []string{
		`get value({}, LONG)`, `context([{key: LONG, value: 1}, {key: LONG, value: 1}])`, `context put({}, [LONG, "b"], 1)`,
		`matches("a", LONG)`, `replace("a", "a", LONG + "$")`, `date(LONG)`, `decimal(1, 10 ** 6000)`,
	} {
		p, err := Compile(strings.ReplaceAll(src, "LONG", long), Options{})
		if err != nil {
			t.Fatal(err)
		}
		r, err := p.Eval(Env{})
		if err != nil || len(r.Diagnostics) == 0 {
			t.Fatalf("%s: %s %v", src, r.Value.Brief(100), err)
		}
		if n := len(r.Diagnostics[0].Message); n > 400 {
			t.Errorf("%s: %d bytes", src, n)
		}
	}
}
