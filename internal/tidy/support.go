package tidy

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// The table of elements, and the scenarios that show what it says.
const (
	supportTable    = "docs/bpmn-support.md"
	scenarioFolder  = "testdata/scenarios"
	scenariosPerRow = 2 // one plain, one nasty
)

var scenarioName = regexp.MustCompile("`([a-z0-9-]+)`")

// supportRow is a row of a table whose head is | Element | Here | Notes | Scenarios |.
type supportRow struct {
	element, here string
	scenarios     []string
	line          int
}

// Support reports rows of docs/bpmn-support.md that are not shown by scenarios: an element that runs has two at
// least, every scenario that is named exists, and every scenario is named by a row.
func Support(t *Tree) []Finding {
	var existing []string
	for _, p := range t.Paths {
		if path.Dir(p) == scenarioFolder && path.Ext(p) == ".txtar" {
			existing = append(existing, strings.TrimSuffix(path.Base(p), ".txtar"))
		}
	}
	text, err := t.read(supportTable)
	if err != nil {
		if len(existing) == 0 {
			return nil
		}
		return []Finding{{supportTable, 0, "is missing; it must say which element the scenarios show"}}
	}
	rows, found := supportRows(text)
	named := map[string]bool{}
	for _, r := range rows {
		for _, s := range r.scenarios {
			named[s] = true
			if !slices.Contains(existing, s) {
				found = append(found, Finding{supportTable, r.line, fmt.Sprintf("%s: there is no scenario %s", r.element, s)})
			}
		}
		found = append(found, r.check()...)
	}
	for _, s := range existing {
		if !named[s] {
			found = append(found, Finding{scenarioFolder + "/" + s + ".txtar", 0, "no row of " + supportTable + " names it"})
		}
	}
	return sorted(found)
}

func (r supportRow) check() []Finding {
	complain := func(format string, args ...any) []Finding {
		return []Finding{{supportTable, r.line, r.element + ": " + fmt.Sprintf(format, args...)}}
	}
	switch {
	case r.here != "runs" && r.here != "model" && r.here != "refused":
		return complain("%q is not runs, model or refused", r.here)
	case r.here == "runs" && len(r.scenarios) < scenariosPerRow:
		return complain("it runs, but %d of %d scenarios show it", len(r.scenarios), scenariosPerRow)
	}
	return nil
}

// supportRows reads the tables of elements; other tables are left alone.
func supportRows(text string) (rows []supportRow, found []Finding) {
	inside := false
	for i, line := range strings.Split(text, "\n") {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for n := range cells {
			cells[n] = strings.TrimSpace(cells[n])
		}
		switch {
		case !strings.HasPrefix(line, "|"):
			inside = false
		case slices.Equal(cells, []string{"Element", "Here", "Notes", "Scenarios"}):
			inside = true
		case !inside || strings.HasPrefix(line, "|---"):
		case len(cells) != 4:
			found = append(found, Finding{supportTable, i + 1, fmt.Sprintf("the row has %d cells, not 4", len(cells))})
		default:
			r := supportRow{element: cells[0], here: cells[1], line: i + 1}
			for _, m := range scenarioName.FindAllStringSubmatch(cells[3], -1) {
				r.scenarios = append(r.scenarios, m[1])
			}
			rows = append(rows, r)
		}
	}
	return rows, found
}
