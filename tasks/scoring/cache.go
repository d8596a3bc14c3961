package scoring

import (
	"sync"

	"tallystick/fault"
)

const cacheMax = 64 // models; more than one server scores with at a time

// cache keeps parsed models by the digest of their bytes. The zero value is empty.
type cache struct {
	mu     sync.Mutex
	models map[[32]byte]*Model
}

// ErrModel refuses bytes that were deployed but are no model for this build.
var ErrModel = fault.New(fault.Invalid, "score.model", "the scoring model cannot be read")

func (c *cache) model(digest [32]byte, src []byte, resource string) (*Model, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m := c.models[digest]; m != nil {
		return m, nil
	}
	m, found := Parse(src)
	if m == nil {
		return nil, ErrModel.With("%s: %s %s", resource, found[0].Field, found[0].Message)
	}
	if len(c.models) >= cacheMax || c.models == nil {
		c.models = make(map[[32]byte]*Model, cacheMax)
	}
	c.models[digest] = m
	return m, nil
}
