package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The words of the Jakarta Expression Language that expr spells otherwise. The replacement has the
// length of the word, so that positions stay true. The sign for empty is a unary plus, which has no
// other use; its position tells it from one that was written.
var juelWords = map[string]string{
	"eq": "==", "ne": "!=", "gt": "> ", "lt": "< ", "ge": ">=", "le": "<=", "div": "/  ", "mod": "%  ",
}

// juelToken is a word, a number, a string or a single sign.
type juelToken struct {
	start, end int
	text       string
}

// rewriteJUEL returns the source in the words of expr, and where it said empty, in characters.
func rewriteJUEL(source string) (rewritten string, empties map[int]bool) {
	tokens := juelTokens(source)
	out := []byte(source)
	empties = map[int]bool{}
	for i, t := range tokens {
		var before, after juelToken
		if i > 0 {
			before = tokens[i-1]
		}
		if i+1 < len(tokens) {
			after = tokens[i+1]
		}
		switch {
		case before.text == "." || before.text == "?.":
		case t.text == "null":
			copy(out[t.start:], "nil ")
		case t.text == "empty" && !endsOperand(before) && startsOperand(after):
			copy(out[t.start:], "+    ")
			empties[utf8.RuneCountInString(source[:t.start])] = true
		case juelWords[t.text] != "" && endsOperand(before) && startsOperand(after):
			copy(out[t.start:], juelWords[t.text])
		}
	}
	return string(out), empties
}

func juelTokens(source string) []juelToken {
	var tokens []juelToken
	for i := 0; i < len(source); {
		start := i
		r, size := utf8.DecodeRuneInString(source[i:])
		i += size
		switch {
		case unicode.IsSpace(r):
			continue
		case r == '\'' || r == '"' || r == '`':
			i = max(closingQuote(source, start), start) + 1
		case isWordRune(r):
			for i < len(source) {
				next, n := utf8.DecodeRuneInString(source[i:])
				if !isWordRune(next) {
					break
				}
				i += n
			}
		}
		tokens = append(tokens, juelToken{start, i, source[start:i]})
	}
	return tokens
}

func isWordRune(r rune) bool {
	return r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// operatorWords are words that neither end nor start an operand.
func operatorWords(word string) bool {
	switch word {
	case "and", "or", "in", "matches", "contains", "startsWith", "endsWith", "not":
		return true
	}
	return juelWords[word] != ""
}

func endsOperand(t juelToken) bool {
	if t.text == "" {
		return false
	}
	first, _ := utf8.DecodeRuneInString(t.text)
	return isWordRune(first) && !operatorWords(t.text) && t.text != "empty" || strings.ContainsRune(`'"`+"`)]}", first)
}

func startsOperand(t juelToken) bool {
	if t.text == "" {
		return false
	}
	first, _ := utf8.DecodeRuneInString(t.text)
	return isWordRune(first) && (t.text == "not" || !operatorWords(t.text)) ||
		strings.ContainsRune(`'"`+"`([{-!+#", first)
}
