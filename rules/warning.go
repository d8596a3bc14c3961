package rules

import (
	"fmt"
	"slices"
)

// maxWarnings bounds the warnings kept of one decision; the first ones tell the story.
const maxWarnings = 50

// warn notes why something became null, once.
func (ev *evaluation) warn(format string, args ...any) {
	if ev.env.Strict && ev.strictly == nil {
		ev.strictly = failed(format, args...)
	}
	if ev.current == nil || len(ev.current.Warnings) >= maxWarnings {
		return
	}
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(ev.current.Warnings, text) {
		ev.current.Warnings = append(ev.current.Warnings, text)
	}
}
