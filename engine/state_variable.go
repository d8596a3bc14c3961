package engine

import "tallystick/internal/canon"

// Variable is a variable of a scope.
type Variable struct {
	Key   int64      `json:"key"`
	Scope int64      `json:"scope"`
	Name  string     `json:"name"`
	Value canon.JSON `json:"value"`
}
