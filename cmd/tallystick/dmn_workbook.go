package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// The limits of workbooks: that of a cell is the format's own, that of the bytes keeps small files from unpacking
// into large ones.
const (
	workbookCellMax  = 32767
	workbookBytesMax = 64 << 20
	workbookSheet    = "Decision table"
	workbookText     = 49         // the number format "@": spreadsheet programs take what is typed as text
	workbookEscape   = "_x005F_x" // workbooks write characters as _x000D_; a text that says _x itself is written so
)

// workbookOf makes a workbook with one sheet. All cells are text, so that FEEL is neither a formula nor a date.
func workbookOf(rows [][]string) ([]byte, error) {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // removes temporary files, which small workbooks have none of
	if err := f.SetSheetName(f.GetSheetName(0), workbookSheet); err != nil {
		return nil, err
	}
	style, err := f.NewStyle(&excelize.Style{NumFmt: workbookText})
	if err != nil {
		return nil, err
	}
	for y, row := range rows {
		for x, text := range row {
			if err := putCell(f, x+1, y+1, text, style); err != nil {
				return nil, err
			}
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func putCell(f *excelize.File, x, y int, text string, style int) error {
	name, err := excelize.CoordinatesToCellName(x, y)
	if err != nil {
		return err
	}
	if n := len(utf16.Encode([]rune(text))); n > workbookCellMax {
		return fmt.Errorf("cell %s has %d characters, more than the %d of a workbook", name, n, workbookCellMax)
	}
	if err := f.SetCellStyle(workbookSheet, name, name, style); err != nil || text == "" {
		return err
	}
	return f.SetCellStr(workbookSheet, name, strings.ReplaceAll(text, "_x", workbookEscape))
}

// rowsOf reads the first sheet of a workbook; all rows have the same length.
func rowsOf(data []byte) ([][]string, error) {
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: workbookBytesMax, UnzipXMLSizeLimit: workbookBytesMax,
	})
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // removes temporary files, which small workbooks have none of
	sheet := f.GetSheetName(0)
	shown, err := f.GetRows(sheet)
	if err != nil {
		return nil, err
	}
	width := 0
	for _, row := range shown {
		width = max(width, len(row))
	}
	rows := make([][]string, len(shown))
	for y, row := range shown {
		rows[y] = make([]string, width)
		for x := range row {
			if rows[y][x], err = cellOf(f, sheet, x+1, y+1); err != nil {
				return nil, err
			}
		}
	}
	return rows, nil
}

// cellOf reads a cell as it was written. What a format shows otherwise, a date or a share, is not what the cell
// holds and is refused, as formulas are.
func cellOf(f *excelize.File, sheet string, x, y int) (string, error) {
	name, err := excelize.CoordinatesToCellName(x, y)
	if err != nil {
		return "", err
	}
	if formula, err := f.GetCellFormula(sheet, name); err != nil || formula != "" {
		return "", fmt.Errorf("cell %s is the formula %q, not FEEL: format it as text", name, formula)
	}
	kind, err := f.GetCellType(sheet, name)
	if err != nil {
		return "", err
	}
	shown, err := f.GetCellValue(sheet, name)
	switch {
	case err != nil || shown == "" || kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString:
		return shown, err
	case kind == excelize.CellTypeBool:
		return strings.ToLower(shown), nil
	}
	raw, err := f.GetCellValue(sheet, name, excelize.Options{RawCellValue: true})
	if err != nil {
		return "", err
	}
	number, bad := strconv.ParseFloat(raw, 64)
	if _, formatted := strconv.ParseFloat(shown, 64); bad != nil || formatted != nil {
		return "", fmt.Errorf("cell %s shows %q, but holds %s: write FEEL and format it as text", name, shown, raw)
	}
	return strconv.FormatFloat(number, 'f', -1, 64), nil
}
