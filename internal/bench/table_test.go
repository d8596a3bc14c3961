package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"text/tabwriter"
)

// figure is one number of the table: the median of its runs with the lowest and the highest.
type figure struct {
	Name   string  `json:"name"` // workload/database/clients/door/what
	Unit   string  `json:"unit"`
	Goal   string  `json:"goal,omitempty"`
	Median float64 `json:"median"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Runs   int     `json:"runs"`
}

// summarize makes a figure of the values of several runs.
func summarize(name, unit string, values ...float64) figure {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return figure{
		Name: name, Unit: unit, Runs: n, Low: sorted[0], High: sorted[n-1],
		Median: (sorted[(n-1)/2] + sorted[n/2]) / 2,
	}
}

func (f figure) aimingAt(goal string) figure {
	f.Goal = goal
	return f
}

// table is what a run of the benchmark measured, and on what.
type table struct {
	Commit  string   `json:"commit"`
	CPU     string   `json:"cpu"`
	Cores   int      `json:"cores"`
	Figures []figure `json:"figures"`

	out io.Writer
}

// add keeps figures and prints each as it comes: a run takes minutes.
func (t *table) add(figures ...figure) {
	for _, f := range figures {
		t.Figures = append(t.Figures, f)
		goal := ""
		if f.Goal != "" {
			goal = "   goal " + f.Goal
		}
		fmt.Fprintf(t.out, "%-52s %12s %-10s %9s … %s in %d%s\n", f.Name, short(f.Median), f.Unit, short(f.Low), short(f.High), f.Runs, goal)
	}
}

// note prints what is no figure.
func (t *table) note(format string, args ...any) { fmt.Fprintf(t.out, format+"\n", args...) }

func (t *table) find(name string) (figure, bool) {
	i := slices.IndexFunc(t.Figures, func(f figure) bool { return f.Name == name })
	if i < 0 {
		return figure{}, false
	}
	return t.Figures[i], true
}

// short writes a number with three or four significant digits.
func short(v float64) string {
	switch {
	case v >= 100 || v <= -100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

// columns of the summary, by the last part of a figure's name.
var columns = []string{
	"instances/s", "commands/s", "p50", "p99", "limit", "share", "plain", "cpu", "cpu-db", "cpu-instance", "written", "allocated", "allocations", "rss",
}

// summary prints one line per combination of workload, database, clients and door.
func (t *table) summary() {
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer w.Flush()
	fmt.Fprintf(w, "\nworkload/database/clients/door\tinst/s\tcmd/s\tp50 ms\tp99 ms\tlimit cmd/s\tshare %%\tplain cmd/s\t"+
		"cpu ms/cmd\tdb cpu ms/cmd\tboth ms/inst\tKiB written/cmd\tKiB alloc/cmd\tallocs/cmd\tRSS MiB\t\n")
	for _, f := range t.Figures {
		base, isFirst := strings.CutSuffix(f.Name, "/instances/s")
		if !isFirst {
			continue
		}
		fmt.Fprint(w, base)
		for _, c := range columns {
			if f, ok := t.find(base + "/" + c); ok {
				fmt.Fprintf(w, "\t%s", short(f.Median))
			} else {
				fmt.Fprint(w, "\t–")
			}
		}
		fmt.Fprint(w, "\t\n")
	}
}

// compare prints every figure as a multiple of the same one in an older run.
func (t *table) compare(file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var base table
	if err := json.Unmarshal(data, &base); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer w.Flush()
	fmt.Fprintf(w, "\nfigure\tunit\t%s\t%s\tratio\t\n", base.Commit, t.Commit)
	for _, f := range t.Figures {
		if old, ok := base.find(f.Name); ok && old.Median != 0 {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t×%.2f\t\n", f.Name, f.Unit, short(old.Median), short(f.Median), f.Median/old.Median)
		}
	}
	return nil
}

// save writes the figures for a later comparison.
func (t *table) save(file string) error {
	data, err := json.MarshalIndent(t, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(data, '\n'), 0o644)
}

// selected reports whether the patterns, separated by commas, take a name: "W2/postgres/64" takes everything
// below it, "*/sqlite" every workload on SQLite. No pattern takes all.
func selected(patterns, name string) bool {
	if patterns == "" {
		return true
	}
	parts := strings.Split(name, "/")
	return slices.ContainsFunc(strings.Split(patterns, ","), func(pattern string) bool {
		for i, want := range strings.Split(pattern, "/") {
			if i >= len(parts) { // the name stands for what is below it
				break
			}
			if ok, err := path.Match(want, parts[i]); err != nil || !ok {
				return false
			}
		}
		return true
	})
}
