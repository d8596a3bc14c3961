package store

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tallystick/query"
)

// kind is the type of a field; it decides which operators and values fit.
type kind int

const (
	opaque kind = iota // shown, never asked for
	words              // text
	number             // integer
	key                // engine-made key
	flag               // boolean expression
	moment             // stored time
)

// field is the SQL of one attribute.
type field struct {
	name string // JSON name
	kind kind
	expr string
	null bool // may be NULL
	// heads is how many characters of the text an index holds, 0 when there is no index.
	heads int
	// sorts takes the place of expr in the order, whose values are in the cursors.
	sorts string
	// span is the key column whose range follows from the value: keys carry their instance.
	span string
	// through wraps the condition, with %s for it, when the field is in another table. Such a field can
	// be asked for but not sorted by.
	through string
	// of takes the place of through where all conditions of a filter group hold for one row of the other table.
	of *row
}

// elsewhere reports whether the field is in another table.
func (f field) elsewhere() bool { return f.through != "" || f.of != nil }

// pred is a piece of a WHERE clause with its arguments.
type pred struct {
	sql  string
	args []any
}

var (
	always = pred{sql: "TRUE"}
	never  = pred{sql: "FALSE"}
)

// all joins with AND; nothing is true.
func all(parts ...pred) pred { return joined(" AND ", always, parts) }

// either joins with OR; nothing is false.
func either(parts ...pred) pred { return joined(" OR ", never, parts) }

func joined(word string, none pred, parts []pred) pred {
	var texts []string
	var args []any
	for _, p := range parts {
		texts = append(texts, "("+p.sql+")")
		args = append(args, p.args...)
	}
	if len(texts) == 0 {
		return none
	}
	return pred{sql: strings.Join(texts, word), args: args}
}

// operators lists what each kind of field takes.
var operators = map[kind][]query.Op{
	words:  {query.Eq, query.Neq, query.Exists, query.In, query.NotIn, query.Like},
	number: {query.Eq, query.Neq, query.Exists, query.In, query.NotIn, query.Gt, query.Gte, query.Lt, query.Lte},
	key:    {query.Eq, query.Neq, query.Exists, query.In, query.NotIn},
	flag:   {query.Eq, query.Neq, query.Exists},
	moment: {query.Eq, query.Neq, query.Exists, query.In, query.NotIn, query.Gt, query.Gte, query.Lt, query.Lte},
}

var comparisons = map[query.Op]string{query.Gt: " > ?", query.Gte: " >= ?", query.Lt: " < ?", query.Lte: " <= ?"}

// compared is compare for operators that the kind of the field takes.
func (f field) compared(d dialect, op query.Op, value any) (p pred, negated bool, err error) {
	if !slices.Contains(operators[f.kind], op) {
		return pred{}, false, ErrField.With("the field %q does not take the operator %s", f.name, op)
	}
	return f.compare(d, op, value)
}

// condition is the SQL of one comparison that stands for itself.
func (f field) condition(d dialect, op query.Op, value any) (pred, error) {
	p, negated, err := f.compared(d, op, value)
	if err != nil {
		return pred{}, err
	}
	if f.through != "" {
		p.sql = fmt.Sprintf(f.through, p.sql)
	}
	if negated {
		p.sql = "NOT (" + p.sql + ")"
	}
	return p, nil
}

// compare is the comparison inside the table of the field. Where that is another table, a negative
// operator is the negation of the positive one: "no candidate group is x".
func (f field) compare(d dialect, op query.Op, value any) (p pred, negated bool, err error) {
	elsewhere := f.elsewhere()
	switch op {
	case query.Exists:
		yes, ok := value.(bool)
		if !ok {
			return pred{}, false, f.unfit(value)
		}
		if elsewhere {
			return pred{sql: f.expr + " IS NOT NULL"}, !yes, nil
		}
		return existence(f.expr, yes), false, nil
	case query.In, query.NotIn:
		values, err := f.values(value)
		if err != nil {
			return pred{}, false, err
		}
		p := f.in(values)
		return f.negate(p, op == query.NotIn, elsewhere)
	case query.Like:
		s, ok := value.(string)
		if !ok {
			return pred{}, false, f.unfit(value)
		}
		return pred{sql: f.expr + " " + d.like + " ?", args: []any{text(d.pattern(s))}}, false, nil
	}
	v, err := f.value(value)
	if err != nil {
		return pred{}, false, err
	}
	if symbol, ok := comparisons[op]; ok {
		return pred{sql: f.expr + symbol, args: []any{v}}, false, nil
	}
	return f.negate(f.equal(v), op == query.Neq, elsewhere)
}

func existence(expr string, yes bool) pred {
	if yes {
		return pred{sql: expr + " IS NOT NULL"}
	}
	return pred{sql: expr + " IS NULL"}
}

// negate turns p around when asked to; in the same table NULL is unlike every value.
func (f field) negate(p pred, not, elsewhere bool) (pred, bool, error) {
	if !not || elsewhere {
		return p, not, nil
	}
	p.sql = "NOT (" + p.sql + ")"
	if f.null {
		p.sql += " OR " + f.expr + " IS NULL"
	}
	return p, false, nil
}

// equal compares with one value, so that an index on the head of the text or the range of the instance
// can be used.
func (f field) equal(v any) pred {
	p := pred{sql: f.expr + " = ?", args: []any{v}}
	switch x := v.(type) {
	case bool:
		if x {
			return pred{sql: f.expr}
		}
		return pred{sql: "NOT (" + f.expr + ")"}
	case text:
		if f.heads > 0 {
			p.sql += fmt.Sprintf(" AND substr(%s, 1, %d) = ?", f.expr, f.heads)
			p.args = append(p.args, head(string(x), f.heads))
		}
	case int64:
		if f.span != "" {
			first := x &^ span // the instance, also when the value is a key inside it
			p.sql += " AND " + f.span + " BETWEEN ? AND ?"
			p.args = append(p.args, first, first|span)
		}
	}
	return p
}

func (f field) in(values []any) pred {
	if len(values) == 0 {
		return never
	}
	return pred{sql: f.expr + " IN (?)", args: []any{bun.List(values)}}
}

func (f field) values(v any) ([]any, error) {
	items, ok := v.([]any)
	if !ok {
		return nil, f.unfit(v)
	}
	values := make([]any, len(items))
	for i, item := range items {
		var err error
		if values[i], err = f.value(item); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// value brings a value into the form in which it is stored.
func (f field) value(v any) (any, error) {
	switch x := v.(type) {
	case string:
		if f.kind == words {
			return text(clean(x)), nil
		}
	case int64:
		if f.kind == number || f.kind == key {
			return x, nil
		}
	case int:
		if f.kind == number || f.kind == key {
			return int64(x), nil
		}
	case query.Key:
		if f.kind == key {
			return int64(x), nil
		}
	case bool:
		if f.kind == flag {
			return x, nil
		}
	case time.Time:
		if f.kind == moment {
			return micros(x), nil
		}
	}
	return nil, f.unfit(v)
}

func (f field) unfit(v any) error {
	return ErrField.With("the field %q does not take a value of type %T", f.name, v)
}
