package tidy

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// banned is a pattern that must not be committed. The patterns are put together from pieces so
// that this file does not hold what it looks for.
type banned struct {
	pattern *regexp.Regexp
	reason  string
	files   func(name string) bool // nil: all text files
	except  []string               // paths where the words are meant
}

var bannedWords = []banned{
	{
		pattern: regexp.MustCompile(`/(wo` + `rk|fa` + `rm)/(main|shared|steering|in\b|\.)`),
		reason:  "names a folder of one machine",
	},
	{
		pattern: regexp.MustCompile(`\.\./sha` + `red\b`),
		reason:  "reads beside the repository",
		except:  []string{".ci/run"}, // the build machine keeps conformance data there
	},
	{
		pattern: regexp.MustCompile(`(proxy\.gol` + `ang|npm` + `js|deb` + `ian|py` + `pi)\.org`),
		reason:  "names a package registry; its client knows where it is",
	},
	{
		pattern: regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`),
		reason:  "marks unfinished work; finish it or write an issue",
		files:   written,
	},
	{
		pattern: regexp.MustCompile(`(?i)\b(not imple` + `mented|place` + `holder|for ` + `now)\b`),
		reason:  "says that something is unfinished",
		files:   written,
	},
}

const textMax = 1 << 20 // larger files are data

// Words reports committed text that belongs to a machine or to unfinished work.
func Words(t *Tree) []Finding {
	var found []Finding
	for _, p := range t.Paths {
		text, err := t.read(p)
		if err != nil || len(text) > textMax || strings.ContainsRune(text, 0) {
			continue // links, data and pictures
		}
		for _, b := range bannedWords {
			if b.files != nil && !b.files(p) || slices.Contains(b.except, p) {
				continue
			}
			found = append(found, b.in(p, text)...)
		}
	}
	return sorted(found)
}

func (b banned) in(file, text string) []Finding {
	var found []Finding
	for _, at := range b.pattern.FindAllStringIndex(text, -1) {
		line := 1 + strings.Count(text[:at[0]], "\n")
		found = append(found, Finding{file, line, `"` + text[at[0]:at[1]] + `" ` + b.reason})
	}
	return found
}

// written reports whether people write and read this file: code, prose, scripts.
func written(name string) bool {
	ext := path.Ext(name)
	return slices.Contains([]string{".go", ".md", ".sh", ".sql"}, ext) || path.Base(name) == "Makefile"
}

// Sleeps reports tests that wait for the clock instead of an event.
func Sleeps(t *Tree) []Finding {
	var found []Finding
	for _, f := range t.Files {
		if !f.Test {
			continue
		}
		for s := range selections(f, "time", "Sleep") {
			found = append(found, t.at(f, s, "tests do not sleep; use testing/synctest or a channel"))
		}
	}
	return sorted(found)
}
