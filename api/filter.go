package api

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tallystick/internal/canon"
	"tallystick/query"
)

// kind is the type of a field of a filter; it decides which operators and values fit.
type kind int

const (
	words   kind = iota // text
	labels              // a text of a fixed set in capitals; requests may write it in any case
	keys                // engine-made key
	numbers             // whole number
	flags               // true or false
	moments             // date-time
	lists               // a list of texts, all of which have to match
	values              // a JSON document in a text
)

var equalities = []query.Op{query.Eq, query.Neq, query.Exists, query.In, query.NotIn}

var comparisons = append(slices.Clone(equalities), query.Gt, query.Gte, query.Lt, query.Lte)

var operators = map[kind][]query.Op{
	words: append(slices.Clone(equalities), query.Like), labels: append(slices.Clone(equalities), query.Like),
	values: append(slices.Clone(equalities), query.Like),
	keys:   equalities, numbers: comparisons, moments: comparisons,
	flags: {query.Eq, query.Neq, query.Exists}, lists: nil,
}

// document is a filter as it came; what its fields mean follows from the table of the resource.
type document canon.JSON

func (d *document) read(j canon.JSON, at string, f *findings) {
	f.object(j, at, func(map[string]canon.JSON) { *d = document(j) })
}

// filter reads the conditions of a search into q.
func (f *findings) filter(j canon.JSON, t *table, at string, q *query.Request) {
	given := j.Fields()
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if f.full() {
			return
		}
		where := join(at, name)
		switch local, variables := t.variables[name]; {
		case name == "$or" && t.or:
			f.alternatives(given[name], t, where, q)
		case variables:
			f.variables(given[name], local, where, q)
		default:
			q.Conds = append(q.Conds, f.conditions(name, given[name], t, where)...)
		}
	}
}

// alternatives reads the list under $or; its filters hold fields only.
func (f *findings) alternatives(j canon.JSON, t *table, at string, q *query.Request) {
	items := j.Items()
	if len(items) == 0 {
		f.add(at, fieldType, "a list of filters is expected")
		return
	}
	for i, item := range items {
		where := fmt.Sprintf("%s[%d]", at, i)
		if !f.room(where) {
			return
		}
		f.object(item, where, func(given map[string]canon.JSON) {
			var group []query.Cond
			for _, name := range slices.Sorted(maps.Keys(given)) {
				if f.full() {
					return
				}
				group = append(group, f.conditions(name, given[name], t, join(where, name))...)
			}
			q.Any = append(q.Any, group)
		})
	}
}

// conditions reads one field: a value, or an object of operators that all have to hold.
func (f *findings) conditions(name string, j canon.JSON, t *table, at string) []query.Cond {
	k, ok := t.filter[name]
	if !ok {
		f.add(at, fieldUnknown, "there is no such field to filter by%s", suggestion(f, name, t.filter))
		return nil
	}
	if k == lists {
		return f.all(name, j, at)
	}
	var conds []query.Cond
	f.compared(j, k, at, func(op query.Op, v any) {
		conds = append(conds, query.Cond{Field: name, Op: op, Value: v})
	})
	return conds
}

// all reads a list every item of which has to match.
func (f *findings) all(name string, j canon.JSON, at string) []query.Cond {
	items := j.Items()
	if items == nil {
		f.add(at, fieldType, "a list of texts is expected")
	}
	var conds []query.Cond
	for i, item := range items {
		where := fmt.Sprintf("%s[%d]", at, i)
		if !f.room(where) || !f.roomApart(where) {
			break
		}
		text := f.text(item, where)
		conds = append(conds, query.Cond{Field: name, Op: query.Eq, Value: text})
	}
	return conds
}

// compared reads a value or an object of operators.
func (f *findings) compared(j canon.JSON, k kind, at string, use func(query.Op, any)) {
	ops := j.Fields()
	if ops == nil {
		if j.IsNull() {
			f.add(at, fieldValue, `null is no value to filter by; write {"$exists": false}`)
			return
		}
		if f.room(at) {
			use(query.Eq, f.scalar(j, k, at))
		}
		return
	}
	if len(ops) == 0 {
		f.add(at, fieldValue, "the object has no operator")
	}
	for _, name := range slices.Sorted(maps.Keys(ops)) {
		if f.full() {
			return
		}
		op := query.Op(name)
		if !slices.Contains(operators[k], op) {
			f.add(join(at, name), fieldUnknown, "the field does not take this operator; it takes %s", spelled(operators[k]))
			continue
		}
		if f.room(join(at, name)) {
			use(op, f.operand(ops[name], k, op, join(at, name)))
		}
	}
}

func spelled(ops []query.Op) string {
	names := make([]string, len(ops))
	for i, op := range ops {
		names[i] = string(op)
	}
	return strings.Join(names, ", ")
}

func (f *findings) operand(j canon.JSON, k kind, op query.Op, at string) any {
	switch op {
	case query.Exists:
		return f.flag(j, at)
	case query.Like:
		if k == labels {
			return strings.ToUpper(f.pattern(j, at))
		}
		return f.pattern(j, at)
	case query.In, query.NotIn:
		return f.set(j, k, at)
	}
	return f.scalar(j, k, at)
}

// set reads the list of values of $in and $notIn.
func (f *findings) set(j canon.JSON, k kind, at string) []any {
	items := j.Items()
	if items == nil {
		f.add(at, fieldType, "a list is expected")
	}
	if f.listed += len(items); f.listed > listedMax {
		f.add(at, fieldValue, "the lists of the filter have more than %d values", listedMax)
		return nil
	}
	list := make([]any, len(items))
	for i, item := range items {
		if f.full() {
			return nil
		}
		list[i] = f.scalar(item, k, fmt.Sprintf("%s[%d]", at, i))
	}
	return list
}

// scalar reads one value in the type that the read side takes.
func (f *findings) scalar(j canon.JSON, k kind, at string) any {
	switch k {
	case keys:
		return f.key(j, at)
	case numbers:
		return f.whole(j, at)
	case flags:
		return f.flag(j, at)
	case moments:
		return f.time(j, at).Truncate(time.Microsecond)
	case labels:
		return strings.ToUpper(f.text(j, at))
	case values:
		return f.serialized(j, at)
	}
	return f.text(j, at)
}

// serialized reads the value of a variable: JSON in a text, as clients send it, or JSON itself.
func (f *findings) serialized(j canon.JSON, at string) string {
	text, ok := j.Text()
	if !ok {
		return string(j)
	}
	value, err := canon.Parse([]byte(text))
	if err != nil {
		f.add(at, fieldValue, `the text is not JSON; the text a is written "\"a\""`)
	}
	return string(value)
}

// variables reads a list of conditions on variables.
func (f *findings) variables(j canon.JSON, local bool, at string, q *query.Request) {
	items := j.Items()
	if items == nil {
		f.add(at, fieldType, "a list of {name, value} is expected")
	}
	for i, item := range items {
		where := fmt.Sprintf("%s[%d]", at, i)
		var v struct {
			Name  string     `json:"name" api:"required"`
			Value canon.JSON `json:"value" api:"required"`
		}
		before := len(f.list)
		f.bindInto(item, &v, where)
		if f.full() {
			return
		}
		if len(f.list) > before {
			continue
		}
		f.compared(v.Value, values, where+".value", func(op query.Op, value any) {
			if !f.roomApart(where) {
				return
			}
			q.Variables = append(q.Variables, query.VariableCond{Name: v.Name, Op: op, Value: value, Local: local})
		})
	}
}
