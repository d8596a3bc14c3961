package feel

import (
	"slices"
	"strings"
)

// nameSet finds the longest known name at a place in the tokens (DMN 1.5, 10.3.1.2, item 2: names
// are matched against the names in scope, from left to right, the longest match first).
type nameSet struct {
	byFirst map[string][]spelled
	order   []string // first tokens in the order of adding
}

// spelled is a name and the tokens it is spelled with.
type spelled struct {
	name  string
	parts []string
}

func (s *nameSet) add(name string) {
	tokens, err := lex(name)
	if err != nil || len(tokens) < 2 {
		return
	}
	parts := make([]string, 0, len(tokens)-1)
	for _, t := range tokens[:len(tokens)-1] {
		parts = append(parts, t.text)
	}
	s.push(spelled{name: name, parts: parts})
}

func (s *nameSet) push(n spelled) {
	if s.byFirst == nil {
		s.byFirst = map[string][]spelled{}
	}
	s.byFirst[n.parts[0]] = append(s.byFirst[n.parts[0]], n)
	s.order = append(s.order, n.parts[0])
}

// drop removes the latest names until size are left.
func (s *nameSet) drop(size int) {
	for _, first := range slices.Backward(s.order[size:]) {
		s.byFirst[first] = s.byFirst[first][:len(s.byFirst[first])-1]
	}
	s.order = s.order[:size]
}

// longest returns the longest name that the tokens start with and the number of its tokens. The
// latest of equal names wins, being the innermost.
func (s *nameSet) longest(tokens []token) (name string, length int) {
	if s.byFirst == nil {
		return "", 0
	}
	candidates := s.byFirst[tokens[0].text]
	for i := len(candidates) - 1; i >= 0; i-- {
		if c := candidates[i]; len(c.parts) > length && startsWith(tokens, c.parts) {
			name, length = c.name, len(c.parts)
		}
	}
	return name, length
}

func startsWith(tokens []token, parts []string) bool {
	if len(parts) > len(tokens) {
		return false
	}
	for i, part := range parts {
		if tokens[i].text != part || tokens[i].kind == tokenString || tokens[i].kind == tokenEnd {
			return false
		}
	}
	return true
}

// spell joins the tokens of a name: one blank where the source has white space.
func spell(tokens []token) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 && t.start > tokens[i-1].end {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
	}
	return b.String()
}

var reserved = []string{
	"and", "between", "else", "every", "false", "for", "function", "if", "in", "instance", "not",
	"null", "or", "return", "satisfies", "some", "then", "true",
}

func isReserved(word string) bool {
	_, found := slices.BinarySearch(reserved, word)
	return found
}

// isNameSymbol tells the symbols that may stand inside a name (rule 30).
func isNameSymbol(t token) bool {
	if t.kind != tokenSymbol {
		return false
	}
	switch t.text {
	case ".", "/", "-", "'", "+", "*", "**":
		return true
	}
	return false
}
