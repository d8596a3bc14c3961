package canon

import (
	"math"
	"strings"
)

// IsNull reports whether the document is null or the zero value.
func (j JSON) IsNull() bool { return j == Null || j == "" }

// DeeperThan reports whether arrays and objects are nested deeper in the document than a number of levels.
func (j JSON) DeeperThan(levels int) bool {
	if len(j) < levels {
		return false
	}
	depth := 0
	for pos := 0; pos < len(j); {
		switch j[pos] {
		case '"':
			pos = quoted(j, pos)
			continue
		case '{', '[':
			if depth++; depth > levels {
				return true
			}
		case '}', ']':
			depth--
		}
		pos++
	}
	return false
}

// Text returns the decoded text of a JSON string; ok is false for every other kind.
func (j JSON) Text() (text string, ok bool) {
	if len(j) < 2 || j[0] != '"' {
		return "", false
	}
	return decode(string(j)), true
}

// Fields returns the fields of a JSON object, or nil for every other kind.
func (j JSON) Fields() map[string]JSON {
	if len(j) < 2 || j[0] != '{' {
		return nil
	}
	fields := map[string]JSON{}
	for pos := 1; pos < len(j) && j[pos] != '}'; {
		if j[pos] == ',' {
			pos++
		}
		end := skip(j, pos)
		key := decode(string(j[pos:end]))
		pos = skip(j, end+1)
		fields[key] = j[end+1 : pos]
	}
	return fields
}

// Items returns the items of a JSON array, or nil for every other kind.
func (j JSON) Items() []JSON {
	if len(j) < 2 || j[0] != '[' {
		return nil
	}
	items := []JSON{}
	for pos := 1; pos < len(j) && j[pos] != ']'; {
		if j[pos] == ',' {
			pos++
		}
		end := skip(j, pos)
		items = append(items, j[pos:end])
		pos = end
	}
	return items
}

// SetPath stores v in target under a dotted path: "a.b" sets field b of the object a. Parts that
// are missing or no objects become objects.
func SetPath(target map[string]JSON, path string, v JSON) {
	head, rest, nested := strings.Cut(path, ".")
	if !nested {
		target[head] = v
		return
	}
	inner := target[head].Fields()
	if inner == nil {
		inner = map[string]JSON{}
	}
	SetPath(inner, rest, v)
	target[head] = Object(inner)
}

// skip returns the position behind the value that starts at pos. The text is canonical, so brackets
// outside strings balance.
func skip(j JSON, pos int) int {
	depth := 0
	for pos < len(j) {
		switch j[pos] {
		case '"':
			pos = quoted(j, pos)
			if depth == 0 {
				return pos
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth <= 0 {
				return pos + depth + 1
			}
		case ',', ':':
			if depth == 0 {
				return pos
			}
		}
		pos++
	}
	return pos
}

func quoted(j JSON, pos int) int {
	for pos++; pos < len(j); pos++ {
		if j[pos] == '\\' {
			pos++
		} else if j[pos] == '"' {
			return pos + 1
		}
	}
	return len(j)
}

func decode(quoted string) string {
	if strings.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1]
	}
	p := parser{src: []byte(quoted), most: within{text: math.MaxInt}}
	return p.text()
}
