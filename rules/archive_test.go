package rules_test

import (
	"strings"
	"testing"
)

// archive is a text archive: an introduction and named sections, each opened by a line
// "-- name --".
type archive struct {
	intro    string
	sections []section
}

type section struct{ name, text string }

func parseArchive(t *testing.T, source string) archive {
	t.Helper()
	var a archive
	text := &a.intro
	for line := range strings.Lines(source) {
		name, marked := strings.CutPrefix(strings.TrimSpace(line), "-- ")
		name, closed := strings.CutSuffix(name, " --")
		if marked && closed {
			a.sections = append(a.sections, section{name: name})
			text = &a.sections[len(a.sections)-1].text
			continue
		}
		*text += line
	}
	if len(a.sections) == 0 {
		t.Fatal("the archive has no sections")
	}
	return a
}

func (a archive) String() string {
	var b strings.Builder
	b.WriteString(a.intro)
	for _, s := range a.sections {
		b.WriteString("-- " + s.name + " --\n" + s.text)
	}
	return b.String()
}
