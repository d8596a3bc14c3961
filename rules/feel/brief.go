package feel

import "unicode/utf8"

// Brief returns the beginning of the JSON text of a value for messages: about n characters, and "…" where something is
// left out. It takes no longer than that, however large the value is.
func (v Value) Brief(n int) string {
	rest := n + 1
	text := []rune(v.cut(&rest).JSON())
	if len(text) > n {
		return string(text[:n]) + "…"
	}
	return string(text)
}

// cut leaves out what lies behind rest characters. Every part that stays takes one at least, so the text of what is cut is
// still longer than rest.
func (v Value) cut(rest *int) Value {
	*rest--
	switch v.kind {
	case KindString:
		text := v.text()
		if end := 4 * (max(0, *rest) + 1); len(text) > end { // a character has at most four bytes
			for !utf8.RuneStart(text[end]) {
				end++
			}
			text = text[:end]
		}
		*rest -= len(text) / 4
		return Text(text)
	case KindList:
		items := []Value{}
		for _, item := range v.list() {
			items = append(items, item.cut(rest))
			if *rest < 0 {
				break
			}
		}
		return ListOf(items...)
	case KindContext:
		c := newContext(0)
		for i, key := range v.ref.(*context).keys {
			c.put(Text(key).cut(rest).text(), v.ref.(*context).values[i].cut(rest))
			if *rest < 0 {
				break
			}
		}
		return c.value()
	case KindRange:
		r := *v.interval()
		r.start, r.end = r.start.cut(rest), r.end.cut(rest)
		return r.value()
	default:
		return v
	}
}
