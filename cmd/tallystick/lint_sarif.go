package main

import (
	"maps"
	"path/filepath"
	"slices"
)

// The parts of a SARIF 2.1.0 log that findings need.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID            string         `json:"id"`
		Description   *sarifText     `json:"shortDescription,omitempty"`
		Configuration *sarifSeverity `json:"defaultConfiguration,omitempty"`
	}
	sarifSeverity struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		Line   int `json:"startLine"`
		Column int `json:"startColumn,omitempty"`
	}
	sarifLogical struct {
		Name string `json:"name"`
		Kind string `json:"kind"`
	}
)

// sarifLevels are the severities in the words of SARIF.
var sarifLevels = map[string]string{"info": "note", "warning": "warning", "error": "error"}

// printSARIF writes the findings as a SARIF log, which code hosts show beside the lines.
func printSARIF(io stdio, found []finding) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "tallystick lint", Version: build()}
	index := map[string]int{}
	run.Tool.Driver.Rules = sarifRules(found, index)
	for _, f := range found {
		location := sarifLocation{Physical: sarifPhysical{Artifact: sarifArtifact{filepath.ToSlash(f.File)}}}
		if f.Line > 0 {
			location.Physical.Region = &sarifRegion{f.Line, f.Column}
		}
		if f.Element != "" {
			location.Logical = []sarifLogical{{f.Element, "element"}}
		}
		run.Results = append(run.Results, sarifResult{
			RuleID: f.Rule, RuleIndex: index[f.Rule], Level: sarifLevels[f.Severity],
			Message: sarifText{f.Message}, Locations: []sarifLocation{location},
		})
	}
	return printIndented(io, sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run},
	})
}

// sarifRules describes the rules that have findings; index gets their places.
func sarifRules(found []finding, index map[string]int) []sarifRule {
	for _, f := range found {
		index[f.Rule] = 0
	}
	rules := []sarifRule{}
	help := lintHelp()
	for i, id := range slices.Sorted(maps.Keys(index)) {
		index[id] = i
		r := sarifRule{ID: id}
		if h, known := help[id]; known {
			r.Description, r.Configuration = &sarifText{h.text}, &sarifSeverity{sarifLevels[h.severity]}
		}
		rules = append(rules, r)
	}
	return rules
}
