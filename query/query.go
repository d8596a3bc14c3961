// Package query holds the words of the read side: what may be asked (filters, sorts, pages, access)
// and what comes back (views). The views carry the field names of the REST API. It knows neither SQL
// nor HTTP; store answers a Request, api builds one.
package query

import "strconv"

// Op is a comparison of a filter.
type Op string

// The operators of search filters.
const (
	Eq     Op = "$eq"
	Neq    Op = "$neq"
	Exists Op = "$exists"
	In     Op = "$in"
	NotIn  Op = "$notIn"
	Like   Op = "$like" // * and ? are wildcards, backslash escapes
	Gt     Op = "$gt"
	Gte    Op = "$gte"
	Lt     Op = "$lt"
	Lte    Op = "$lte"
)

// Cond is one condition: a view's field (its JSON name), an operator and its values. Values are string,
// int64, bool or time.Time by the field's type; Exists has one bool, In and NotIn have a []any.
type Cond struct {
	Field string
	Op    Op
	Value any
}

// WithinInstance is the field of a condition on incidents: the key of the instance in which they are, or which called
// the one in which they are, at any depth.
const WithinInstance = "withinProcessInstanceKey"

// VariableCond asks for a variable by name and value (canonical JSON text) at the root of an instance, or
// local to a task when Local.
type VariableCond struct {
	Name  string
	Op    Op
	Value any
	Local bool
}

// Sort is one sort key.
type Sort struct {
	Field string
	Desc  bool
}

// Page says which part of the result is asked for: Limit (1…10000, 0 = 100) with one of From, After, Before.
type Page struct {
	Limit         int
	From          int
	After, Before string // opaque cursors, standard base64
}

// Request is a search. Conds are ANDed; Any, when not empty, adds (cond AND …) OR (cond AND …).
type Request struct {
	Conds     []Cond
	Any       [][]Cond
	Variables []VariableCond
	Sort      []Sort
	Page      Page
	Access    Access
}

// Access is what the caller may see. The zero value sees nothing.
type Access struct {
	All         bool     // every definition
	Definitions []string // ids of definitions (process or decision) the caller may see
	Denied      []string // ids that a deny rule takes away again
	Own         bool     // user tasks only: restrict to tasks that concern User or Groups
	User        string
	Groups      []string
}

// Result is one page of a search. Total counts all matches up to TotalMax, then More is true.
type Result[T any] struct {
	Items      []T
	Total      int64
	More       bool
	Start, End string // cursors of the first and last item, "" when there is none
}

// TotalMax is where counting stops.
const TotalMax = 10_000

// Key is an engine-made key: an int64, a decimal string in JSON.
type Key int64

// MarshalText writes the decimal text.
func (k Key) MarshalText() ([]byte, error) { return strconv.AppendInt(nil, int64(k), 10), nil }

// UnmarshalText reads a decimal text.
func (k *Key) UnmarshalText(b []byte) error {
	n, err := strconv.ParseInt(string(b), 10, 64)
	*k = Key(n)
	return err
}
