package store

// change is one set-wise statement of a batch. Its text sees the table as t and the rows as d.
type change struct {
	verb    verb
	table   string
	columns []heading
	rows    int
	at      func(row, column int) cell
	clause  string // ON CONFLICT … of an insert, what an update sets
	match   string // joins t and d; not for an insert
	want    int    // rows that must be affected for the batch to stand, or free
}

type verb int

const (
	inserting verb = iota
	updating
	removing
)

// free is the want of a change that may affect any number of rows.
const free = -1

// heading is the name and type of a column.
type heading struct {
	name string
	of   sqlType
}

// sqlType is the type of a column that batches write; truths are 0 and 1.
type sqlType string

const (
	bigint sqlType = "bigint"
	txt    sqlType = "text"
	bytea  sqlType = "bytea"
)

// cell is one value on its way into a column.
type cell struct {
	null  bool
	whole int64
	text  string
	bytes []byte
}

// column is a column of the rows R.
type column[R any] struct {
	name string
	of   sqlType
	get  func(*R) cell
}

// rowsOf is a change made of rows, which must not change any more.
func rowsOf[R any](v verb, table string, columns []column[R], rows []R) change {
	headings := make([]heading, len(columns))
	for i := range columns {
		headings[i] = heading{columns[i].name, columns[i].of}
	}
	return change{
		verb: v, table: table, columns: headings, rows: len(rows), match: "t.key = d.key", want: free,
		at: func(row, col int) cell { return columns[col].get(&rows[row]) },
	}
}

// setting says what an update sets, or how an insert treats rows that are there.
func (c change) setting(clause string) change {
	c.clause = clause
	return c
}

// all insists that every row is affected.
func (c change) all() change {
	c.want = c.rows
	return c
}

// matching replaces the join of t and d.
func (c change) matching(match string) change {
	c.match = match
	return c
}

// keyOnly removes rows by their primary key.
func keyOnly(table string, keys []int64) change {
	return rowsOf(removing, table, []column[int64]{{"key", bigint, func(k *int64) cell { return num(*k) }}}, keys)
}

func num[N ~int | ~int64](n N) cell { return cell{whole: int64(n)} }

func numOrNull[N ~int | ~int64](n *N) cell {
	if n == nil {
		return cell{null: true}
	}
	return num(*n)
}

func truth(b bool) cell {
	if b {
		return cell{whole: 1}
	}
	return cell{}
}

func str(t text) cell { return cell{text: clean(string(t))} }

func strOrNull(t *text) cell {
	if t == nil {
		return cell{null: true}
	}
	return str(*t)
}

// blob keeps empty bytes from becoming NULL.
func blob(b []byte) cell {
	if b == nil {
		b = []byte{}
	}
	return cell{bytes: b}
}

func blobOrNull(b []byte) cell { return cell{bytes: b, null: b == nil} }
