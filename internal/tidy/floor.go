package tidy

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// floors is the house of DESIGN section 2: imports only go downward.
var floors = map[string]int{
	"fault":            0,
	"rules/feel":       0,
	"internal/canon":   0,
	"internal/xmlread": 0,
	"internal/lang":    0,

	"bpmn":  1,
	"rules": 1,
	"tasks": 1,
	"audit": 1,

	"engine":          2,
	"query":           2,
	"rules/casefile":  2,
	"internal/oracle": 2, // reads models; a neighbour of the engine, so it cannot share its code
	"rules/tck":       2,

	"host":              3,
	"engine/enginetest": 3,
	"internal/pgtest":   3, // starts PostgreSQL for tests; knows no package of the product

	"store":           4,
	"store/storetest": 4,
	"authz":           4,
	"api":             4,
	"metrics":         4,
	"tasks/worker":    4,
	"tasks/scoring":   4,
	"host/hosttest":   4,

	"cmd/tallystick":  5,
	"web":             5,
	"examples":        5,
	"internal/bench":  5,
	"internal/ordeal": 5,
	"internal/pairs":  5, // tries the engine against internal/oracle
	"internal/sim":    5, // tries the host on the simulated store
	"internal/tidy":   5,
}

// neighbours are the imports between packages of one floor that the design grants.
var neighbours = map[string][]string{
	"rules/feel":       {"fault"},
	"internal/canon":   {"fault"},
	"internal/xmlread": {"fault"},
	"internal/lang":    {"fault", "internal/canon", "rules/feel"},
	"cmd/tallystick":   {"web", "examples"}, // what the program ships
}

// rehearsals are the neighbours that the tests of a package may import, because they show it with the real
// thing instead of a double.
var rehearsals = map[string][]string{
	"api":          {"store", "authz", "metrics"},
	"internal/sim": {"examples/returns"}, // whose scenarios it walks through
}

const pureTop = 2 // the highest floor without a world around it

// worldly are the packages of the standard library that pure floors may not import.
var worldly = []string{
	"context", "database/sql", "log/slog", "math/rand", "math/rand/v2", "net", "net/http", "os", "sync",
}

// Floors reports packages without a floor, imports that do not go downward, and worldly imports or
// calls of time.Now on pure floors.
func Floors(t *Tree) []Finding {
	var found []Finding
	unknown := map[string]bool{}
	for _, f := range t.Files {
		floor, known := floorOf(f.Dir)
		if !known {
			if !unknown[f.Dir] {
				found = append(found, Finding{f.Dir, 0, "package has no floor; give its reason in " +
					"docs/architecture.md and its floor in internal/tidy/floor.go"})
			}
			unknown[f.Dir] = true
			continue
		}
		found = append(found, upward(t, f, floor)...)
		if floor <= pureTop && !f.Test {
			found = append(found, impure(t, f, floor)...)
		}
	}
	return sorted(found)
}

// floorOf finds the floor of a folder; what lies below the command or the examples shares theirs.
func floorOf(dir string) (int, bool) {
	for _, top := range []string{"cmd/tallystick", "examples"} {
		if strings.HasPrefix(dir, top+"/") {
			dir = top
		}
	}
	n, ok := floors[dir]
	return n, ok
}

func upward(t *Tree, f *File, floor int) []Finding {
	var found []Finding
	for _, spec := range f.Syntax.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has checked the literal
		}
		to, ok := t.local(name)
		if !ok {
			continue
		}
		target, known := floorOf(to)
		if known && (target < floor || granted(f, to, target == floor)) {
			continue
		}
		found = append(found, t.at(f, spec, "floor %d may not import %s (floor %d): imports go downward, "+
			"never to a neighbour", floor, to, target))
	}
	return found
}

// granted reports whether the import of to, which does not go down, is one of the exceptions.
func granted(f *File, to string, level bool) bool {
	switch {
	case to == f.Dir: // an external test of its own package
		return f.Test
	case f.Test && level && slices.Contains(rehearsals[f.Dir], to):
		return true
	case f.Test && testSupport(to): // own support, or support at hand on this floor
		return level || path.Dir(to) == f.Dir
	case level && testSupport(f.Dir) && to == path.Dir(f.Dir):
		return true
	case strings.HasPrefix(f.Dir+"/", "cmd/tallystick/") && strings.HasPrefix(to, "cmd/tallystick/"):
		return true
	}
	if strings.HasPrefix(to, "examples/") {
		to = "examples"
	}
	return level && slices.Contains(neighbours[f.Dir], to)
}

// testSupport reports whether dir holds test support, whose name ends in test (house rule 14).
func testSupport(dir string) bool { return strings.HasSuffix(path.Base(dir), "test") }
