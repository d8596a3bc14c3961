package store

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"tallystick/query"
)

// sortKey is one key of the order, in the direction in which the rows are read.
type sortKey struct {
	field
	desc bool
}

// page is what part of the matches is read, and in which order.
type page struct {
	keys     []sortKey
	limit    int
	bytes    int // no further row is read once there are more; 0: all are
	offset   int
	from     *pred // behind (or before) a cursor
	backward bool  // read from the end: the rows are turned round afterwards
	whole    bool  // starts at the first match
	signs    []string
}

// page reads the sort and page of a request.
func (r *resource[T]) page(q query.Request) (page, error) {
	p := page{limit: q.Page.Limit, offset: q.Page.From}
	if p.limit == 0 {
		p.limit = pageUsual
	}
	if p.limit < 1 || p.limit > pageMost {
		return page{}, ErrPage.With("the limit is from 1 to %d", pageMost)
	}
	if p.offset < 0 || given(q.Page.From != 0)+given(q.Page.After != "")+given(q.Page.Before != "") > 1 {
		return page{}, ErrPage.With("a page starts either at a position or at a cursor")
	}
	if err := r.sort(&p, q.Sort); err != nil {
		return page{}, err
	}
	p.whole = q.Page == query.Page{Limit: q.Page.Limit}
	if cursor := q.Page.After + q.Page.Before; cursor != "" {
		values, err := p.position(cursor)
		if err != nil {
			return page{}, err
		}
		if p.backward = q.Page.Before != ""; p.backward {
			p.turn()
		}
		behind := behind(p.keys, values)
		p.from = &behind
	}
	return p, nil
}

func given(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// sort resolves the sort fields and adds the key that breaks ties.
func (r *resource[T]) sort(p *page, sorts []query.Sort) error {
	for _, s := range sorts {
		f, ok := r.find(s.Field)
		if !ok || f.elsewhere() {
			return ErrSort.With("there is no field %q to sort by", s.Field)
		}
		if f.sorts != "" {
			f.expr = f.sorts
		}
		p.keys = append(p.keys, sortKey{field: f, desc: s.Desc})
		if f.name == r.key {
			break // nothing behind a unique key matters
		}
	}
	if n := len(p.keys); n == 0 || p.keys[n-1].name != r.key {
		f, _ := r.find(r.key)
		// The tie-break runs with the last key, so that newest first stays newest first.
		p.keys = append(p.keys, sortKey{field: f, desc: n > 0 && p.keys[n-1].desc})
	}
	if r.below != "" {
		f, _ := r.find(r.below)
		p.keys = append(p.keys, sortKey{field: f, desc: p.keys[len(p.keys)-1].desc})
	}
	for _, k := range p.keys {
		sign := "+"
		if k.desc {
			sign = "-"
		}
		p.signs = append(p.signs, sign+k.name)
	}
	return nil
}

// single is the page of one item.
func (r *resource[T]) single() page {
	f, _ := r.find(r.key)
	return page{keys: []sortKey{{field: f}}, limit: 1, whole: true}
}

func (p *page) turn() {
	keys := slices.Clone(p.keys)
	for i := range keys {
		keys[i].desc = !keys[i].desc
	}
	p.keys = keys
}

// order is the ORDER BY clause. NULL counts as larger than everything in both databases.
func (p *page) order() string {
	parts := make([]string, len(p.keys))
	for i, k := range p.keys {
		parts[i] = k.expr
		if k.desc {
			parts[i] += " DESC"
		}
		switch {
		case k.null && k.desc:
			parts[i] += " NULLS FIRST"
		case k.null:
			parts[i] += " NULLS LAST"
		}
	}
	return strings.Join(parts, ", ")
}

// behind is the condition that a row comes after the position given by the values of the keys.
func behind(keys []sortKey, values []any) pred {
	k, v := keys[0], values[0]
	after := k.after(v)
	if len(keys) == 1 {
		return after
	}
	same := pred{sql: k.expr + " IS NULL"}
	if v != nil {
		same = pred{sql: k.expr + " = ?", args: []any{v}}
	}
	return either(after, all(same, behind(keys[1:], values[1:])))
}

// after is the condition that the key alone comes after v.
func (k sortKey) after(v any) pred {
	switch {
	case v == nil && k.desc:
		return pred{sql: k.expr + " IS NOT NULL"}
	case v == nil:
		return never
	case k.desc:
		return pred{sql: k.expr + " < ?", args: []any{v}}
	case k.null:
		return pred{sql: k.expr + " > ? OR " + k.expr + " IS NULL", args: []any{v}}
	}
	return pred{sql: k.expr + " > ?", args: []any{v}}
}

// position is what a cursor holds: the order it belongs to and the values of its keys as text.
type position struct {
	Order  []string  `json:"o"`
	Values []*string `json:"v"`
}

// cursor writes the position of a row; the text means nothing to others.
func (p *page) cursor(values []any) string {
	pos := position{Order: p.signs, Values: make([]*string, len(values))}
	for i, v := range values {
		pos.Values[i] = p.keys[i].write(v)
	}
	b, err := json.Marshal(pos)
	if err != nil {
		panic("store: strings do not marshal: " + err.Error())
	}
	return base64.StdEncoding.EncodeToString(b)
}

// position reads a cursor; one of another order is refused.
func (p *page) position(cursor string) ([]any, error) {
	b, err := base64.StdEncoding.DecodeString(cursor)
	var pos position
	if err == nil {
		err = json.Unmarshal(b, &pos)
	}
	if err != nil || !slices.Equal(pos.Order, p.signs) || len(pos.Values) != len(p.keys) {
		return nil, ErrPage.With("the cursor does not belong to this search")
	}
	values := make([]any, len(p.keys))
	for i, s := range pos.Values {
		if values[i], err = p.keys[i].read(s); err != nil {
			return nil, ErrPage.With("the cursor does not belong to this search")
		}
	}
	return values, nil
}

func (f field) write(v any) *string {
	var s string
	switch x := v.(type) {
	case nil:
		return nil
	case string:
		s = x
	case []byte:
		s = string(x)
	case bool:
		s = strconv.Itoa(given(x))
	case int64:
		s = strconv.FormatInt(x, 10)
	}
	return &s
}

func (f field) read(s *string) (any, error) {
	if s == nil {
		return nil, nil
	}
	if f.kind == words {
		return text(*s), nil
	}
	n, err := strconv.ParseInt(*s, 10, 64)
	if f.kind == flag {
		return n != 0, err
	}
	return n, err
}
