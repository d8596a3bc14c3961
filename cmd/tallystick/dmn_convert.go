package main

import (
	"bytes"
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
		Short: "Turn a decision table (*.dmn) into a spreadsheet (*.xlsx, *.csv), and back",
		Long: `Turn a decision table into a workbook (--output NAME.xlsx) or CSV, or such a file into DMN. Kept are the hit policy, the
columns with labels, expressions, types, values and defaults, all cells, annotations and the ids of rules; not kept
are ids of cells, diagrams and everything of the file around the table. Of a workbook the first sheet is read; its cells
have to be text, numbers or truth values, not formulas or dates.`,
		Example: `  tallystick dmn convert route-claim.dmn --decision route-claim -o route-claim.xlsx
  tallystick dmn convert route-claim.xlsx -o route-claim.dmn`,
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
	var made []byte
	switch kind := extension(name); kind {
	case ".dmn":
		made, err = toSheet(data, decision, extension(out))
	case ".csv", ".xlsx":
		made, err = toDMN(data, kind)
	default:
		return &usageError{fmt.Errorf("%s is neither .dmn nor .xlsx nor .csv", name)}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if out != "" {
		return os.WriteFile(out, made, 0o644)
	}
	_, err = io.out.Write(made)
	return err
}

func extension(name string) string { return strings.ToLower(filepath.Ext(name)) }

// toSheet writes the table as a workbook, or as CSV where the output has another name or none.
func toSheet(data []byte, decision, kind string) ([]byte, error) {
	sheets, err := rules.ReadSheets(data)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, s := range sheets {
		if s.ID == decision || s.Name == decision || decision == "" && len(sheets) == 1 {
			if kind == ".xlsx" {
				return workbookOf(s.Rows())
			}
			var b bytes.Buffer
			err := csv.NewWriter(&b).WriteAll(s.Rows())
			return b.Bytes(), err
		}
		names = append(names, s.ID)
	}
	return nil, rules.ErrDecision.With("there is no decision table %q; there are %s", decision, strings.Join(names, ", "))
}

// readRows reads the rows of a spreadsheet.
func readRows(data []byte, kind string) ([][]string, error) {
	if kind == ".xlsx" {
		return rowsOf(data)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\uFEFF")))
	r.FieldsPerRecord = -1
	return r.ReadAll()
}

// toDMN refuses a table that would not be deployed.
func toDMN(data []byte, kind string) ([]byte, error) {
	rows, err := readRows(data, kind)
	if err != nil {
		return nil, err
	}
	s, err := rules.SheetOf(rows)
	if err != nil {
		return nil, err
	}
	out := s.DMN()
	_, found, err := rules.Parse(out)
	if err != nil {
		return nil, err
	}
	for _, d := range found {
		if d.Severity == rules.SeverityError {
			return nil, fmt.Errorf("the table is not valid: %s: %s", d.Element, d.Message)
		}
	}
	return out, nil
}
