package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
)

// column is one column of a table: its heading and the field of the answer that it shows.
type column struct {
	head, field string
	show        func(any) string
}

var variableColumns = []column{{"VARIABLE", "name", nil}, {"VALUE", "value", nil}}

// print writes rows as a table or as one JSON document.
func (r *remote) print(rows []map[string]any, columns ...column) error {
	if r.format == "json" {
		if rows == nil {
			rows = []map[string]any{}
		}
		return r.printJSON(rows)
	}
	w := tabwriter.NewWriter(r.io.out, 2, 4, 2, ' ', 0)
	heads := make([]string, len(columns))
	for i, c := range columns {
		heads[i] = c.head
	}
	fmt.Fprintln(w, strings.Join(heads, "\t"))
	for _, row := range rows {
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = c.cell(row)
		}
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	return w.Flush()
}

// printJSON writes one indented JSON document.
func (r *remote) printJSON(v any) error {
	enc := json.NewEncoder(r.io.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// cell renders one field of a row; absent values are a dash.
func (c column) cell(row map[string]any) string {
	v := row[c.field]
	if c.show != nil && v != nil {
		return c.show(v)
	}
	switch v := v.(type) {
	case nil:
		return "-"
	case string:
		if v == "" {
			return "-"
		}
		return v
	case []any:
		parts := make([]string, len(v))
		for i, x := range v {
			parts[i] = fmt.Sprint(x)
		}
		if len(parts) == 0 {
			return "-"
		}
		return strings.Join(parts, ",")
	default:
		return fmt.Sprint(v)
	}
}
