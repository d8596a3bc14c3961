package rules

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"strings"
)

// The kinds of a SheetColumn.
const (
	SheetInput      = "input"
	SheetOutput     = "output"
	SheetAnnotation = "annotation"
)

// Sheet is a decision with one decision table as a spreadsheet has it: everything that counts for the result, the
// annotations and the labels, but no ids of cells and no diagram.
type Sheet struct {
	ID        string
	Name      string
	HitPolicy string // UNIQUE, COLLECT SUM, …
	Columns   []SheetColumn
	Rules     []SheetRule
}

// SheetColumn is a column: its Text is the expression of an input, the name of an output or annotation.
type SheetColumn struct {
	Kind, Label, Text, Type, Values, Default string
}

// SheetRule is a rule with a cell for every column.
type SheetRule struct {
	ID    string
	Cells []string
}

// ReadSheets reads the decisions of a DMN file whose logic is a decision table.
func ReadSheets(src []byte) ([]Sheet, error) {
	root, err := read(src)
	if err != nil {
		return nil, err
	}
	var sheets []Sheet
	for _, d := range root.all("decision") {
		if t := d.first("decisionTable"); t != nil {
			sheets = append(sheets, sheetOf(d, t))
		}
	}
	return sheets, nil
}

func sheetOf(decision, n *node) Sheet {
	p := policy{name: cmp.Or(n.attr("hitPolicy"), unique), aggregation: n.attr("aggregation")}
	s := Sheet{ID: decision.attr("id"), Name: decision.attr("name"), HitPolicy: p.String()}
	for _, in := range n.all("input") {
		column := SheetColumn{Kind: SheetInput, Label: in.attr("label")}
		if e := in.first("inputExpression"); e != nil {
			column.Text, column.Type = e.childText("text"), typeRef(e)
		}
		if values := in.first("inputValues"); values != nil {
			column.Values = values.childText("text")
		}
		s.Columns = append(s.Columns, column)
	}
	for _, out := range n.all("output") {
		column := SheetColumn{Kind: SheetOutput, Label: out.attr("label"), Text: out.attr("name"), Type: typeRef(out)}
		if values := out.first("outputValues"); values != nil {
			column.Values = values.childText("text")
		}
		if fallback := out.first("defaultOutputEntry"); fallback != nil {
			column.Default = fallback.childText("text")
		}
		s.Columns = append(s.Columns, column)
	}
	for _, note := range n.all("annotation") {
		s.Columns = append(s.Columns, SheetColumn{Kind: SheetAnnotation, Text: note.attr("name")})
	}
	for _, r := range n.all("rule") {
		s.Rules = append(s.Rules, s.rule(r))
	}
	return s
}

func (s Sheet) rule(n *node) SheetRule {
	r := SheetRule{ID: n.attr("id")}
	for _, tag := range []string{"inputEntry", "outputEntry", "annotationEntry"} {
		for _, entry := range n.all(tag) {
			r.Cells = append(r.Cells, entry.childText("text"))
		}
	}
	for len(r.Cells) < len(s.Columns) {
		r.Cells = append(r.Cells, "")
	}
	return r
}

// The heads of the rows above the rules.
var sheetHeads = []string{"column", "label", "text", "type", "values", "default"}

// Rows writes the sheet as rows of cells. The first says what it is, the next six describe the columns, the others
// are the rules; the first cell of each row names it.
func (s Sheet) Rows() [][]string {
	rows := [][]string{{"decision", s.ID, s.Name, s.HitPolicy}}
	for i, head := range sheetHeads {
		row := []string{head}
		for _, c := range s.Columns {
			row = append(row, [...]string{c.Kind, c.Label, c.Text, c.Type, c.Values, c.Default}[i])
		}
		rows = append(rows, row)
	}
	for _, r := range s.Rules {
		rows = append(rows, append([]string{r.ID}, r.Cells...))
	}
	return rows
}

// SheetOf reads what Rows writes; the error is ErrInvalid and names the row. Short rows are filled up.
func SheetOf(rows [][]string) (Sheet, error) {
	at := func(row, column int) string {
		if row < len(rows) && column < len(rows[row]) {
			return strings.TrimSpace(rows[row][column])
		}
		return ""
	}
	if at(0, 0) != "decision" || at(0, 1) == "" {
		return Sheet{}, ErrInvalid.With("row 1: a sheet begins with decision, its id, its name and its hit policy")
	}
	s := Sheet{ID: at(0, 1), Name: at(0, 2), HitPolicy: cmp.Or(at(0, 3), unique)}
	for i, head := range sheetHeads {
		if at(i+1, 0) != head {
			return Sheet{}, ErrInvalid.With("row %d begins with %q instead of %q", i+2, at(i+1, 0), head)
		}
	}
	for column := 1; at(1, column) != ""; column++ {
		c := SheetColumn{at(1, column), at(2, column), at(3, column), at(4, column), at(5, column), at(6, column)}
		if c.Kind != SheetInput && c.Kind != SheetOutput && c.Kind != SheetAnnotation {
			return Sheet{}, ErrInvalid.With("row 2: a column is input, output or annotation, not %q", c.Kind)
		}
		if last := len(s.Columns) - 1; last >= 0 && c.place() < s.Columns[last].place() {
			return Sheet{}, ErrInvalid.With("row 2: inputs come before outputs, and those before annotations")
		}
		s.Columns = append(s.Columns, c)
	}
	for row := 7; row < len(rows); row++ {
		r := SheetRule{ID: at(row, 0)}
		for column := range s.Columns {
			r.Cells = append(r.Cells, at(row, column+1))
		}
		if len(rows[row]) > len(s.Columns)+1 && strings.TrimSpace(strings.Join(rows[row][len(s.Columns)+1:], "")) != "" {
			return Sheet{}, ErrInvalid.With("row %d has more cells than there are columns", row+1)
		}
		if r.ID != "" || strings.Join(r.Cells, "") != "" {
			s.Rules = append(s.Rules, r)
		}
	}
	return s, nil
}

func (c SheetColumn) place() int {
	return map[string]int{SheetInput: 0, SheetOutput: 1, SheetAnnotation: 2}[c.Kind]
}

// DMN writes the sheet as a DMN file with one decision.
func (s Sheet) DMN() []byte {
	name, aggregation, _ := strings.Cut(s.HitPolicy, " ")
	if name != collect {
		name, aggregation = s.HitPolicy, ""
	}
	w := &sheetWriter{}
	w.open("definitions", "xmlns", "https://www.omg.org/spec/DMN/20230324/MODEL/", "id", s.ID+"_model", "name", cmp.Or(s.Name, s.ID), "namespace", "urn:tallystick:"+s.ID)
	w.open("decision", "id", s.ID, "name", cmp.Or(s.Name, s.ID))
	w.open("variable", "name", cmp.Or(s.Name, s.ID))
	w.shut("variable")
	w.open("decisionTable", "id", s.ID+"_table", "hitPolicy", name, "aggregation", aggregation)
	for i, c := range s.Columns {
		w.column(fmt.Sprintf("%s_c%d", s.ID, i+1), c)
	}
	for i, r := range s.Rules {
		w.rule(s, cmp.Or(r.ID, fmt.Sprintf("%s_r%d", s.ID, i+1)), r)
	}
	w.shut("decisionTable")
	w.shut("decision")
	w.shut("definitions")
	return []byte(xml.Header + w.text.String())
}

// sheetWriter writes elements, one on a line.
type sheetWriter struct{ text strings.Builder }

// open writes a start tag; attributes without a value are left out.
func (w *sheetWriter) open(tag string, attributes ...string) {
	w.text.WriteString("<" + tag)
	for i := 0; i < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			w.text.WriteString(" " + attributes[i] + `="` + escaped(attributes[i+1]) + `"`)
		}
	}
	w.text.WriteString(">\n")
}

func (w *sheetWriter) shut(tag string) { w.text.WriteString("</" + tag + ">\n") }

func escaped(text string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		return "" // a builder does not fail
	}
	return b.String()
}

// words writes an element with a text child.
func (w *sheetWriter) words(tag, text string, attributes ...string) {
	w.open(tag, attributes...)
	w.text.WriteString("<text>" + escaped(text) + "</text>\n")
	w.shut(tag)
}

func (w *sheetWriter) column(id string, c SheetColumn) {
	switch c.Kind {
	case SheetAnnotation:
		w.open("annotation", "name", c.Text)
	case SheetInput:
		w.open("input", "id", id, "label", c.Label)
		w.words("inputExpression", c.Text, "typeRef", c.Type)
		if c.Values != "" {
			w.words("inputValues", c.Values)
		}
	default:
		w.open("output", "id", id, "name", c.Text, "label", c.Label, "typeRef", c.Type)
		if c.Values != "" {
			w.words("outputValues", c.Values)
		}
		if c.Default != "" {
			w.words("defaultOutputEntry", c.Default)
		}
	}
	w.shut(c.Kind)
}

func (w *sheetWriter) rule(s Sheet, id string, r SheetRule) {
	w.open("rule", "id", id)
	for i, c := range s.Columns {
		w.words(c.Kind+"Entry", r.Cells[i])
	}
	w.shut("rule")
}
