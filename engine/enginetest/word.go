package enginetest

import (
	"fmt"
	"strings"
	"unicode"

	"tallystick/internal/canon"
)

// word is one word of a line: a text, or name=text. Quotes around the text are gone then; quoted says
// that they were there.
type word struct {
	name, text string
	quoted     bool
}

// split cuts a line into words at spaces. Quotes, brackets and braces hold words together, so JSON
// values may contain spaces.
func split(line string) ([]word, error) {
	var words []word
	for rest := strings.TrimSpace(line); rest != ""; rest = strings.TrimLeftFunc(rest, unicode.IsSpace) {
		end, err := wordEnd(rest)
		if err != nil {
			return nil, err
		}
		words = append(words, newWord(rest[:end]))
		rest = rest[end:]
	}
	return words, nil
}

// wordEnd finds the first space outside of quotes and brackets.
func wordEnd(text string) (int, error) {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		case depth <= 0 && (c == ' ' || c == '\t'):
			return i, nil
		}
	}
	if quoted || depth > 0 {
		return 0, fmt.Errorf("a quote or bracket is not closed")
	}
	return len(text), nil
}

func newWord(text string) word {
	name, value, assigned := strings.Cut(text, "=")
	if !assigned || name == "" || strings.ContainsAny(name, `"{[<>!`) {
		name, value = "", text
	}
	w := word{name: name, text: value}
	if j, err := canon.Parse([]byte(value)); err == nil {
		if s, ok := j.Text(); ok {
			w.text, w.quoted = s, true
		}
	}
	return w
}

// json is the value of a word: JSON when it is JSON, else a string.
func (w word) json() canon.JSON {
	if w.quoted {
		return canon.String(w.text)
	}
	if j, err := canon.Parse([]byte(w.text)); err == nil {
		return j
	}
	return canon.String(w.text)
}
