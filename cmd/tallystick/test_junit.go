package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"
)

// junitSuites is the part of JUnit's XML that build servers read.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

// junitSuite is a folder of scenarios.
type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
	took     float64
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	File    string        `xml:"file,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitFailure `xml:"failure"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes the results, one suite for each folder in the order of the run.
func writeJUnit(w io.Writer, results []scenarioResult) error {
	var all junitSuites
	total := 0.0
	for _, r := range results {
		folder, name := path.Split(filepath.ToSlash(r.Name))
		folder = strings.TrimSuffix(folder, "/")
		if len(all.Suites) == 0 || all.Suites[len(all.Suites)-1].Name != folder {
			all.Suites = append(all.Suites, junitSuite{Name: folder})
		}
		suite := &all.Suites[len(all.Suites)-1]
		suite.add(folder, strings.TrimSuffix(name, ".txtar"), r)
		all.Tests++
		if !r.OK() {
			all.Failures++
		}
		total += r.took.Seconds()
	}
	all.Time = seconds(total)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	return enc.Encode(all)
}

func (s *junitSuite) add(class, name string, r scenarioResult) {
	c := junitCase{Class: class, Name: name, File: r.Name, Time: seconds(r.took.Seconds())}
	if !r.OK() {
		c.Failure = &junitFailure{Message: fmt.Sprintf("%d blocks differ or cannot be carried out", len(r.Failures)), Text: r.String()}
		s.Failures++
	}
	s.Tests++
	s.took += r.took.Seconds()
	s.Time = seconds(s.took)
	s.Cases = append(s.Cases, c)
}

func seconds(s float64) string { return fmt.Sprintf("%.3f", s) }
