package feel

import (
	"strings"
	"unicode/utf8"
)

func stringBuiltins() []*builtin {
	pair := "string: string, match: string"
	return []*builtin{
		named("substring", define("string: string, start position: number, length?: number", substring)),
		named("string length", define("string: string", func(m *machine, _ pos, a []Value) Value {
			return Int(int64(utf8.RuneCountInString(a[0].text())))
		})),
		named("upper case", define("string: string", func(m *machine, _ pos, a []Value) Value {
			m.tick(len(a[0].text()) / 8)
			return m.newText(strings.ToUpper(a[0].text()))
		})),
		named("lower case", define("string: string", func(m *machine, _ pos, a []Value) Value {
			m.tick(len(a[0].text()) / 8)
			return m.newText(strings.ToLower(a[0].text()))
		})),
		named("substring before", define(pair, func(m *machine, _ pos, a []Value) Value {
			before, _, found := strings.Cut(a[0].text(), a[1].text())
			if !found {
				before = ""
			}
			return m.newText(before)
		})),
		named("substring after", define(pair, func(m *machine, _ pos, a []Value) Value {
			_, after, _ := strings.Cut(a[0].text(), a[1].text())
			return m.newText(after)
		})),
		named("contains", define(pair, testText(strings.Contains))),
		named("starts with", define(pair, testText(strings.HasPrefix))),
		named("ends with", define(pair, testText(strings.HasSuffix))),
		named("string join", define("list: list, delimiter?: string|null", stringJoin)),
	}
}

func testText(test func(s, match string) bool) func(*machine, pos, []Value) Value {
	return func(_ *machine, _ pos, a []Value) Value {
		return Boolean(test(a[0].text(), a[1].text()))
	}
}

// substring counts code points from 1, or from -1 backwards.
func substring(m *machine, at pos, a []Value) Value {
	runes := []rune(a[0].text())
	m.tick(len(runes) / 16)
	start, ok := a[1].whole()
	if start < 0 {
		start += int64(len(runes)) + 1
	}
	if !ok || start < 1 || start > int64(len(runes)) {
		return m.fail(at, "the string has no position %s", a[1].String())
	}
	rest := runes[start-1:]
	if a[2].kind == KindNumber {
		length, ok := a[2].whole()
		if !ok || length < 1 {
			return m.fail(at, "the length of a substring is at least 1")
		}
		rest = rest[:min(length, int64(len(rest)))]
	}
	return m.newText(string(rest))
}

func stringJoin(m *machine, at pos, a []Value) Value {
	delimiter, _ := a[1].Text()
	texts, size := []string{}, 0
	for _, item := range a[0].list() {
		m.tick(1)
		if item.kind == KindNull {
			continue
		}
		text, ok := item.Text()
		if !ok {
			return m.fail(at, "a %s can not be joined", item.kind)
		}
		size += len(text) + len(delimiter)
		m.textSize(size - len(delimiter))
		texts = append(texts, text)
	}
	return Text(strings.Join(texts, delimiter))
}
