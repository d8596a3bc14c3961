package audit_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tallystick/audit"
)

// TestLongLines: a private part may be larger than any buffer, but a line has a limit, behind
// which reading goes on.
func TestLongLines(t *testing.T) {
	b := newBook(newRand(t))
	e, _ := vectorEntries()
	b.add("pi/1", e, audit.Private{"records": {Data: bytes.Repeat([]byte("x"), 300_000)}})
	b.add("pi/1", e, nil)
	good := b.export(t, fullManifest)
	if r := verify(t, good); !r.OK() || r.Parts != 1 {
		t.Errorf("a long line: %s", r)
	}
	manifest, rest, _ := bytes.Cut(good, []byte{'\n'})
	_, rest, _ = bytes.Cut(rest, []byte{'\n'})
	endless := io.MultiReader(bytes.NewReader(manifest), strings.NewReader("\n"),
		strings.NewReader(strings.Repeat("x", 65<<20)+"\n"), bytes.NewReader(rest))
	r, err := audit.Verify(endless)
	if err != nil {
		t.Fatal(err)
	}
	if r.OK() || r.Breaks[0].Line != 2 || !errors.Is(&r.Breaks[0], audit.ErrExportMalformed) || r.Entries != 1 {
		t.Errorf("a line beyond the limit: %s", r)
	}
}

func TestReaderRefuses(t *testing.T) {
	good := string(smallExport(t))
	lines := strings.SplitAfter(good, "\n")
	for name, c := range map[string]struct {
		export string
		want   error
	}{
		"nothing":          {"", audit.ErrExportTruncated},
		"no JSON":          {"x\n", audit.ErrExportMalformed},
		"another format":   {strings.Replace(good, "export/1", "export/2", 1), audit.ErrExportMalformed},
		"a bad time":       {strings.Replace(good, `exportedAt":"2026`, `exportedAt":"x026`, 1), audit.ErrExportMalformed},
		"another exporter": {strings.Replace(good, "user:auditor", "user:auditox", 1), audit.ErrExportAltered},
		"no kind of line":  {`{"line":1}` + "\n", audit.ErrExportMalformed},
		"no manifest":      {strings.Replace(lines[1], `"line":2`, `"line":1`, 1), audit.ErrExportMalformed},
		"space in a line":  {strings.Replace(good, `,"hash":"`, `, "hash":"`, 1), audit.ErrExportMalformed},
		"another view":     {strings.Replace(good, "instance.start", "instance.stort", 1), audit.ErrExportAltered},
		"another digest":   {good[:len(good)-6] + "x" + good[len(good)-5:], audit.ErrExportMalformed},
		"a lost head":      {good[:strings.LastIndex(good[:len(good)-1], "\n")+1], audit.ErrExportTruncated},
	} {
		if err := readAll([]byte(c.export)); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	// A head may be changed into another well-formed one; to the reader only the digest tells.
	head := strings.Replace(lines[5], `"first":1`, `"first":2`, 1)
	if err := readAll([]byte(strings.Replace(good, lines[5], head, 1))); !errors.Is(err, audit.ErrExportAltered) {
		t.Errorf("another head: %v", err)
	}
}

func TestReportIsJSON(t *testing.T) {
	b := newBook(newRand(t))
	b.fill(4, 1)
	m := fullManifest
	m.Filter = map[string]string{"stream": "pi/0"}
	b.made[2].hash[0] ^= 1
	r := verify(t, b.export(t, m))
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var got audit.Report
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(r, got); d != "" {
		t.Error(d)
	}
	if s := r.String(); !strings.Contains(s, "filter stream = pi/0\n") || !strings.Contains(s, "line 4: ") {
		t.Errorf("the text of the report: %s", s)
	}
	equal(t, "event id", audit.EventID{0x10, 15: 0xff}.String(), "10000000-0000-0000-0000-0000000000ff")
}
