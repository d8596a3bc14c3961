package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"tallystick/engine/enginetest"
)

// printCoverage prints a line for each process, and what was not reached below it.
func printCoverage(w io.Writer, processes []enginetest.ProcessCoverage) {
	table := tabwriter.NewWriter(w, 2, 4, 2, ' ', 0)
	for _, p := range processes {
		e, f := p.ElementsReached(), p.FlowsReached()
		fmt.Fprintf(table, "%s\telements %d/%d\t%d%%\tflows %d/%d\t%d%%\n", p.ID,
			e.Reached, e.Total, e.Percent(), f.Reached, f.Total, f.Percent())
	}
	table.Flush() //nolint:errcheck // a broken terminal leaves nobody to tell
	for _, p := range processes {
		if missed := notReached(p); len(missed) > 0 {
			fmt.Fprintf(w, "not reached in %s: %s\n", p.ID, strings.Join(missed, ", "))
		}
	}
}

// notReached names elements by id, and flows between elements that were reached.
func notReached(p enginetest.ProcessCoverage) []string {
	var missed []string
	reached := map[string]bool{}
	for _, e := range p.Elements {
		if reached[e.ID] = e.Count > 0; e.Count == 0 {
			missed = append(missed, e.ID)
		}
	}
	for _, f := range p.Flows {
		if f.Count == 0 && reached[f.Source] && reached[f.Target] {
			missed = append(missed, f.Source+" -> "+f.Target)
		}
	}
	return missed
}

// coverageFile is the JSON form of the coverage of a run.
type coverageFile struct {
	Processes []processCoverageFile `json:"processes"`
}

type processCoverageFile struct {
	enginetest.ProcessCoverage
	ElementCoverage enginetest.Reached `json:"elementCoverage"`
	FlowCoverage    enginetest.Reached `json:"flowCoverage"`
}

// writeCoverageJSON writes every element and flow with how often it was reached.
func writeCoverageJSON(w io.Writer, processes []enginetest.ProcessCoverage) error {
	file := coverageFile{Processes: []processCoverageFile{}}
	for _, p := range processes {
		file.Processes = append(file.Processes, processCoverageFile{p, p.ElementsReached(), p.FlowsReached()})
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(file)
}
