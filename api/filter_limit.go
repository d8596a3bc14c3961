package api

import "tallystick/internal/canon"

// What a filter may hold. The databases refuse expressions, lists and patterns that are too large, each at a
// point of its own; a search is refused before, at the same point on all of them.
const (
	conditionsMax = 200    // in all: fields, operators, tags, variables, alternatives
	apartMax      = 20     // tags and variables: each is a search in another table, and planning many of those takes minutes
	listedMax     = 10_000 // values in all lists of $in and $notIn together: as many as a page has
	patternMax    = 4_096  // bytes of a pattern of $like
)

// room counts one more condition; false when there is none left, which is told once.
func (f *findings) room(at string) bool {
	f.conds++
	if f.conds == conditionsMax+1 {
		f.add(at, fieldValue, "the filter has more than %d conditions", conditionsMax)
	}
	return f.conds <= conditionsMax
}

// roomApart counts one more tag or variable, as room does.
func (f *findings) roomApart(at string) bool {
	f.apart++
	if f.apart == apartMax+1 {
		f.add(at, fieldValue, "the filter has more than %d tags and variables", apartMax)
	}
	return f.apart <= apartMax
}

// pattern reads a text with wildcards.
func (f *findings) pattern(j canon.JSON, at string) string {
	text := f.text(j, at)
	if len(text) > patternMax {
		f.add(at, fieldValue, "the pattern has more than %d bytes", patternMax)
	}
	return text
}
