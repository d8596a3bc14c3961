package engine

// compactDepth bounds the recursion of compact; deeper documents are left to encoding/json.
const compactDepth = 100

// compact reports whether s is one JSON value without any white space between its parts: then
// encoding/json would write it as it stands. It may say no to such a value, never yes to another.
func compact(s string) bool {
	return scanValue(s, 0, compactDepth) == len(s)
}

// scanValue returns the position behind the value at i, -1 when there is none.
func scanValue(s string, i, depth int) int {
	if i < 0 || i >= len(s) || depth == 0 {
		return -1
	}
	switch c := s[i]; c {
	case '"':
		return scanString(s, i)
	case '{':
		return scanList(s, i, depth, '}')
	case '[':
		return scanList(s, i, depth, ']')
	case 't':
		return scanWord(s, i, "true")
	case 'f':
		return scanWord(s, i, "false")
	case 'n':
		return scanWord(s, i, "null")
	default:
		return scanNumber(s, i)
	}
}

func scanWord(s string, i int, word string) int {
	if len(s)-i < len(word) || s[i:i+len(word)] != word {
		return -1
	}
	return i + len(word)
}

// scanList scans an array or object; the members of an object begin with their key.
func scanList(s string, i, depth int, closing byte) int {
	if i+1 < len(s) && s[i+1] == closing {
		return i + 2
	}
	for {
		i++
		if closing == '}' {
			if i = scanString(s, i); i < 0 || i >= len(s) || s[i] != ':' {
				return -1
			}
			i++
		}
		i = scanValue(s, i, depth-1)
		switch {
		case i < 0 || i >= len(s):
			return -1
		case s[i] == closing:
			return i + 1
		case s[i] != ',':
			return -1
		}
	}
}

// scanString accepts the short escapes; a string with others is left to encoding/json.
func scanString(s string, i int) int {
	if i >= len(s) || s[i] != '"' {
		return -1
	}
	for i++; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return i + 1
		case c < ' ':
			return -1
		case c == '\\':
			if i++; i >= len(s) || !shortEscape(s[i]) {
				return -1
			}
		}
	}
	return -1
}

func shortEscape(c byte) bool {
	switch c {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return true
	}
	return false
}

func scanNumber(s string, i int) int {
	if s[i] == '-' {
		i++
	}
	if i < len(s) && s[i] == '0' {
		i++
	} else if i = scanDigits(s, i); i < 0 {
		return -1
	}
	if i < len(s) && s[i] == '.' {
		if i = scanDigits(s, i+1); i < 0 {
			return -1
		}
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		if i++; i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		i = scanDigits(s, i)
	}
	return i
}

func scanDigits(s string, i int) int {
	start := i
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if i == start {
		return -1
	}
	return i
}
