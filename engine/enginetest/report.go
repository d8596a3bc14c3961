package enginetest

import (
	"fmt"
	"strings"
)

// Report is the outcome of one scenario.
type Report struct {
	Name     string
	Failures []Failure
	// Updated is the file with what was printed as the expectation; it is the file as it was when nothing
	// differed, and nil when the script could not be carried out to its end.
	Updated []byte
}

// Failure is a block that printed something else, or a command that could not be carried out.
type Failure struct {
	Line      int
	Problem   string // "" when the print differs
	Want, Got []string
}

// OK reports whether everything was as expected.
func (r Report) OK() bool { return len(r.Failures) == 0 }

// String prints the failures, each with the file and line, "" when there is none.
func (r Report) String() string {
	var b strings.Builder
	for _, f := range r.Failures {
		fmt.Fprintf(&b, "%s:%d: %s\n", r.Name, f.Line, f)
	}
	return b.String()
}

// String prints the problem, or the difference with - for lines that were expected and + for those
// that came.
func (f Failure) String() string {
	if f.Problem != "" {
		return f.Problem
	}
	var b strings.Builder
	b.WriteString("what happened differs (- expected, + happened)")
	same, end := 0, 0
	for same < min(len(f.Want), len(f.Got)) && f.Want[same] == f.Got[same] {
		same++
	}
	for end < min(len(f.Want), len(f.Got))-same && f.Want[len(f.Want)-1-end] == f.Got[len(f.Got)-1-end] {
		end++
	}
	write := func(mark string, lines []string) {
		for _, l := range lines {
			b.WriteString("\n" + mark + l)
		}
	}
	write("    ", f.Got[:same])
	write("  - ", f.Want[same:len(f.Want)-end])
	write("  + ", f.Got[same:len(f.Got)-end])
	write("    ", f.Got[len(f.Got)-end:])
	return b.String()
}
