package pairs

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"tallystick/bpmn"
	"tallystick/engine"
)

var (
	seedFlag  = flag.Uint64("pairs.seed", 1, "seed of the first pair")
	countFlag = flag.Int("pairs.count", 400, "number of pairs")
	onlyFlag  = flag.String("pairs.only", running, "the families beside the basic ones, with commas; \"\" is all")
)

// running are the families that the engine runs.
const running = "terminate,messages,signals,conditions,links,multiple,handlers,transactions,unawaited,loops,gateways,quantities,choices"

// Every model means the same to the engine and to the reference interpreter, action by action.
func TestPairs(t *testing.T) {
	c := &counts{families: map[string]int{}, reasons: map[string]int{}}
	weights := Everything(strings.FieldsFunc(*onlyFlag, func(r rune) bool { return r == ',' })...)
	for i := range *countFlag {
		tried := try(*seedFlag+uint64(i), weights, deploy, c)
		if tried.differs != "" {
			t.Fatalf("%s", tried.shrink())
		}
	}
	t.Log(c.String(*seedFlag))
}

// A difference is found and made small: here the engine gets a model in which one thing is otherwise.
func TestDifferencesAreFound(t *testing.T) {
	for name, other := range map[string]func(*vertex) bool{
		"gateway": func(v *vertex) bool {
			found := v.kind == "parallelGateway"
			if found {
				v.kind = "exclusiveGateway"
			}
			return found
		},
		"interrupts": func(v *vertex) bool {
			found := v.keep
			v.keep = false
			return found
		},
		"error code": func(v *vertex) bool {
			found := v.on != "" && v.events[0].kind == "error"
			if found {
				v.events[0].value = "E9"
			}
			return found
		},
		"compensation": func(v *vertex) bool {
			found := v.kind == "intermediateThrowEvent" && len(v.events) > 0 && v.events[0].kind == "compensate"
			if found {
				v.events = nil
			}
			return found
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := &counts{families: map[string]int{}, reasons: map[string]int{}}
			for seed := *seedFlag; ; seed++ {
				if seed == *seedFlag+500 {
					t.Fatal("500 pairs and no difference")
				}
				tried := try(seed, Basic, otherwise(other), c)
				if tried.differs == "" {
					continue
				}
				small := tried.shrink()
				if small.differs == "" || small.model.size() > 25 {
					t.Errorf("not small:\n%s", small)
				}
				return
			}
		})
	}
}

// otherwise deploys a model for the engine in which the first node that other changes is changed.
func otherwise(other func(*vertex) bool) deployment {
	return func(m *model) (*bpmn.Process, *engine.Definition, error) {
		changed, done := m.clone(), false
		changed.body.all(func(g *graph) {
			for _, v := range g.nodes {
				done = done || other(v)
			}
		})
		_, def, err := deploy(changed)
		if err != nil {
			return nil, nil, err
		}
		p, _, err := deploy(m)
		return p, def, err
	}
}

func (c *counts) String(seed uint64) string {
	lines := []string{fmt.Sprintf("seed %d: %d pairs, %d actions, %d instances completed, %d wild, %d open, %d models refused",
		seed, c.pairs, c.actions, c.completed, c.wild, c.open, c.refused)}
	for _, list := range []map[string]int{c.families, c.reasons} {
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(list)) {
			parts = append(parts, fmt.Sprintf("%s %d", name, list[name]))
		}
		lines = append(lines, strings.Join(parts, ", "))
	}
	return strings.Join(lines, "\n")
}
