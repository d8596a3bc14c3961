package store

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"tallystick/query"
)

// The sizes of pages.
const (
	pageUsual = 100
	pageMost  = 10_000
	pageBytes = 32 << 20 // a page ends behind the row that makes it larger than this
)

// resource is one searchable thing: where it comes from and the table of its attributes.
type resource[T any] struct {
	from       string
	attributes []attribute[T]
	key        string // the attribute that is unique and breaks ties
	below      string // with the key unique together, where the key alone is not; "" otherwise
	access     func(query.Access) pred
	// variables is the condition on a variable; nil when the resource has none.
	variables func(dialect, query.VariableCond) (pred, error)
	// complete fills in what is not in the row; nil when everything is.
	complete func(context.Context, *DB, []T) error
}

// attribute is one field of a view: its JSON name, its SQL and where its value goes. Without a
// destination it can only be asked for.
type attribute[T any] struct {
	field
	to func(*T) any
}

// find returns an attribute's field by its JSON name.
func (r *resource[T]) find(name string) (field, bool) {
	for _, a := range r.attributes {
		if a.name == name && a.kind != opaque {
			return a.field, true
		}
	}
	return field{}, false
}

// search answers a request. extra are conditions that the request does not name.
func search[T any](ctx context.Context, d *DB, r *resource[T], q query.Request, extra ...pred) (query.Result[T], error) {
	var none query.Result[T]
	where, err := r.where(d.dialect, q)
	if err != nil {
		return none, err
	}
	where = all(append(extra, where)...)
	p, err := r.page(q)
	if err != nil {
		return none, err
	}
	p.bytes = pageBytes
	got, err := r.fetch(ctx, d, d.read, where, p)
	if err != nil {
		return none, err
	}
	result := query.Result[T]{Items: got.items, Total: int64(len(got.items))}
	if n := len(got.at); n > 0 {
		result.Start, result.End = p.cursor(got.at[0]), p.cursor(got.at[n-1])
	}
	// A first page that is not full holds everything there is.
	if p.whole && !got.cut && len(got.items) < p.limit {
		return result, nil
	}
	result.Total, result.More, err = count(ctx, d, r.from, where)
	return result, err
}

// where is everything a request asks for but the page.
func (r *resource[T]) where(d dialect, q query.Request) (pred, error) {
	parts := []pred{r.access(q.Access)}
	conds, err := r.conditions(d, q.Conds)
	if err != nil {
		return pred{}, err
	}
	parts = append(parts, conds)
	var groups []pred
	for _, group := range q.Any {
		g, err := r.conditions(d, group)
		if err != nil {
			return pred{}, err
		}
		groups = append(groups, g)
	}
	if len(groups) > 0 {
		parts = append(parts, either(groups...))
	}
	for _, v := range q.Variables {
		if r.variables == nil {
			return pred{}, ErrField.With("there are no variables to filter by")
		}
		p, err := r.variables(d, v)
		if err != nil {
			return pred{}, err
		}
		parts = append(parts, p)
	}
	return all(parts...), nil
}

// conditions are those of one filter group: all of them hold, those on a row of another table for the same one.
func (r *resource[T]) conditions(d dialect, conds []query.Cond) (pred, error) {
	var parts []pred
	var rows groups
	for _, c := range conds {
		f, ok := r.find(c.Field)
		if !ok {
			return pred{}, ErrField.With("there is no field %q to filter by", c.Field)
		}
		if f.of != nil {
			if err := rows.say(d, f, c); err != nil {
				return pred{}, err
			}
			continue
		}
		p, err := f.condition(d, c.Op, c.Value)
		if err != nil {
			return pred{}, err
		}
		parts = append(parts, p)
	}
	return all(append(parts, rows.preds()...)...), nil
}

// portion is what was read: items in the order asked for, and the position of each. It was cut when it became too large
// before it was full.
type portion[T any] struct {
	items []T
	at    [][]any
	cut   bool
}

// fetch reads a page.
func (r *resource[T]) fetch(ctx context.Context, d *DB, from bun.IDB, where pred, p page) (portion[T], error) {
	if p.from != nil {
		where = all(where, *p.from)
	}
	got, err := r.scan(ctx, d, from, where, p)
	if err != nil {
		return portion[T]{}, err
	}
	if p.backward {
		slices.Reverse(got.items)
		slices.Reverse(got.at)
	}
	if r.complete != nil {
		err = r.complete(ctx, d, got.items)
	}
	return got, err
}

// statement is the SELECT of a page: the attributes, then the keys of the order.
func (r *resource[T]) statement(where pred, p page) string {
	var b strings.Builder
	b.WriteString("SELECT ")
	for _, a := range r.attributes {
		if a.to != nil {
			b.WriteString(a.expr + ", ")
		}
	}
	for i, k := range p.keys {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(k.expr)
	}
	b.WriteString(" FROM " + r.from + " WHERE " + where.sql + " ORDER BY " + p.order() +
		" LIMIT " + strconv.Itoa(p.limit))
	if p.offset > 0 {
		b.WriteString(" OFFSET " + strconv.Itoa(p.offset))
	}
	return b.String()
}

func (r *resource[T]) scan(ctx context.Context, d *DB, from bun.IDB, where pred, p page) (portion[T], error) {
	got := portion[T]{items: []T{}}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	rows, err := from.QueryContext(ctx, r.statement(where, p), where.args...)
	if err != nil {
		return got, d.fault(err, "search")
	}
	defer rows.Close()
	for bytes := 0; !got.cut && rows.Next(); {
		item, position, size, err := r.scanRow(rows, len(p.keys))
		if err != nil {
			return got, d.fault(err, "read a row")
		}
		got.items, got.at = append(got.items, item), append(got.at, position)
		bytes += size
		got.cut = p.bytes > 0 && bytes > p.bytes
	}
	if got.cut {
		stop() // or closing would read all that is left from PostgreSQL
		return got, nil
	}
	return got, d.fault(rows.Err(), "search")
}

// scanRow reads an item and its position in the order; size is that of the texts and blobs in it.
func (r *resource[T]) scanRow(rows *sql.Rows, keys int) (item T, position []any, size int, err error) {
	var to []any
	for _, a := range r.attributes {
		if a.to != nil {
			to = append(to, a.to(&item))
		}
	}
	position = make([]any, keys)
	for i := range position {
		to = append(to, &position[i])
	}
	err = rows.Scan(to...)
	for _, one := range to {
		size += sizeOf(one)
	}
	return item, position, size, err
}

// sizeOf is how many bytes a destination got that can be many.
func sizeOf(to any) int {
	switch to := to.(type) {
	case *string:
		return len(*to)
	case **string:
		if *to != nil {
			return len(**to)
		}
	case orZero[string]:
		return len(*to.v)
	case *any: // a position
		if s, ok := (*to).(string); ok {
			return len(s)
		}
	case *[]byte:
		return len(*to)
	case unpacked:
		return len(*to.value)
	case *fromJSON:
		return to.size
	}
	return 0
}

// count counts matches up to where counting stops.
func count(ctx context.Context, d *DB, from string, where pred) (total int64, more bool, err error) {
	err = d.read.NewRaw("SELECT count(*) FROM (SELECT 1 FROM "+from+" WHERE "+where.sql+
		" LIMIT "+strconv.Itoa(query.TotalMax+1)+") AS matches", where.args...).Scan(ctx, &total)
	return min(total, query.TotalMax), total > query.TotalMax, d.fault(err, "count")
}

// get reads one item; false when there is none.
func get[T any](ctx context.Context, d *DB, r *resource[T], where pred) (item T, found bool, err error) {
	got, err := r.fetch(ctx, d, d.read, where, r.single())
	if err != nil || len(got.items) == 0 {
		return item, false, err
	}
	return got.items[0], true, nil
}

// byKey asks for the item with a key.
func (r *resource[T]) byKey(key any) pred {
	f, _ := r.find(r.key)
	return pred{sql: f.expr + " = ?", args: []any{key}}
}
