package main

import (
	"fmt"
	"strings"

	"tallystick/internal/canon"
)

// variables reads --var k=v arguments: v is JSON when it parses as JSON, otherwise text. k may be a path
// (claim.amount=49).
func variables(args []string) (map[string]canon.JSON, error) {
	out := map[string]canon.JSON{}
	for _, a := range args {
		name, text, ok := strings.Cut(a, "=")
		if !ok || name == "" {
			return nil, &usageError{fmt.Errorf("--var wants name=value, not %q", a)}
		}
		value, err := canon.Parse([]byte(text))
		if err != nil {
			value = canon.String(text)
		}
		canon.SetPath(out, name, value)
	}
	return out, nil
}
