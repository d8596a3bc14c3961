package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"tallystick/bpmn"
	"tallystick/engine"
	"tallystick/fault"
)

// finding is one thing to say about a file.
type finding struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Severity string `json:"severity"`
	Rule     string `json:"rule"`
	Element  string `json:"element"`
	Message  string `json:"message"`
}

// String prints "file:line:column severity rule element: message".
func (f finding) String() string {
	return fmt.Sprintf("%s:%d:%d %s %s %s: %s", f.File, f.Line, f.Column, f.Severity, f.Rule, f.Element, f.Message)
}

// The rules that look at several files at once.
const (
	ruleUnknownCall     = "unknown-call-target"
	ruleUnknownDecision = "unknown-decision"
)

type rule struct{ text, severity string }

// lintHelp describes the rules.
func lintHelp() map[string]rule {
	help := map[string]rule{
		ruleUnknownCall:     {"what a call activity calls is among the given files", "warning"},
		ruleUnknownDecision: {"what a business rule task evaluates is among the given files", "warning"},
	}
	for _, r := range bpmn.Rules() {
		help[r.ID] = rule{r.Help, r.Severity.String()}
	}
	return help
}

// lintFiles looks at all files, then at what one needs of another. Findings come in the order of the files.
func lintFiles(files []string, now time.Time) ([]finding, error) {
	l := &linter{now: now, processes: map[string]bool{}, decisions: map[string]bool{}}
	for _, name := range files {
		if err := l.file(name); err != nil {
			return nil, err
		}
	}
	for _, c := range l.calls {
		if !c.targets[c.id] {
			l.found = append(l.found, c.finding)
		}
	}
	order := map[string]int{}
	for i, name := range files {
		order[name] = i
	}
	slices.SortStableFunc(l.found, func(a, b finding) int {
		return cmp.Or(cmp.Compare(order[a.File], order[b.File]), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(l.found), nil
}

type linter struct {
	now                  time.Time
	found                []finding
	processes, decisions map[string]bool
	calls                []lintCall
}

// lintCall is a reference to a process or decision that may stand in another file.
type lintCall struct {
	id      string
	targets map[string]bool
	finding finding
}

func (l *linter) file(name string) error {
	switch filepath.Ext(name) {
	case ".dmn":
		return l.decisionModel(name)
	case ".bpmn", ".xml":
		return l.processModel(name)
	}
	return &usageError{fmt.Errorf("%s is neither *.bpmn nor *.dmn", name)}
}

func (l *linter) decisionModel(name string) error {
	p, err := readModel(name)
	if refusal := l.refused(name, err); refusal || err != nil {
		return unless(refusal, err)
	}
	for _, d := range modelFindings(p) {
		l.found = append(l.found, finding{name, d.Line, d.Column, d.Severity.String(), d.Code, d.Element, d.Message})
	}
	if p.Model != nil {
		for _, d := range p.Model.Decisions {
			l.decisions[d.ID] = true
		}
	}
	return nil
}

func (l *linter) processModel(name string) error {
	src, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	definitions, diagnostics, err := bpmn.Parse(src)
	if refusal := l.refused(name, err); refusal || err != nil {
		return unless(refusal, err)
	}
	if !diagnostics.HasErrors() {
		for _, p := range definitions.Processes {
			if p.Executable {
				_, compiled := engine.Compile(p, engine.Identity{})
				diagnostics = append(diagnostics, compiled...)
			}
		}
	}
	habits, err := bpmn.Lint(src, l.now)
	if err != nil {
		return err
	}
	for _, d := range append(diagnostics, habits...) {
		l.found = append(l.found, finding{name, d.Position.Line, d.Position.Column, d.Severity.String(), d.Code, d.Element, d.Message})
	}
	l.references(name, definitions)
	return nil
}

// refused makes a finding of a file that cannot be read at all.
func (l *linter) refused(name string, err error) bool {
	var refusal *fault.Error
	if !errors.As(err, &refusal) {
		return false
	}
	f := finding{File: name, Severity: "error", Rule: refusal.Code, Message: refusal.Message}
	for _, d := range refusal.Details {
		f.Line, f.Column = d.Line, d.Column
	}
	l.found = append(l.found, f)
	return true
}

func unless(refusal bool, err error) error {
	if refusal {
		return nil
	}
	return err
}
