package rules

import (
	"fmt"
	"slices"
	"strings"

	"tallystick/rules/feel"
)

// The hit policies as DMN files name them (DMN 1.5, 8.2.10).
const (
	unique      = "UNIQUE"
	anyHit      = "ANY"
	priority    = "PRIORITY"
	first       = "FIRST"
	ruleOrder   = "RULE ORDER"
	outputOrder = "OUTPUT ORDER"
	collect     = "COLLECT"
)

// count is the one aggregation that looks at no values.
const count = "COUNT"

// aggregations are the built-in aggregators of COLLECT besides count: C+, C< and C>.
var aggregations = map[string]*feel.Program{
	"SUM": mustCompile("sum(v)", "v"),
	"MIN": mustCompile("min(v)", "v"),
	"MAX": mustCompile("max(v)", "v"),
}

// policy is a hit policy with its aggregation.
type policy struct{ name, aggregation string }

// String prints the policy, for example "COLLECT SUM".
func (p policy) String() string {
	return strings.TrimSpace(p.name + " " + p.aggregation)
}

func (p policy) known() bool {
	if p.name == collect {
		return p.aggregation == "" || p.aggregation == count || aggregations[p.aggregation] != nil
	}
	policies := []string{unique, anyHit, priority, first, ruleOrder, outputOrder}
	return p.aggregation == "" && slices.Contains(policies, p.name)
}

func (p policy) byPriority() bool { return p.name == priority || p.name == outputOrder }

// hit is a rule that matched: its number from 0, its output values and their result.
type hit struct {
	rule   int
	values []feel.Value
	result feel.Value
}

// decide makes the result of the table out of its hits, of which there is at least one.
func (t *table) decide(s *scope, hits []hit) (feel.Value, error) {
	switch t.policy.name {
	case unique:
		if len(hits) > 1 {
			return feel.Null, failed("%s match, but hit policy UNIQUE allows one", rulesOf(hits))
		}
	case anyHit:
		for _, h := range hits[1:] {
			if !h.result.Equal(hits[0].result) && !(h.result.IsNull() && hits[0].result.IsNull()) {
				return feel.Null, failed("%s match with different outputs, which hit policy ANY does not allow",
					rulesOf([]hit{hits[0], h}))
			}
		}
	case priority, outputOrder:
		ordered, err := t.byOutputValues(s, hits)
		if err != nil {
			return feel.Null, err
		}
		hits = ordered
	}
	switch t.policy.name {
	case ruleOrder, outputOrder, collect:
		return t.gather(s, hits)
	}
	return hits[0].result, nil
}

// rulesOf names the rules of hits as modelers count them: "rules 1 and 3".
func rulesOf(hits []hit) string {
	numbers := make([]string, len(hits))
	for i, h := range hits {
		numbers[i] = fmt.Sprint(h.rule + 1)
	}
	last := len(numbers) - 1
	return "rules " + strings.Join(numbers[:last], ", ") + " and " + numbers[last]
}

// gather lists the results, or aggregates them.
func (t *table) gather(s *scope, hits []hit) (feel.Value, error) {
	results := make([]feel.Value, len(hits))
	for i, h := range hits {
		results[i] = h.result
	}
	switch t.policy.aggregation {
	case "":
		return feel.ListOf(results...), nil
	case count:
		return feel.Int(int64(len(results))), nil
	}
	return s.apply(t.element, aggregations[t.policy.aggregation], feel.ListOf(results...))
}

// rankOf finds a value among output values, of which one may be a range: its index, or null.
var rankOf = mustCompile("for i in 1..count(w) return if v in w[i] then i else null", "v", "w")

// byOutputValues orders hits by the place of their outputs in the output values, the first
// column before the second (DMN 1.5, 8.2.10); equal ranks keep the order of the rules.
func (t *table) byOutputValues(s *scope, hits []hit) ([]hit, error) {
	ranks := map[int][]int{}
	for column, out := range t.outputs {
		if out.order == nil {
			continue
		}
		values, err := out.order.eval(s)
		if err != nil {
			return nil, err
		}
		for _, h := range hits {
			rank, err := rank(s, h.values[column], values)
			if err != nil {
				return nil, err
			}
			ranks[h.rule] = append(ranks[h.rule], rank)
		}
	}
	ordered := slices.Clone(hits)
	slices.SortStableFunc(ordered, func(a, b hit) int { return slices.Compare(ranks[a.rule], ranks[b.rule]) })
	return ordered, nil
}

// rank is the index of v in the list; values that are not in it come last.
func rank(s *scope, v, list feel.Value) (int, error) {
	items, _ := list.List()
	for i, item := range items {
		if v.Equal(item) {
			return i, nil
		}
	}
	found, err := s.quietly().apply("", rankOf, v, list)
	if err != nil {
		return 0, err
	}
	places, _ := found.List()
	at := slices.IndexFunc(places, func(p feel.Value) bool { return !p.IsNull() })
	if at < 0 {
		return len(items), nil
	}
	return at, nil
}
