package ordeal

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// Catcher is the target of the HTTP jobs that nodes carry out themselves. It holds each call, so that the node has
// the job locked; when the node dies meanwhile, it measures how long it takes until another node calls for the job.
type Catcher struct {
	server *http.Server
	listen net.Listener

	mu        sync.Mutex
	died      map[string]time.Time // by job: when its node died
	release   chan struct{}        // closed to answer the calls that are held
	held      int
	takeovers Times
	served    sync.WaitGroup
}

const heldMax = 5 * time.Second // well below the time limit of an HTTP job: what ends earlier was killed

// NewCatcher serves on a free port.
func NewCatcher() (*Catcher, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c := &Catcher{listen: l, died: map[string]time.Time{}, release: make(chan struct{})}
	c.server = &http.Server{Handler: http.HandlerFunc(c.catch), ReadHeaderTimeout: time.Minute}
	c.served.Go(func() { _ = c.server.Serve(l) }) // it ends with Close
	return c, nil
}

// Address is host and port.
func (c *Catcher) Address() string { return c.listen.Addr().String() }

// URL is what jobs call.
func (c *Catcher) URL() string { return "http://" + c.Address() + "/" }

// Close stops serving.
func (c *Catcher) Close() {
	_ = c.server.Close() // nobody waits for an answer any more
	c.served.Wait()
}

func (c *Catcher) catch(w http.ResponseWriter, r *http.Request) {
	job := r.Header.Get("Idempotency-Key") // the HTTP worker sends the key of the job
	// Only when the body is read does the server notice that the client is gone.
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return
	}
	if c.again(job) {
		answer(w)
		return
	}
	release := c.hold(1)
	defer c.hold(-1)
	limit := time.NewTimer(heldMax)
	defer limit.Stop()
	select {
	case <-release:
		answer(w)
	case <-limit.C:
		answer(w)
	case <-r.Context().Done():
		c.mu.Lock()
		defer c.mu.Unlock()
		c.died[job] = time.Now()
	}
}

func answer(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprint(w, "{}") //nolint:errcheck // the node may have died; the next call tells
}

// again reports whether the job was with a node that died, and measures.
func (c *Catcher) again(job string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, ok := c.died[job]
	if ok {
		c.takeovers = append(c.takeovers, time.Since(at))
		delete(c.died, job)
	}
	return ok
}

func (c *Catcher) hold(n int) chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held += n
	return c.release
}

// Held is how many calls wait for their answer.
func (c *Catcher) Held() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held
}

// Release answers every call that is held.
func (c *Catcher) Release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.release)
	c.release = make(chan struct{})
}

// Orphans is how many jobs of dead nodes nobody has taken over yet.
func (c *Catcher) Orphans() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.died)
}

// Takeovers are the times from the death of a node to the call of the next, job by job.
func (c *Catcher) Takeovers() Times {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append(Times(nil), c.takeovers...)
}
