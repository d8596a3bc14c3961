package xmlread_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"tallystick/fault"
	"tallystick/internal/xmlread"
)

func TestCheckRefuses(t *testing.T) {
	tests := []struct {
		name, src    string
		code         string
		line, column int
	}{
		{"empty", "", "xml.malformed", 1, 1},
		{"only text", "hello", "xml.malformed", 1, 1},
		{"only declaration", `<?xml version="1.0"?>`, "xml.malformed", 1, 22},
		{"two roots", "<a/>\n<b/>", "xml.malformed", 2, 1},
		{"text after root", "<a/>\n x", "xml.malformed", 1, 5},
		{"text before root", "x<a/>", "xml.malformed", 1, 1},
		{"cdata outside root", "<a/><![CDATA[ ]]>", "xml.malformed", 1, 5},
		{"not closed", "<a><b></b>", "xml.malformed", 1, 11},
		{"cut in a tag", "<a><b", "xml.malformed", 1, 6},
		{"crossed tags", "<a>\n<b></a></b>", "xml.malformed", 2, 4},
		{"stray end tag", "</a>", "xml.malformed", 1, 1},
		{"end tag of other prefix", `<p:a xmlns:p="u" xmlns:q="u"></q:a>`, "xml.malformed", 1, 30},
		{"custom entity", "<a>&lol;</a>", "xml.malformed", 1, 9},
		{"open angle in value", `<a b="<"/>`, "xml.malformed", 1, 8},
		{"control character", "<a>\x01</a>", "xml.malformed", 1, 4},
		{"nul in comment", "<a><!--\x00--></a>", "xml.malformed", 1, 8},
		{"noncharacter", "<a>\uffff</a>", "xml.malformed", 1, 4},
		{"reference to nul", "<a>&#0;</a>", "xml.malformed", 1, 8},
		{"xml 1.1", `<?xml version="1.1"?><a/>`, "xml.malformed", 1, 22},
		{"doctype", "<!DOCTYPE a [<!ENTITY x \"y\">]><a/>", "xml.directive", 1, 1},
		{"doctype inside", "<a>\n <!ELEMENT a ANY></a>", "xml.directive", 2, 2},
		{"stylesheet", "<?xml-stylesheet href='x'?><a/>", "xml.directive", 1, 1},
		{"late declaration", "<a/><?xml version='1.0'?>", "xml.directive", 1, 5},
		{"latin 1 declared", `<?xml version="1.0" encoding="ISO-8859-1"?><a/>`, "xml.encoding", 1, 1},
		{"utf-16 declared", `<?xml version="1.0" encoding="UTF-16"?><a/>`, "xml.encoding", 1, 1},
		{"utf-16 bytes", "\xff\xfe<\x00a\x00/\x00>\x00", "xml.encoding", 1, 1},
		{"latin 1 bytes", "<a>\n\xe9</a>", "xml.encoding", 2, 1},
		{"duplicate attribute", "<r>\n  <a x='1' y='2' x='3'/></r>", "xml.duplicate_attribute", 2, 3},
		{"duplicate declaration", `<a xmlns:p="u" xmlns:p="v"/>`, "xml.duplicate_attribute", 1, 1},
		{"duplicate by namespace", `<a xmlns:p="u" xmlns:q="u" p:x="" q:x=""/>`, "xml.duplicate_attribute", 1, 1},
		{"undeclared element prefix", "<r>\né<p:a/></r>", "xml.prefix", 2, 2},
		{"undeclared attribute prefix", `<a p:x="1"/>`, "xml.prefix", 1, 1},
		{"prefix out of scope", `<r><a xmlns:p="u"/><p:b/></r>`, "xml.prefix", 1, 20},
		{"prefix undeclared again", `<r xmlns:p="u"><a xmlns:p=""/></r>`, "xml.prefix", 1, 16},
		{"xmlns as element prefix", `<xmlns:a/>`, "xml.prefix", 1, 1},
		{"xmlns redeclared", `<a xmlns:xmlns="u"/>`, "xml.prefix", 1, 1},
		{"xml redeclared", `<a xmlns:xml="u"/>`, "xml.prefix", 1, 1},
		{"xml namespace under another prefix", `<a xmlns:p="http://www.w3.org/XML/1998/namespace"/>`, "xml.prefix", 1, 1},
		{"empty prefix", `<:a/>`, "xml.prefix", 1, 1},
		{"two colons", `<a xmlns:p="u"><p:q:r/></a>`, "xml.malformed", 1, 22},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := xmlread.Check([]byte(test.src), xmlread.Limits{})
			wantRefusal(t, err, test.code, test.line, test.column)
		})
	}
}

func wantRefusal(t *testing.T, err error, code string, line, column int) {
	t.Helper()
	var refusal *fault.Error
	if !errors.As(err, &refusal) {
		t.Fatalf("got %v, want a coded refusal", err)
	}
	if refusal.Kind != fault.Invalid || refusal.Code != code || len(refusal.Details) != 1 {
		t.Fatalf("got kind %d, %v, details %v; want code %s", refusal.Kind, err, refusal.Details, code)
	}
	if d := refusal.Details[0]; d.Line != line || d.Column != column || d.Code != code {
		t.Errorf("got %+v, want line %d column %d", d, line, column)
	}
}

func TestCheckAcceptsUpToTheLimit(t *testing.T) {
	attributes := func(n int) string {
		var b strings.Builder
		b.WriteString("<a")
		for i := range n {
			fmt.Fprintf(&b, " x%d=''", i)
		}
		return b.String() + "/>"
	}
	tests := []struct {
		name string
		at   func(n int) string // a document that uses n of the limit
		n    int
	}{
		{"depth", func(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }, 256},
		{"elements", func(n int) string { return "<r>" + strings.Repeat("<a/>", n-1) + "</r>" }, 50_000},
		{"attributes", attributes, 256},
		{"value", func(n int) string { return "<a x='" + strings.Repeat("v", n) + "'/>" }, 64 << 10},
		{"text", func(n int) string { return "<a>" + strings.Repeat("t", n) + "</a>" }, 1 << 20},
		{"text in pieces", func(n int) string { return "<a>" + strings.Repeat("t", n-4) + "<b/><![CDATA[cdat]]></a>" }, 1 << 20},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := xmlread.Check([]byte(test.at(test.n)), xmlread.Limits{}); err != nil {
				t.Errorf("at the limit: %v", err)
			}
			_, err := xmlread.Check([]byte(test.at(test.n+1)), xmlread.Limits{})
			if !errors.Is(err, xmlread.ErrLimit) || fault.KindOf(err) != fault.Invalid {
				t.Errorf("over the limit: got %v, want %v", err, xmlread.ErrLimit)
			}
		})
	}
}

func TestCheckRefusesSize(t *testing.T) {
	src := []byte("<a>" + strings.Repeat(" ", 8<<20-7) + "</a>")
	if _, err := xmlread.Check(src, xmlread.Limits{TextBytes: 8 << 20}); err != nil {
		t.Errorf("8 MiB: %v", err)
	}
	_, err := xmlread.Check(append(src, '\n'), xmlread.Limits{TextBytes: 8 << 20})
	if !errors.Is(err, xmlread.ErrLimit) || fault.KindOf(err) != fault.TooLarge {
		t.Errorf("8 MiB and a byte: got %v (kind %d), want too large", err, fault.KindOf(err))
	}
}

func TestCheckPositions(t *testing.T) {
	src := "\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n" +
		"<!-- ünï -->\n" +
		"<r xmlns='d' xmlns:p='u'>\r\n" +
		"\téé<p:a p:x='1' y='2' xml:lang='de'\n  /><b xmlns=''><c/></b><d/>\n" +
		"</r>\n<!-- end -->\n"
	got, err := xmlread.Check([]byte(src), xmlread.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"3:1 d", "4:4 u", "5:5 ", "5:17 ", "5:25 d"}
	if len(got) != len(want) {
		t.Fatalf("got %d elements, want %d", len(got), len(want))
	}
	for i, e := range got {
		if s := fmt.Sprintf("%d:%d %s", e.Line, e.Column, e.Space); s != want[i] {
			t.Errorf("element %d: got %s, want %s", i, s, want[i])
		}
	}
	a := got[1]
	spaces := []string{a.AttrSpace(0), a.AttrSpace(1), a.AttrSpace(2), a.AttrSpace(3), a.AttrSpace(-1)}
	if s := strings.Join(spaces, "|"); s != "u||http://www.w3.org/XML/1998/namespace||" {
		t.Errorf("attribute namespaces: %s", s)
	}
}

// FuzzCheck compares with the namespace-aware reader of the standard library: what Check accepts,
// that reader must read with the same namespaces and number of elements.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{
		"<a/>", "<r xmlns='d' xmlns:p='u'><p:a p:x='&lt;'/><b xmlns=''>t</b></r>",
		"<!DOCTYPE a><a/>", "<a>&x;</a>", "\ufeff<a><![CDATA[x]]></a>", "<a b='1' b='2'/>", "<a:b/>",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		got, err := xmlread.Check(src, xmlread.Limits{Depth: 32, Elements: 1000})
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("refusal of kind %d: %v", fault.KindOf(err), err)
			}
			return
		}
		compare(t, xml.NewDecoder(strings.NewReader(string(xmlread.Body(src)))), got)
	})
}

func compare(t *testing.T, decoder *xml.Decoder, got xmlread.Positions) {
	t.Helper()
	n := 0
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("accepted, but the standard library says: %v", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if n >= len(got) || got[n].Space != start.Name.Space {
			t.Fatalf("element %d of %d is %+v for the standard library", n, len(got), start.Name)
		}
		n++
	}
	if n != len(got) {
		t.Fatalf("%d elements, the standard library has %d", len(got), n)
	}
}
