package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tallystick/rules"
)

func newDMNConvert(io stdio) *cobra.Command {
	var decision, out string
	cmd := &cobra.Command{
		Use:   "convert FILE",
		Short: "Turn a decision table (*.dmn) into a spreadsheet (*.csv), and back",
		Long: `Turn a decision table into CSV, which every spreadsheet program opens, or such a file into DMN. Kept are the hit policy,
the columns with labels, expressions, types, values and defaults, all cells, annotations and the ids of rules; not kept
are ids of cells, diagrams and everything of the file around the table.`,
		Example: `  tallystick dmn convert route-claim.dmn --decision route-claim -o route-claim.csv
  tallystick dmn convert route-claim.csv -o route-claim.dmn`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return convert(args[0], decision, out, io) },
	}
	cmd.Flags().StringVar(&decision, "decision", "", "id or name; not needed where there is only one table")
	cmd.Flags().StringVarP(&out, "output", "o", "", "the file to write; standard output without it")
	return cmd
}

func convert(name, decision, out string, io stdio) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var text string
	switch strings.ToLower(filepath.Ext(name)) {
	case ".dmn":
		text, err = toCSV(data, decision)
	case ".csv":
		text, err = toDMN(string(data))
	default:
		return &usageError{fmt.Errorf("%s is neither .dmn nor .csv", name)}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if out != "" {
		return os.WriteFile(out, []byte(text), 0o644)
	}
	fmt.Fprint(io.out, text)
	return nil
}

func toCSV(data []byte, decision string) (string, error) {
	sheets, err := rules.ReadSheets(data)
	if err != nil {
		return "", err
	}
	var names []string
	for _, s := range sheets {
		if s.ID == decision || s.Name == decision || decision == "" && len(sheets) == 1 {
			var b strings.Builder
			w := csv.NewWriter(&b)
			err := w.WriteAll(s.Rows())
			return b.String(), err
		}
		names = append(names, s.ID)
	}
	return "", rules.ErrDecision.With("there is no decision table %q; there are %s", decision, strings.Join(names, ", "))
}

// toDMN refuses a table that would not be deployed.
func toDMN(text string) (string, error) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\uFEFF")))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		return "", err
	}
	s, err := rules.SheetOf(rows)
	if err != nil {
		return "", err
	}
	out := s.DMN()
	_, found, err := rules.Parse(out)
	if err != nil {
		return "", err
	}
	for _, d := range found {
		if d.Severity == rules.SeverityError {
			return "", fmt.Errorf("the table is not valid: %s: %s", d.Element, d.Message)
		}
	}
	return string(out), nil
}
