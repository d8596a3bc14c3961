package rules

import "tallystick/rules/feel"

// memo remembers values: most evaluations need a few, which take no allocation, some very many. It must not be
// copied once it is used.
type memo[K comparable] struct {
	size   int
	keys   [memoFew]K
	values [memoFew]feel.Value
	more   map[K]feel.Value
}

const memoFew = 4

func (m *memo[K]) get(key K) (feel.Value, bool) {
	for i := range m.size {
		if m.keys[i] == key {
			return m.values[i], true
		}
	}
	v, ok := m.more[key]
	return v, ok
}

// put enters a value for a key that is new.
func (m *memo[K]) put(key K, v feel.Value) {
	switch {
	case m.size < memoFew:
		m.keys[m.size], m.values[m.size] = key, v
		m.size++
	case m.more == nil:
		m.more = map[K]feel.Value{key: v}
	default:
		m.more[key] = v
	}
}
