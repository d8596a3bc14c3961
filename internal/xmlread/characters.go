package xmlread

import "unicode/utf8"

// checkCharacters refuses bytes that are not UTF-8 and characters outside XML 1.0, production
// Char, everywhere: the decoder looks only into text and attribute values, not into comments.
func checkCharacters(body []byte) error {
	for i := 0; i < len(body); {
		if b := body[i]; b < utf8.RuneSelf {
			if b < 0x20 && b != '\t' && b != '\n' && b != '\r' {
				return refuseAt(body, i, "control character")
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(body[i:])
		if r == utf8.RuneError && size == 1 {
			p := placeOf(body, i)
			return refuse(ErrEncoding, p.line, p.column, "byte %#x is not UTF-8", body[i])
		}
		if r == 0xFFFE || r == 0xFFFF {
			return refuseAt(body, i, "character that XML does not allow")
		}
		i += size
	}
	return nil
}

func refuseAt(body []byte, offset int, what string) error {
	p := placeOf(body, offset)
	return refuse(ErrMalformed, p.line, p.column, "%s", what)
}

func placeOf(body []byte, offset int) place {
	p := place{line: 1, column: 1}
	p.advance(body, offset)
	return p
}
