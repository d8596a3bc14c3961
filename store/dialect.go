package store

import (
	"strings"
	"time"
)

// dialect answers everything in which the databases differ.
type dialect struct {
	// name is the folder of the migrations.
	name string
	// pools is how many pools of connections there are: writers and readers, or one for both.
	pools int
	// arrays tells that rows come as arrays, all of a batch in one statement.
	arrays bool
	// update locks the rows of a SELECT; skip does so too and leaves out rows that somebody else holds. Empty
	// where one writer has the file anyway, as are the following.
	update, skip string
	// guard is a SELECT of no row by which a transaction shares the installation until its end, bar the statement
	// that waits until nobody does and keeps others out. Sharing costs no row, unlike a lock on one.
	guard, bar string
	// steady is the statement with which a transaction begins that reads the same state to its end, however slowly its
	// reader takes it; "" where ids of entries become visible in their order, so that pages need no such transaction.
	steady string
	// skipAll is skip for a SELECT from one table.
	skipAll string
	// clock is the expression for the database's time in microseconds, "" when its clock is ours.
	clock string
	// like is the operator that matches the pattern made by pattern, case-sensitively.
	like    string
	pattern func(wildcards string) string
	// trouble classifies an error of the driver.
	trouble func(error) trouble
}

// trouble is what an error of a driver means to us.
type trouble int

const (
	other       trouble = iota
	unavailable         // disk full, read only, connection lost: later perhaps
	unsure              // like unavailable; when it comes from COMMIT, the outcome is unknown
	raced               // lost against another transaction: think again
	taken               // a key is there already
	oversized           // a value exceeds what the database takes
)

// now is the time of the database.
func (d dialect) now(fromDatabase int64) time.Time {
	if d.clock == "" {
		return time.Now().UTC()
	}
	return instant(fromDatabase)
}

func (d dialect) clockExpr() string {
	if d.clock == "" {
		return "0"
	}
	return d.clock
}

// likePattern turns * and ? with backslash escapes into a LIKE pattern with the default escape.
func likePattern(w string) string {
	return rewrite(w, map[rune]string{'*': "%", '?': "_"}, func(r rune) string {
		if strings.ContainsRune(`%_\`, r) {
			return `\` + string(r)
		}
		return string(r)
	})
}

// globPattern turns * and ? with backslash escapes into a GLOB pattern, which has no escape but classes.
func globPattern(w string) string {
	return rewrite(w, map[rune]string{'*': "*", '?': "?"}, func(r rune) string {
		if strings.ContainsRune(`*?[`, r) {
			return "[" + string(r) + "]"
		}
		return string(r)
	})
}

// rewrite translates wildcards and quotes the rest; a backslash makes the next character ordinary.
func rewrite(w string, wildcards map[rune]string, quote func(rune) string) string {
	var b strings.Builder
	escaped := false
	for _, r := range w {
		wild, isWild := wildcards[r]
		switch {
		case !escaped && r == '\\':
			escaped = true
			continue
		case !escaped && isWild:
			b.WriteString(wild)
		default:
			b.WriteString(quote(r))
		}
		escaped = false
	}
	if escaped {
		b.WriteString(quote('\\'))
	}
	return b.String()
}
