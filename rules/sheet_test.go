package rules_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tallystick/rules"
)

// TestSheetsLoseNothing takes every table of the archives through rows and back, and through DMN and back.
func TestSheetsLoseNothing(t *testing.T) {
	files, err := filepath.Glob("../testdata/rules/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	seen := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sheets, err := rules.ReadSheets([]byte(parseArchive(t, string(source)).sections[0].text))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range sheets {
			seen++
			back, err := rules.SheetOf(s.Rows())
			if diff := cmp.Diff(s, back); diff != "" || err != nil {
				t.Errorf("%s %s through rows: %v\n%s", file, s.ID, err, diff)
			}
			again, err := rules.ReadSheets(s.DMN())
			if err != nil || len(again) != 1 {
				t.Fatalf("%s %s: %v", file, s.ID, err)
			}
			if diff := cmp.Diff(s, again[0]); diff != "" {
				t.Errorf("%s %s through DMN:\n%s", file, s.ID, diff)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d tables were seen", seen)
	}
}

// TestSheetEvaluates: what comes out of rows runs.
func TestSheetEvaluates(t *testing.T) {
	rows := [][]string{
		{"decision", "size", "Size", "COLLECT SUM"},
		{"column", "input", "output", "annotation"},
		{"label", "Count", "Price"},
		{"text", "n", "price", "why"},
		{"type", "number", "number"},
		{"values", "[0..100]"},
		{"default", "", "0"},
		{"a", "> 1", "10", `"<&>" and 'quotes'`},
		{"", "> 5", "n * 2"},
		{"", "", ""},
	}
	s, err := rules.SheetOf(rows)
	if err != nil || len(s.Rules) != 2 {
		t.Fatal(s, err)
	}
	trace, err := mustParse(t, string(s.DMN())).Evaluate("size", variablesOf(t, `{"n": 6}`))
	if err != nil || trace.Output != "22" || len(trace.Decisions[0].Matched) != 2 {
		t.Errorf("%+v, %v", trace, err)
	}
}

// TestSheetRefusals names the row.
func TestSheetRefusals(t *testing.T) {
	good := func() [][]string {
		return [][]string{{"decision", "d", "D", "UNIQUE"}, {"column", "input", "output"}, {"label"}, {"text", "a", "b"}, {"type"}, {"values"}, {"default"}, {"r", "1", "2"}}
	}
	tests := map[string]struct {
		change func([][]string) [][]string
		want   string
	}{
		"nothing":        {func([][]string) [][]string { return nil }, "row 1"},
		"no id":          {func(r [][]string) [][]string { r[0][1] = ""; return r }, "row 1"},
		"a missing head": {func(r [][]string) [][]string { r[4][0] = "typ"; return r }, `row 5 begins with "typ"`},
		"a short sheet":  {func(r [][]string) [][]string { return r[:3] }, "row 4"},
		"a kind":         {func(r [][]string) [][]string { r[1][1] = "in"; return r }, `row 2: a column is input, output or annotation, not "in"`},
		"the order":      {func(r [][]string) [][]string { r[1][1], r[1][2] = "output", "input"; return r }, "row 2: inputs come before"},
		"too many cells": {func(r [][]string) [][]string { r[7] = append(r[7], "3"); return r }, "row 8 has more cells"},
	}
	for name, test := range tests {
		if _, err := rules.SheetOf(test.change(good())); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
	if _, err := rules.SheetOf(good()); err != nil {
		t.Error(err)
	}
}
