package feel

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// SyntaxError is the place and the reason why a source is not FEEL. Offset counts bytes, Line and
// Column count from 1 and columns are characters.
type SyntaxError struct {
	Offset, Line, Column int
	Message              string
	Snippet              string
}

// Error shows the message, the line of the source and a caret below the place.
func (e *SyntaxError) Error() string {
	caret := strings.Repeat(" ", max(e.Column-1, 0)) + "^"
	return fmt.Sprintf("%d:%d: %s\n%s\n%s", e.Line, e.Column, e.Message, e.Snippet, caret)
}

func syntaxError(src string, offset int, format string, args ...any) *SyntaxError {
	offset = min(max(offset, 0), len(src))
	start := strings.LastIndexByte(src[:offset], '\n') + 1
	line := src[start:]
	if end := strings.IndexByte(line, '\n'); end >= 0 {
		line = line[:end]
	}
	return &SyntaxError{
		Offset:  offset,
		Line:    strings.Count(src[:start], "\n") + 1,
		Column:  utf8.RuneCountInString(src[start:offset]) + 1,
		Message: fmt.Sprintf(format, args...),
		Snippet: strings.TrimRight(line, "\r"),
	}
}
