package lang

import "unicode/utf8"

// scan is the own look at an expr source before the library sees it: size, nesting and encoding.
// The library's parser calls itself for every bracket and would run out of stack on a long row.
func scan(source string) error {
	if len(source) > SourceMax {
		return ErrInvalid.With("the expression has %d bytes, more than %d", len(source), SourceMax)
	}
	if !utf8.ValidString(source) {
		return ErrInvalid.With("the expression is not valid UTF-8")
	}
	depth := 0
	for i := 0; i < len(source); i++ {
		switch source[i] {
		case 0:
			return ErrInvalid.With("NUL character at byte %d", i)
		case '(', '[', '{':
			if depth++; depth > NestingMax {
				return ErrInvalid.With("nested deeper than %d at byte %d", NestingMax, i)
			}
		case ')', ']', '}':
			depth--
		case '\'', '"', '`':
			end := closingQuote(source, i)
			if end < 0 {
				return ErrInvalid.With("the string at byte %d does not end", i)
			}
			i = end
		}
	}
	return nil
}
