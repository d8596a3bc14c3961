package tidy

import (
	"cmp"
	"fmt"
	"slices"
)

// Finding is one broken rule, with the place to look at.
type Finding struct {
	File    string // relative to the root of the tree, with slashes
	Line    int    // 0 when the whole file or folder is meant
	Message string
}

// String returns "file:line: message", the form editors jump to.
func (f Finding) String() string {
	if f.Line == 0 {
		return f.File + ": " + f.Message
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Message)
}

func sorted(fs []Finding) []Finding {
	slices.SortFunc(fs, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(fs)
}
