package enginetest

import (
	"bytes"
	"strings"
	"unicode"

	"golang.org/x/tools/txtar"
)

// script is a parsed scenario file.
type script struct {
	comment string // the text of the script as it stands in the file
	rest    []byte // the archive behind it, verbatim
	blocks  []block
	files   map[string][]byte
}

// block is a group of commands with what they are expected to print.
type block struct {
	commands []line
	expected []string
	ruled    bool // there is a line of dashes
	// first and last are the lines that what was printed replaces, counted from 0, last excluded.
	first, last int
}

// line is a command with its position, counted from 1.
type line struct {
	number int
	text   string
}

const rule = "----"

// parse reads a scenario file; every text is one.
func parse(data []byte) script {
	archive := txtar.Parse(data)
	s := script{comment: string(archive.Comment), rest: data[min(len(data), len(archive.Comment)):], files: map[string][]byte{}}
	for _, f := range archive.Files {
		s.files[f.Name] = f.Data
	}
	var b block
	lines := strings.Split(s.comment, "\n")
	for i, text := range append(lines, "") {
		text = strings.TrimRightFunc(text, unicode.IsSpace)
		switch {
		case text == "" || i == len(lines):
			b.last = i
			s.add(&b)
		case b.ruled:
			b.expected = append(b.expected, text)
		case text == rule:
			b.ruled, b.first = true, i
		case strings.HasPrefix(strings.TrimSpace(text), "#"):
		case len(b.commands) > 0 && (text[0] == ' ' || text[0] == '\t'):
			last := &b.commands[len(b.commands)-1]
			last.text += " " + strings.TrimSpace(text)
		default:
			b.commands = append(b.commands, line{i + 1, strings.TrimSpace(text)})
		}
		if !b.ruled {
			b.first = i + 1
		}
	}
	return s
}

func (s *script) add(b *block) {
	if len(b.commands) > 0 || b.ruled {
		b.first = min(b.first, b.last)
		s.blocks = append(s.blocks, *b)
	}
	*b = block{}
}

// updated returns the file with what was printed in the place of what was expected.
func (s *script) updated(printed [][]string) []byte {
	lines := strings.Split(s.comment, "\n")
	var out []string
	next := 0
	for i, b := range s.blocks {
		out = append(out, lines[next:b.first]...)
		if len(printed[i]) > 0 {
			out = append(append(out, rule), printed[i]...)
		}
		next = b.last
	}
	out = append(out, lines[min(next, len(lines)):]...)
	return append([]byte(strings.Join(out, "\n")), bytes.Clone(s.rest)...)
}
