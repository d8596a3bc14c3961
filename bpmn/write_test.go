package bpmn_test

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"tallystick/bpmn"
)

// content lists what a file says, read by the standard library: elements and attributes by namespace,
// texts and comments. Only the order of attributes, prefixes and the spelling of characters do not count.
func content(t *testing.T, src []byte) []string {
	t.Helper()
	var list []string
	depth := 0
	for d := xml.NewDecoder(bytes.NewReader(src)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		switch v := token.(type) {
		case xml.StartElement:
			depth++
			list = append(list, "<"+v.Name.Space+" "+v.Name.Local)
			slices.SortFunc(v.Attr, func(a, b xml.Attr) int {
				return cmp.Or(cmp.Compare(a.Name.Space, b.Name.Space), cmp.Compare(a.Name.Local, b.Name.Local))
			})
			for _, a := range v.Attr {
				if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
					list = append(list, fmt.Sprintf("@%s %s=%q", a.Name.Space, a.Name.Local, a.Value))
				}
			}
		case xml.EndElement:
			depth--
			list = append(list, ">")
		case xml.CharData:
			if depth > 0 {
				list = append(list, fmt.Sprintf("%q", v))
			}
		case xml.Comment:
			list = append(list, "#"+string(v))
		}
	}
}

// TestWriteKeeps reads files in the styles of five tools and writes them.
func TestWriteKeeps(t *testing.T) {
	files, err := filepath.Glob("testdata/styles/*.bpmn")
	if err != nil || len(files) < 5 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			first, found, err := bpmn.Parse(src)
			if err != nil {
				t.Fatal(err)
			}
			written, err := bpmn.Write(first)
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(joined(content(t, src)), joined(content(t, written))); diff != "" {
				t.Errorf("content (-read +written):\n%s", diff)
			}
			second, foundAgain, err := bpmn.Parse(written)
			if err != nil || len(foundAgain) != len(found) {
				t.Fatal(err, found, foundAgain)
			}
			again, err := bpmn.Write(second)
			if err != nil || !bytes.Equal(again, written) {
				t.Errorf("written twice: %v\n%s", err, gocmp.Diff(string(written), string(again)))
			}
		})
	}
}

// joined puts neighbouring texts together: where a decoder cuts them does not count.
func joined(list []string) []string {
	var out []string
	for _, s := range list {
		if last := len(out) - 1; strings.HasPrefix(s, `"`) && last >= 0 && strings.HasPrefix(out[last], `"`) {
			out[last] = strings.TrimSuffix(out[last], `"`) + s[1:]
			continue
		}
		out = append(out, s)
	}
	return out
}

// TestWriteCanonical holds the form: order of attributes, declarations, characters (Canonical XML 1.1, 2.3).
func TestWriteCanonical(t *testing.T) {
	const space = "http://www.omg.org/spec/BPMN/20100524/MODEL"
	src := "\ufeff" + `<?xml version='1.0' standalone='yes'?>  <!-- a -->
<q:definitions  z='1' id = "d" b:y="2" a:z="3" xmlns:q="` + space + `" xmlns:b="urn:a" xmlns:a='urn:b' xmlns="urn:c"
><e xmlns="urn:c" xmlns:b="urn:other" b:x="&quot;&gt;&lt;&#9;&apos;&#13;"/><![CDATA[a < b & c > d]]>` + "\r\n" + `&#13;</q:definitions><!--z-->`
	want := `<?xml version="1.0" encoding="UTF-8"?>
<!-- a -->
<q:definitions xmlns="urn:c" xmlns:a="urn:b" xmlns:b="urn:a" xmlns:q="` + space + `" id="d" z="1" b:y="2" a:z="3">` +
		`<e xmlns:b="urn:other" b:x="&quot;>&lt;&#x9;'&#xD;"></e>a &lt; b &amp; c &gt; d` + "\n&#xD;</q:definitions>\n<!--z-->\n"
	d, _, err := bpmn.Parse([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	written, err := bpmn.Write(d)
	if diff := gocmp.Diff(want, string(written)); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := bpmn.Write(&bpmn.Definitions{}); err == nil {
		t.Error("definitions that were not read can not be written")
	}
}

// TestStylesDeploy reads the executable ones of the files without an error.
func TestStylesDeploy(t *testing.T) {
	for file, warnings := range map[string]int{"modeler8": 0, "modeler7": 4, "flowable": 7} {
		src, err := os.ReadFile("testdata/styles/" + file + ".bpmn")
		if err != nil {
			t.Fatal(err)
		}
		d, found, err := bpmn.Parse(src)
		if err != nil || found.HasErrors() || len(found) != warnings || len(d.Processes) != 1 {
			t.Errorf("%s: %v\n%d %v", file, err, len(found), found)
		}
	}
}
