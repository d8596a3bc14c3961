package engine

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// A table of any size is a sorted list, and what was shared does not move.
func TestTable(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 9))
		var live table[ElementInstance]
		var want []ElementInstance
		type kept struct {
			table table[ElementInstance]
			rows  []ElementInstance
		}
		var shared []kept
		span := 1 + r.IntN(400)
		for range 1500 {
			e := ElementInstance{Key: 1 + r.Int64N(int64(span)), Element: string(rune('a' + r.IntN(4))), Scope: 1 + r.Int64N(5)}
			i, found := slices.BinarySearchFunc(want, e.Key, func(e ElementInstance, key int64) int { return int(e.Key - key) })
			switch {
			case r.IntN(5) < 2 && found:
				live.remove(e.id())
				want = slices.Delete(slices.Clone(want), i, i+1)
			case found:
				live.put(e)
				want = slices.Clone(want)
				want[i] = e
			default:
				live.put(e)
				want = slices.Insert(slices.Clone(want), i, e)
			}
			if r.IntN(20) == 0 {
				shared = append(shared, kept{live.share(), want})
				live = live.share()
			}
			compareTable(t, seed, &live, want, e.Scope)
		}
		for _, k := range shared {
			compareTable(t, seed, &k.table, k.rows, 3)
			again := tableOf(k.rows)
			compareTable(t, seed, &again, k.rows, 3)
		}
		if t.Failed() {
			return
		}
	}
}

func compareTable(t *testing.T, seed uint64, got *table[ElementInstance], want []ElementInstance, scope int64) {
	t.Helper()
	if !slices.Equal(got.rows(), want) || got.len() != len(want) {
		t.Fatalf("seed %d: %d rows %v, want %v", seed, got.len(), got.rows(), want)
	}
	var of []ElementInstance
	places := map[string]bool{}
	for _, e := range want {
		if e.Scope == scope {
			of = append(of, e)
			places[e.Element] = true
		}
	}
	found := got.choose(scope, func(*ElementInstance) bool { return true })
	slices.SortFunc(found, func(a, b ElementInstance) int { return int(a.Key - b.Key) })
	slices.Reverse(of)
	if young := got.youngest([]int64{scope}); !slices.Equal(young, of) || len(found) != len(of) || got.has(scope) != (len(of) > 0) {
		t.Fatalf("seed %d: scope %d has %v, %v, want %v", seed, scope, found, young, of)
	}
	seen := map[string]bool{}
	got.places(scope, func(place string) bool { seen[place] = true; return true })
	if !maps.Equal(seen, places) {
		t.Fatalf("seed %d: places %v, want %v", seed, seen, places)
	}
	last, ok := got.latest(scope, func(*ElementInstance) bool { return true })
	if ok != (len(of) > 0) || ok && !slices.Contains(of, last) {
		t.Fatalf("seed %d: the latest is %v", seed, last)
	}
}

// Rows of one key stand together, whatever the size of the table, and go together.
func TestTableOf(t *testing.T) {
	t.Parallel()
	var live table[token]
	for i := range 300 {
		live.put(token{Scope: int64(i % 7), Flow: string(rune('a'+i%26)) + string(rune('a'+i/26)), Count: i})
	}
	n := 0
	last := ""
	for k := range live.of(3) {
		if k.Scope != 3 || k.Flow <= last {
			t.Errorf("%v after %s", k, last)
		}
		last = k.Flow
		n++
	}
	before := live
	live = live.share()
	live.removeOf(3)
	if n != 43 || live.len() != 257 || live.hasOf(3) || !before.hasOf(3) || before.len() != 300 || live.hasOf(99) {
		t.Errorf("%d of 3, %d left, %d before", n, live.len(), before.len())
	}
	live.removeOf(0)
	live.removeOf(6)
	if live.hasOf(0) || live.hasOf(6) || !live.hasOf(5) {
		t.Error("the first and the last key are still there")
	}
}
