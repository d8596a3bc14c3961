package feel

import (
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// naive is an expression as text beside what it means, written down a second time and as plainly as possible: values
// are nil, bool, *big.Rat, string, []any and map[string]any.
type naive struct {
	text string
	eval func(names map[string]any) any
}

// writer makes naive expressions of a wanted kind from random numbers.
type writer struct {
	*rand.Rand
	numbers, texts []string // variables in scope
}

func (w *writer) pick(choices ...func() naive) naive { return choices[w.IntN(len(choices))]() }

// binary applies a function to two operands.
func binary(format string, a, b naive, f func(x, y any) any) naive {
	return naive{fmt.Sprintf(format, a.text, b.text), func(names map[string]any) any { return f(a.eval(names), b.eval(names)) }}
}

func fixed(text string, v any) naive { return naive{text, func(map[string]any) any { return v }} }

func reference(name string) naive {
	return naive{name, func(names map[string]any) any { return names[name] }}
}

func (w *writer) number(depth int) naive {
	if depth == 0 {
		if w.IntN(3) == 0 {
			return reference(w.numbers[w.IntN(len(w.numbers))])
		}
		if w.IntN(12) == 0 {
			return fixed("null", nil)
		}
		n := w.Int64N(12)
		return fixed(fmt.Sprintf("%d.5", n), big.NewRat(2*n+1, 2))
	}
	d := depth - 1
	return w.pick(
		func() naive { return w.number(0) },
		func() naive { return binary("(%s + %s)", w.number(d), w.number(d), ratio((*big.Rat).Add)) },
		func() naive { return binary("(%s - %s)", w.number(d), w.number(d), ratio((*big.Rat).Sub)) },
		func() naive { return binary("(%s * %s)", w.number(d), w.number(d), ratio((*big.Rat).Mul)) },
		func() naive {
			return binary("(-(%s))%s", w.number(d), fixed("", new(big.Rat)), func(x, y any) any { return ratio((*big.Rat).Sub)(y, x) })
		},
		func() naive { return w.choice(d, w.number) },
		func() naive {
			return binary("count(%s)%s", w.list(d), fixed("", nil), func(x, _ any) any { return big.NewRat(int64(len(x.([]any))), 1) })
		},
		func() naive { return w.index(d) },
		func() naive {
			return binary("{p: %s, q: %s}.q", w.number(d), w.number(d), func(_, y any) any { return y })
		},
	)
}

func ratio(f func(z, x, y *big.Rat) *big.Rat) func(x, y any) any {
	return func(x, y any) any {
		a, isNumber := x.(*big.Rat)
		b, both := y.(*big.Rat)
		if !isNumber || !both {
			return nil
		}
		return f(new(big.Rat), a, b)
	}
}

func (w *writer) index(d int) naive {
	list, n := w.list(d), 1+w.IntN(3)
	back := w.IntN(2) == 0
	text := fmt.Sprintf("(%s)[%d]", list.text, n)
	if back {
		text = fmt.Sprintf("(%s)[-%d]", list.text, n)
	}
	return naive{text, func(names map[string]any) any {
		items := list.eval(names).([]any)
		switch {
		case n > len(items):
			return nil
		case back:
			return items[len(items)-n]
		}
		return items[n-1]
	}}
}

// choice is an if.
func (w *writer) choice(d int, branch func(int) naive) naive {
	condition, yes, no := w.condition(d), branch(d), branch(d)
	return naive{fmt.Sprintf("(if %s then %s else %s)", condition.text, yes.text, no.text), func(names map[string]any) any {
		if condition.eval(names) == true {
			return yes.eval(names)
		}
		return no.eval(names)
	}}
}

func (w *writer) string(depth int) naive {
	if depth == 0 {
		if w.IntN(3) == 0 {
			return reference(w.texts[w.IntN(len(w.texts))])
		}
		s := []string{"", "a", "b", "ab", "ä"}[w.IntN(5)]
		return fixed(`"`+s+`"`, s)
	}
	return w.pick(
		func() naive { return w.string(0) },
		func() naive { return w.choice(depth-1, w.string) },
		func() naive {
			return binary("(%s + %s)", w.string(depth-1), w.string(depth-1), func(x, y any) any { return x.(string) + y.(string) })
		},
	)
}

// list is a list of numbers and nulls; it is never null itself.
func (w *writer) list(depth int) naive {
	if depth == 0 {
		a, b := w.number(0), w.number(0)
		return w.pick(
			func() naive { return fixed("[]", []any{}) },
			func() naive { return binary("[%s, %s]", a, b, func(x, y any) any { return []any{x, y} }) },
		)
	}
	d := depth - 1
	return w.pick(
		func() naive { return w.list(0) },
		func() naive {
			return binary("[%s, %s]", w.number(d), w.number(d), func(x, y any) any { return []any{x, y} })
		},
		func() naive { return w.choice(d, w.list) },
		func() naive {
			return binary("concatenate(%s, %s)", w.list(d), w.list(d), func(x, y any) any { return slices.Concat(x.([]any), y.([]any)) })
		},
		func() naive {
			return w.each("(for %s in %s return %s)", d, w.number, func(items, answers []any) any { return answers })
		},
		func() naive { return w.filtered(d) },
		func() naive {
			return binary("[{p: %s}, {p: %s, q: 1}].p", w.number(d), w.number(d), func(x, y any) any { return []any{x, y} })
		},
	)
}

// each evaluates a body for the items of a list, under a name of its own.
func (w *writer) each(format string, d int, body func(int) naive, f func(items, answers []any) any) naive {
	name := fmt.Sprintf("i%d", len(w.numbers))
	list := w.list(d)
	w.numbers = append(w.numbers, name)
	inner := body(d)
	w.numbers = w.numbers[:len(w.numbers)-1]
	return naive{fmt.Sprintf(format, name, list.text, inner.text), func(names map[string]any) any {
		items, answers := list.eval(names).([]any), []any{}
		for _, item := range items {
			within := maps.Clone(names)
			within[name] = item
			answers = append(answers, inner.eval(within))
		}
		return f(items, answers)
	}}
}

// filtered is a filter whose condition sees the item.
func (w *writer) filtered(d int) naive {
	list := w.list(d)
	outer := w.numbers
	w.numbers = append(slices.Clone(outer), "item")
	condition := w.condition(d)
	w.numbers = outer
	return naive{fmt.Sprintf("(%s)[%s]", list.text, condition.text), func(names map[string]any) any {
		kept := []any{}
		for _, item := range list.eval(names).([]any) {
			within := maps.Clone(names)
			within["item"] = item
			if condition.eval(within) == true {
				kept = append(kept, item)
			}
		}
		return kept
	}}
}

func (w *writer) condition(depth int) naive {
	if depth == 0 {
		return w.pick(
			func() naive { return fixed("true", true) },
			func() naive { return fixed("false", false) },
			func() naive { return fixed("null", nil) },
			func() naive { return binary("(%s > %s)", w.number(0), w.number(0), ordering(">")) },
		)
	}
	d := depth - 1
	op := []string{"<", "<=", ">", ">=", "=", "!="}[w.IntN(6)]
	return w.pick(
		func() naive { return w.condition(0) },
		func() naive { return binary("(%s "+op+" %s)", w.number(d), w.number(d), ordering(op)) },
		func() naive { return binary("(%s "+op+" %s)", w.string(d), w.string(d), ordering(op)) },
		func() naive { return binary("(%s = %s)", w.list(d), w.list(d), ordering("=")) },
		func() naive { return binary("(%s = %s)", w.number(d), w.string(d), ordering("=")) },
		func() naive { return binary("(%s and %s)", w.condition(d), w.condition(d), both) },
		func() naive {
			return binary("(%s or %s)", w.condition(d), w.condition(d), func(x, y any) any { return opposite(both(opposite(x), opposite(y))) })
		},
		func() naive {
			return binary("not(%s)%s", w.condition(d), fixed("", nil), func(x, _ any) any { return opposite(x) })
		},
		func() naive { return w.choice(d, w.condition) },
		func() naive {
			return w.each("(every %s in %s satisfies %s)", d, w.condition, func(_, answers []any) any { return all(answers) })
		},
		func() naive { return w.each("(some %s in %s satisfies %s)", d, w.condition, anyOf) },
		func() naive { return w.within(d) },
		func() naive { return w.among(d) },
	)
}

// within is between, or in with a range: they ask the same.
func (w *writer) within(d int) naive {
	v, low, high := w.number(d), w.number(0), w.number(0)
	text := fmt.Sprintf("(%s between %s and %s)", v.text, low.text, high.text)
	return naive{text, func(names map[string]any) any {
		x := v.eval(names)
		return both(ordering(">=")(x, low.eval(names)), ordering("<=")(x, high.eval(names)))
	}}
}

// among is in with several tests.
func (w *writer) among(d int) naive {
	v, low, size, least := w.number(d), w.Int64N(9), w.Int64N(4), w.Int64N(12)
	text := fmt.Sprintf("(%s in (%d, (%d..%d], > %d))", v.text, least-3, low, low+size, least)
	return naive{text, func(names map[string]any) any {
		x, n := v.eval(names), func(i int64) *big.Rat { return big.NewRat(i, 1) }
		return anyOf(nil, []any{
			ordering("=")(x, n(least-3)), both(ordering(">")(x, n(low)), ordering("<=")(x, n(low+size))), ordering(">")(x, n(least)),
		})
	}}
}

func opposite(x any) any {
	if b, ok := x.(bool); ok {
		return !b
	}
	return nil
}

func both(x, y any) any {
	switch {
	case x == false || y == false:
		return false
	case x == true && y == true:
		return true
	}
	return nil
}

func all(answers []any) any {
	var result any = true
	for _, answer := range answers {
		result = both(result, answer)
	}
	return result
}

func anyOf(_, answers []any) any {
	var negated []any
	for _, answer := range answers {
		negated = append(negated, opposite(answer))
	}
	return opposite(all(negated))
}

// ordering compares; what is not comparable is null.
func ordering(op string) func(x, y any) any {
	return func(x, y any) any {
		switch op {
		case "=":
			return alike(x, y)
		case "!=":
			return opposite(alike(x, y))
		}
		order := 0
		switch a := x.(type) {
		case *big.Rat:
			b, ok := y.(*big.Rat)
			if !ok {
				return nil
			}
			order = a.Cmp(b)
		case string:
			order = strings.Compare(a, y.(string))
		default:
			return nil
		}
		return map[string]bool{"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[op]
	}
}

func alike(x, y any) any {
	if x == nil || y == nil {
		return x == nil && y == nil
	}
	switch a := x.(type) {
	case *big.Rat:
		if b, ok := y.(*big.Rat); ok {
			return a.Cmp(b) == 0
		}
		return nil
	case []any:
		b := y.([]any)
		return slices.EqualFunc(a, b, func(p, q any) bool { return alike(p, q) == true })
	}
	return x == y
}

// naiveJSON writes a naive value as JSON.
func naiveJSON(v any) string {
	switch v := v.(type) {
	case *big.Rat:
		digits, _ := v.FloatPrec()
		return v.FloatString(digits)
	case string:
		return `"` + v + `"`
	case []any:
		var items []string
		for _, item := range v {
			items = append(items, naiveJSON(item))
		}
		return "[" + strings.Join(items, ",") + "]"
	case nil:
		return "null"
	}
	return fmt.Sprint(v)
}

// compareNaive evaluates one random expression both ways. Short names stand for numbers and texts of the caller.
func compareNaive(t *testing.T, seed uint64) {
	w := &writer{Rand: rand.New(rand.NewPCG(seed, 0)), numbers: []string{"n", "m"}, texts: []string{"s"}}
	e := w.pick(
		func() naive { return w.number(4) }, func() naive { return w.condition(4) },
		func() naive { return w.list(4) }, func() naive { return w.string(4) },
	)
	if len(e.text) > SourceMax/2 {
		return
	}
	n := w.Int64N(20) - 5
	names := map[string]any{"n": big.NewRat(n, 1), "m": nil, "s": "ab"}
	p, err := Compile(e.text, Options{Open: true})
	if err != nil {
		t.Fatalf("seed %d: %s: %v", seed, e.text, err)
	}
	got, err := p.Eval(Env{Lookup: func(name string) (Value, bool) {
		v, ok := map[string]Value{"n": Int(n), "m": Null, "s": Text("ab")}[name]
		return v, ok
	}})
	if want := naiveJSON(e.eval(names)); err != nil || got.Value.JSON() != want {
		t.Fatalf("seed %d, n = %d: %s\n got %s %v\nwant %s", seed, n, e.text, got.Value.JSON(), err, want)
	}
}

// TestNaive holds the evaluator against the naive one.
func TestNaive(t *testing.T) {
	t.Parallel()
	start := uint64(time.Now().UnixNano())
	for i := range uint64(3000) {
		compareNaive(t, start+i)
	}
}

// FuzzNaive is the same from seeds of the fuzzer; a seed that TestNaive prints is a case of it.
func FuzzNaive(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(compareNaive)
}
