// Package casefile reads and runs test cases for decisions, written as plain text:
//
//	model route-claim.dmn
//
//	case a small claim is paid at once
//	decision route
//	input {"amount": 40, "country": "DE"}
//	expect "auto"
//	rules 1
//
// A line that starts with white space goes on the line before it, # starts a comment line. model, decision, now and
// strict hold for the cases that follow. expect, rules, fails and warns say what must come out; a case has at least
// one of them.
//
// It must not know files: the caller finds the models.
package casefile

import (
	"strconv"
	"strings"
	"time"

	"tallystick/fault"
	"tallystick/internal/canon"
)

// ErrInvalid says that a text is no file of cases, and in which line.
var ErrInvalid = fault.New(fault.Invalid, "casefile.invalid", "the text is not a file of cases")

// Case is one question to a decision and what is expected of the answer.
type Case struct {
	Line     int
	Name     string
	Model    string
	Decision string // id or name
	Now      time.Time
	Strict   bool
	Input    map[string]canon.JSON
	Expect   canon.JSON // "" when nothing is said about the output
	Rules    []int      // numbers of the rules that match, from 1; nil when nothing is said
	Fails    string     // a part of the failure
	Warns    string     // a part of a warning
}

// statement is a line with what continues it.
type statement struct {
	line       int
	word, rest string
}

// Parse reads a file of cases; the error is ErrInvalid.
func Parse(text string) ([]Case, error) {
	var cases []Case
	common := Case{Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	var current *Case
	for _, s := range statements(text) {
		if s.word == "case" {
			cases = append(cases, common)
			current = &cases[len(cases)-1]
			current.Line, current.Name = s.line, s.rest
			continue
		}
		to := current
		if sticky(s.word) {
			if err := s.set(&common); err != nil {
				return nil, err
			}
		}
		if to == nil && !sticky(s.word) {
			return nil, s.wrong("%q stands before the first case", s.word)
		}
		if to != nil {
			if err := s.set(to); err != nil {
				return nil, err
			}
		}
	}
	return cases, check(cases)
}

func sticky(word string) bool {
	return word == "model" || word == "decision" || word == "now" || word == "strict"
}

func statements(text string) []statement {
	var all []statement
	for n, line := range strings.Split(text, "\n") {
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "" || strings.HasPrefix(trimmed, "#"):
		case len(all) > 0 && (line[0] == ' ' || line[0] == '\t'):
			all[len(all)-1].rest += "\n" + trimmed
		default:
			word, rest, _ := strings.Cut(trimmed, " ")
			all = append(all, statement{n + 1, word, strings.TrimSpace(rest)})
		}
	}
	return all
}

func (s statement) wrong(format string, args ...any) error {
	return ErrInvalid.With("line "+strconv.Itoa(s.line)+": "+format, args...)
}

func (s statement) set(c *Case) error {
	var err error
	switch s.word {
	case "model":
		c.Model = s.rest
	case "decision":
		c.Decision = s.rest
	case "strict":
		c.Strict = s.rest != "off"
	case "now":
		if c.Now, err = time.Parse(time.RFC3339, s.rest); err != nil {
			return s.wrong("%q is no time like 2026-01-01T12:00:00Z", s.rest)
		}
	case "input":
		if c.Input, err = canon.ParseObject([]byte(s.rest)); err != nil {
			return s.wrong("the input is no JSON object: %v", err)
		}
	case "expect":
		if c.Expect, err = canon.Parse([]byte(s.rest)); err != nil {
			return s.wrong("what is expected is no JSON: %v", err)
		}
	case "rules":
		return s.rules(c)
	case "fails":
		c.Fails = s.rest
	case "warns":
		c.Warns = s.rest
	default:
		return s.wrong("there is no word %q; the words are model, case, decision, input, expect, rules, fails, warns, now and strict", s.word)
	}
	return nil
}

// rules reads the numbers of rules; "none" says that none matches.
func (s statement) rules(c *Case) error {
	c.Rules = []int{}
	if s.rest == "none" {
		return nil
	}
	for _, word := range strings.FieldsFunc(s.rest, func(r rune) bool { return r == ',' || r == ' ' }) {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 {
			return s.wrong("%q is no number of a rule", word)
		}
		c.Rules = append(c.Rules, n)
	}
	return nil
}

func check(cases []Case) error {
	for _, c := range cases {
		s := statement{line: c.Line}
		switch {
		case c.Model == "" || c.Decision == "":
			return s.wrong("case %q has no model or no decision", c.Name)
		case c.Expect == "" && c.Rules == nil && c.Fails == "" && c.Warns == "":
			return s.wrong("case %q expects nothing", c.Name)
		}
	}
	if len(cases) == 0 {
		return ErrInvalid.With("there is no case")
	}
	return nil
}
