package lang

import (
	"strconv"
	"strings"
)

// Split tells how an attribute text is meant: a leading "=" makes it FEEL, "${" or "#{" makes it
// expr, and everything else is literal text. A text around or between several "${…}" is a template:
// its source is a call of the function template with the parts.
func Split(text string) (source string, l Language, literal bool) {
	trimmed := strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(trimmed, "="); ok {
		return strings.TrimSpace(rest), FEEL, false
	}
	if indexOpening(text) < 0 {
		return text, "", true
	}
	if inner, ok := single(trimmed); ok {
		return inner, Expr, false
	}
	parts, ok := template(text)
	if !ok {
		return text, Expr, false
	}
	return "template(" + strings.Join(parts, ", ") + ")", Expr, false
}

// indexOpening finds "${" or "#{".
func indexOpening(text string) int {
	for i := 0; i+1 < len(text); i++ {
		if (text[i] == '$' || text[i] == '#') && text[i+1] == '{' {
			return i
		}
	}
	return -1
}

// single takes the expression out of a text that is nothing but one "${…}".
func single(text string) (string, bool) {
	if indexOpening(text) != 0 {
		return "", false
	}
	end := closing(text, 2)
	if end != len(text)-1 {
		return "", false
	}
	return strings.TrimSpace(text[2:end]), true
}

// closing finds the brace that closes the one before start, or -1.
func closing(text string, start int) int {
	depth := 1
	for i := start; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		case '\'', '"', '`':
			if i = closingQuote(text, i); i < 0 {
				return -1
			}
		}
	}
	return -1
}

// closingQuote finds the quote that ends the string starting at start, or -1.
func closingQuote(text string, start int) int {
	quote := text[start]
	for i := start + 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quote != '`':
			i++
		case text[i] == quote:
			return i
		}
	}
	return -1
}

// template cuts a text into quoted literals and expressions in parentheses.
func template(text string) (parts []string, ok bool) {
	for text != "" {
		start := indexOpening(text)
		if start < 0 {
			return append(parts, strconv.Quote(text)), true
		}
		if start > 0 {
			parts = append(parts, strconv.Quote(text[:start]))
		}
		end := closing(text, start+2)
		if end < 0 {
			return nil, false
		}
		parts = append(parts, "("+strings.TrimSpace(text[start+2:end])+")")
		text = text[end+1:]
	}
	return parts, true
}
