package host

import (
	"container/list"
	"sync"

	"tallystick/audit"
	"tallystick/engine"
)

// row is an instance in memory: the state at rest, the version it has in the store and the head of its
// audit stream. State is a value that nobody changes, so a row may be handed around.
type row struct {
	state   engine.State
	version int64
	head    audit.Head
	size    int // bytes of its text
}

// lru keeps the most recently used values within a count and a size. It is not safe for concurrent use.
type lru[K comparable, V any] struct {
	countMax, bytesMax int
	bytes              int
	order              *list.List // front is the most recently used
	items              map[K]*list.Element
}

type lruItem[K comparable, V any] struct {
	key   K
	value V
	size  int
}

func newLRU[K comparable, V any](countMax, bytesMax int) *lru[K, V] {
	return &lru[K, V]{countMax: countMax, bytesMax: bytesMax, order: list.New(), items: map[K]*list.Element{}}
}

func (c *lru[K, V]) get(key K) (V, bool) {
	e, ok := c.items[key]
	if !ok {
		var none V
		return none, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*lruItem[K, V]).value, true
}

func (c *lru[K, V]) put(key K, value V, size int) {
	c.drop(key)
	c.items[key] = c.order.PushFront(&lruItem[K, V]{key, value, size})
	c.bytes += size
	for len(c.items) > c.countMax || c.bytes > c.bytesMax {
		c.drop(c.order.Back().Value.(*lruItem[K, V]).key)
	}
}

func (c *lru[K, V]) drop(key K) {
	if e, ok := c.items[key]; ok {
		c.bytes -= e.Value.(*lruItem[K, V]).size
		c.order.Remove(e)
		delete(c.items, key)
	}
}

// shared is an lru that several goroutines use.
type shared[K comparable, V any] struct {
	mu    sync.Mutex
	cache *lru[K, V]
}

func newShared[K comparable, V any](countMax int) *shared[K, V] {
	return &shared[K, V]{cache: newLRU[K, V](countMax, countMax)}
}

func (s *shared[K, V]) get(key K) (V, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cache.get(key)
}

func (s *shared[K, V]) put(key K, value V) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cache.put(key, value, 1)
}

// find returns the kept value or makes and keeps it. Two callers may make the same value at once; values
// are immutable, so either will do.
func (s *shared[K, V]) find(key K, make func() (V, error)) (V, error) {
	s.mu.Lock()
	value, ok := s.cache.get(key)
	s.mu.Unlock()
	if ok {
		return value, nil
	}
	value, err := make()
	if err != nil {
		return value, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cache.put(key, value, 1)
	return value, nil
}
