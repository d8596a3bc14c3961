package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

const exampleDecisions = "../../examples/returns/route-claim.dmn"

// say runs one command line and returns what it prints and its exit code.
func say(t *testing.T, in string, args ...string) (out, errors string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, stdio{in: strings.NewReader(in), out: &o, err: &e, env: func(string) string { return "" }})
	return o.String(), e.String(), code
}

// TestDMNEval evaluates decisions of the example in every way that the variables can come in.
func TestDMNEval(t *testing.T) {
	const claim = `{"score": 0.1, "amount": 500, "tier": "silver"}`
	file := filepath.Join(t.TempDir(), "claim.json")
	if err := os.WriteFile(file, []byte(claim), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		in   string
		args []string
		want string // on standard output, or in front of ! a part of standard error
		code int
	}{
		"by id":             {"", []string{"--decision", "risk-band", "--input", `{"score": 0.5}`}, "\"medium\"\n", 0},
		"by name":           {"", []string{"--decision", "Risk band", "--input", `{"score": 0.5}`}, "\"medium\"\n", 0},
		"from a file":       {"", []string{"--decision", "route-claim", "--input", "@" + file}, `{"reason":"amount above 200 for tier silver","route":"review"}` + "\n", 0},
		"from stdin":        {claim, []string{"--decision", "route-claim", "--input", "-"}, `{"reason":"amount above 200 for tier silver","route":"review"}` + "\n", 0},
		"a warning":         {"", []string{"--decision", "risk-band"}, "!the variable \"score\" is missing", 0},
		"strict":            {"", []string{"--decision", "risk-band", "--strict"}, "!risk-band: ", 1},
		"the trace":         {claim, []string{"--decision", "risk-band", "--input", "-", "--trace"}, `"ruleId": "band-low"`, 0},
		"no such decision":  {"", []string{"--decision", "nope"}, "!it has Risk band, Route claim", 3},
		"no decision":       {"", nil, "!it has Risk band", 3},
		"bad input":         {"", []string{"--decision", "risk-band", "--input", "[1]"}, "!--input is no JSON object", 2},
		"bad time":          {"", []string{"--decision", "risk-band", "--now", "noon"}, "!--now", 2},
		"outside of values": {"", []string{"--decision", "route-claim", "--input", `{"risk_band": "x", "score": 0.5, "amount": "much"}`}, "!warning: ", 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			out, errors, code := say(t, test.in, append([]string{"dmn", "eval", exampleDecisions}, test.args...)...)
			part, onError := strings.CutPrefix(test.want, "!")
			if code != test.code || onError && !strings.Contains(errors, part) || !onError && !strings.Contains(out, part) {
				t.Errorf("exit %d, %q, %q", code, out, errors)
			}
		})
	}
}

// TestDMNLint: the example is clean, a table with holes is not, and a broken one is told with its place.
func TestDMNLint(t *testing.T) {
	if out, errors, code := say(t, "", "dmn", "lint", exampleDecisions); code != 0 || out != "" {
		t.Errorf("exit %d, %s%s", code, out, errors)
	}
	source, err := os.ReadFile(exampleDecisions)
	if err != nil {
		t.Fatal(err)
	}
	change := func(old, text string) string {
		file := filepath.Join(t.TempDir(), "changed.dmn")
		if err := os.WriteFile(file, bytes.Replace(source, []byte(old), []byte(text), 1), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	tests := map[string][2]string{
		"table.gap":        {"]200..1000]", "[300..1000]"},
		"table.overlap":    {"]200..1000]", "[200..1000]"},
		"rules.expression": {"]200..1000]", "]200.."},
	}
	for want, edit := range tests {
		out, _, code := say(t, "", "dmn", "lint", change(edit[0], edit[1]))
		if code != 1 || !strings.Contains(out, want) || !strings.Contains(out, "changed.dmn:") {
			t.Errorf("%s: exit %d, %s", want, code, out)
		}
	}
}

// TestDMNTest runs cases beside a model, and counts the rules they reach.
func TestDMNTest(t *testing.T) {
	folder := t.TempDir()
	source, err := os.ReadFile(exampleDecisions)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("m.dmn", string(source))
	good := "model m.dmn\ndecision risk-band\ncase low\ninput {\"score\": 0}\nexpect \"low\"\nrules 3\n"
	write("a.cases", good)
	out, errors, code := say(t, "", "dmn", "test", folder)
	if code != 0 || !strings.Contains(out, "a.cases:3 low") || !strings.HasSuffix(out, "1 passed, 0 failed, 1 of 11 rules matched\n") {
		t.Errorf("exit %d, %s%s", code, out, errors)
	}
	if out, _, code := say(t, "", "dmn", "test", "--min-coverage", "50", folder); code != 1 || !strings.Contains(out, "Risk band: 1 of 3 rules matched, never 1, 2") {
		t.Errorf("exit %d, %s", code, out)
	}
	write("a.cases", good+"case high\ninput {\"score\": 0}\nexpect \"high\"\n")
	if out, _, code := say(t, "", "dmn", "test", folder); code != 1 || !strings.Contains(out, `a.cases:7 high: got "low", want "high"`) {
		t.Errorf("exit %d, %s", code, out)
	}
	write("a.cases", "case x\n")
	if _, errors, code := say(t, "", "dmn", "test", folder); code != 1 || !strings.Contains(errors, "line 1") {
		t.Errorf("exit %d, %s", code, errors)
	}
	if _, errors, code := say(t, "", "dmn", "test", t.TempDir()); code != 1 || !strings.Contains(errors, "no cases") {
		t.Errorf("exit %d, %s", code, errors)
	}
}

// TestDMNTCK tells misses line by line; an empty folder is no success.
func TestDMNTCK(t *testing.T) {
	folder := t.TempDir()
	if _, errors, code := say(t, "", "dmn", "tck", folder); code != 1 || !strings.Contains(errors, "no test case") {
		t.Errorf("exit %d, %s", code, errors)
	}
	files := map[string]string{
		"m.dmn": `<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:m"><decision id="d" name="d"><literalExpression><text>1 + 1</text></literalExpression></decision></definitions>`,
		"m.xml": `<testCases xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><modelName>m.dmn</modelName><testCase id="a"><resultNode name="d"><expected><value xsi:type="xsd:decimal">3</value></expected></resultNode></testCase></testCases>`,
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want := ". a d: got 2, want 3\nall 0/1 0.0 %, non-null 0/1 0.0 %, folders green 0/1\n"
	for _, report := range []bool{false, true} {
		args := []string{"dmn", "tck", folder}
		wantCode := 1
		if report {
			args, wantCode = append(args, "--report"), 0
		}
		if out, errors, code := say(t, "", args...); code != wantCode || out != want {
			t.Errorf("exit %d, %s%s", code, out, errors)
		}
	}
}

// TestDMNConvert takes a table to CSV and back; both evaluate alike.
func TestDMNConvert(t *testing.T) {
	folder := t.TempDir()
	sheet, model := filepath.Join(folder, "t.csv"), filepath.Join(folder, "t.dmn")
	if out, errors, code := say(t, "", "dmn", "convert", exampleDecisions, "--decision", "risk-band", "-o", sheet); code != 0 {
		t.Fatalf("exit %d, %s%s", code, out, errors)
	}
	if out, errors, code := say(t, "", "dmn", "convert", sheet, "-o", model); code != 0 {
		t.Fatalf("exit %d, %s%s", code, out, errors)
	}
	for _, score := range []string{"0.1", "0.3", "0.9"} {
		args := []string{"--decision", "risk-band", "--input", `{"score": ` + score + `}`}
		want, _, _ := say(t, "", append([]string{"dmn", "eval", exampleDecisions}, args...)...)
		got, errors, code := say(t, "", append([]string{"dmn", "eval", model}, args...)...)
		if code != 0 || got != want || want == "" {
			t.Errorf("score %s: exit %d, %s%s, want %s", score, code, got, errors, want)
		}
	}
	text, err := os.ReadFile(sheet)
	if err != nil {
		t.Fatal(err)
	}
	refused := map[string]string{
		string(text) + "x,>,1\n": "not valid",
		"a,b\n":                  "row 1",
		"\"":                     "parse error",
	}
	for source, want := range refused {
		if err := os.WriteFile(sheet, []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, errors, code := say(t, "", "dmn", "convert", sheet); code != 1 || !strings.Contains(errors, want) {
			t.Errorf("%q: exit %d, %s", want, code, errors)
		}
	}
	if _, errors, code := say(t, "", "dmn", "convert", exampleDecisions); code != 3 || !strings.Contains(errors, "risk-band, route-claim") {
		t.Errorf("exit %d, %s", code, errors)
	}
	if _, _, code := say(t, "", "dmn", "convert", "../../go.mod"); code != 2 {
		t.Errorf("exit %d", code)
	}
}

// TestDMNConvertWorkbook takes tables to a workbook and back; what a second trip gives is the same to the byte.
func TestDMNConvertWorkbook(t *testing.T) {
	folder := t.TempDir()
	book, model, sheet := filepath.Join(folder, "t.xlsx"), filepath.Join(folder, "t.dmn"), filepath.Join(folder, "t.csv")
	must := func(args ...string) string {
		t.Helper()
		out, errors, code := say(t, "", append([]string{"dmn", "convert"}, args...)...)
		if code != 0 {
			t.Fatalf("exit %d, %s%s", code, out, errors)
		}
		return out
	}
	for _, decision := range []string{"risk-band", "route-claim"} {
		must(exampleDecisions, "--decision", decision, "-o", book)
		must(exampleDecisions, "--decision", decision, "-o", sheet)
		if ours, plain := must(book), must(sheet); ours != plain || ours == "" {
			t.Errorf("%s: the workbook gives\n%s\nthe CSV\n%s", decision, ours, plain)
		}
		must(book, "-o", model)
		if got, want := must(model), must(exampleDecisions, "--decision", decision); got != want {
			t.Errorf("%s: after the trip\n%s\nbefore\n%s", decision, got, want)
		}
	}
}

// TestWorkbook: text stays as it is, numbers and truth values become FEEL, and what means something else is refused.
func TestWorkbook(t *testing.T) {
	rows := [][]string{{"a", "", " b "}, {"=1", "1.10", "line\nline"}, {"date(\"2026-01-02\")", "_x000D_x000A_", "ß & <"}}
	data, err := workbookOf(rows)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := rowsOf(data); err != nil || !slices.EqualFunc(got, rows, slices.Equal) {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := workbookOf([][]string{{strings.Repeat("x", workbookCellMax+1)}}); err == nil || !strings.Contains(err.Error(), "A1") {
		t.Errorf("a long cell: %v", err)
	}
	tests := map[string]struct {
		put  func(f *excelize.File) error
		want string // in front of ! a part of the error
	}{
		"number":  {func(f *excelize.File) error { return f.SetCellValue("Sheet1", "A1", 0.7) }, "0.7"},
		"truth":   {func(f *excelize.File) error { return f.SetCellValue("Sheet1", "A1", true) }, "true"},
		"date":    {func(f *excelize.File) error { return f.SetCellValue("Sheet1", "A1", time.Unix(0, 0)) }, "!cell A1 shows"},
		"formula": {func(f *excelize.File) error { return f.SetCellFormula("Sheet1", "B1", "1+1") }, "!cell B1 is the formula"},
	}
	for name, test := range tests {
		f := excelize.NewFile()
		if err := errors.Join(test.put(f), f.SetCellStr("Sheet1", "C1", "end")); err != nil {
			t.Fatal(err)
		}
		buffer, err := f.WriteToBuffer()
		if err != nil {
			t.Fatal(err)
		}
		got, err := rowsOf(buffer.Bytes())
		part, refused := strings.CutPrefix(test.want, "!")
		if refused && (err == nil || !strings.Contains(err.Error(), part)) || !refused && (err != nil || got[0][0] != part) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if _, err := rowsOf([]byte("PK")); err == nil {
		t.Error("what is no workbook was read")
	}
}
