package tck

import (
	"slices"

	"tallystick/rules/feel"
)

var difference = func() *feel.Program {
	p, err := feel.Compile("abs(v - w) <= 0.00000001", feel.Options{Names: []string{"v", "w"}})
	if err != nil {
		panic(err)
	}
	return p
}()

// alike compares as the runners of the kit do: numbers within 1e-8, everything else exactly, kinds included.
func alike(got, want feel.Value) bool {
	if got.Kind() != want.Kind() {
		return false
	}
	switch want.Kind() {
	case feel.KindNull:
		return true
	case feel.KindNumber:
		return near(got, want)
	case feel.KindList:
		a, _ := got.List()
		b, _ := want.List()
		return slices.EqualFunc(a, b, alike)
	case feel.KindContext:
		return alikeEntries(got, want)
	}
	return got.Equal(want)
}

func alikeEntries(got, want feel.Value) bool {
	keys, values, _ := want.Entries()
	others, _, _ := got.Entries()
	if len(keys) != len(others) {
		return false
	}
	for i, key := range keys {
		entry, ok := got.Entry(key)
		if !ok || !alike(entry, values[i]) {
			return false
		}
	}
	return true
}

func near(a, b feel.Value) bool {
	result, err := difference.Eval(feel.Env{Lookup: func(name string) (feel.Value, bool) {
		if name == "v" {
			return a, true
		}
		return b, true
	}})
	yes, _ := result.Value.Bool()
	return err == nil && yes
}
