package ordeal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// Outcome is what a client knows of a call.
type Outcome string

// The outcomes of a call.
const (
	Done    Outcome = "done"    // acknowledged: it must be there
	Refused Outcome = "refused" // answered with no, or never sent: it must not be there
	Unknown Outcome = "unknown" // no answer, or one that says so: it may be there, once
)

// callMax is how long a client waits for an answer.
const callMax = 40 * time.Second

// Call is one request. With a Key the server carries it out once, however often it is sent.
type Call struct {
	Method, Path, Key string
	Body              any
}

// Answer is what came back.
type Answer struct {
	Status   int
	Code     string // of the problem body of a refusal
	Body     []byte
	Err      error // of the transport
	Node     string
	Returned time.Time
}

// Client speaks to the nodes of one installation with an API token. When its node cannot be reached, it goes on with
// the next. It may be used by many goroutines.
type Client struct {
	nodes []string
	token string
	http  *http.Client
	turn  atomic.Int64
}

// NewClient returns a client that begins with the node at turn.
func NewClient(nodes []string, token string, turn int) *Client {
	c := &Client{nodes: nodes, token: token, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}}
	c.turn.Store(int64(turn))
	return c
}

// Close gives idle connections back.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Do sends a call once.
func (c *Client) Do(ctx context.Context, call Call) Answer {
	ctx, cancel := context.WithTimeout(ctx, callMax)
	defer cancel()
	turn := c.turn.Load()
	node := c.nodes[int(turn)%len(c.nodes)]
	a := c.send(ctx, node, call)
	a.Node, a.Returned = node, time.Now()
	if a.Err != nil || a.Status == http.StatusServiceUnavailable {
		c.turn.CompareAndSwap(turn, turn+1)
	}
	return a
}

func (c *Client) send(ctx context.Context, node string, call Call) Answer {
	var body io.Reader = http.NoBody
	if call.Body != nil {
		text, err := json.Marshal(call.Body)
		if err != nil {
			return Answer{Err: err}
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, call.Method, node+call.Path, body)
	if err != nil {
		return Answer{Err: err}
	}
	if call.Body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if call.Key != "" {
		// Spelled in small letters: under its usual spelling net/http repeats a broken call by itself, and what the
		// repetition meets would hide what became of the first.
		req.Header["idempotency-key"] = []string{call.Key}
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	res, err := c.http.Do(req)
	if err != nil {
		return Answer{Err: err}
	}
	defer res.Body.Close()
	a := Answer{Status: res.StatusCode}
	if a.Body, err = io.ReadAll(res.Body); err != nil {
		a.Err = err
	}
	if a.Status >= http.StatusBadRequest && a.Err == nil {
		var p struct{ Code string }
		if json.Unmarshal(a.Body, &p) == nil {
			a.Code = p.Code
		}
	}
	return a
}

// Outcome is what the answer says of the change that was asked for. Every 503 but one promises that nothing was
// changed; 500 and 504 promise nothing.
func (a Answer) Outcome() Outcome {
	var op *net.OpError
	switch {
	case a.Err != nil && errors.As(a.Err, &op) && op.Op == "dial":
		return Refused
	case a.Err != nil:
		return Unknown
	case a.Status < http.StatusBadRequest:
		return Done
	case a.Status == http.StatusServiceUnavailable && a.Code != "store.unknown":
		return Refused
	case a.Status >= http.StatusInternalServerError:
		return Unknown
	}
	return Refused
}

// Passing reports whether the same call may do better later: the server, not the request, was the reason.
func (a Answer) Passing() bool {
	return a.Err != nil || a.Status >= http.StatusInternalServerError || a.Status == http.StatusTooManyRequests
}

// Patient sends a call until the answer does not depend on the moment any more, or ctx ends.
func (c *Client) Patient(ctx context.Context, call Call) Answer {
	for {
		a := c.Do(ctx, call)
		if !a.Passing() || !pause(ctx, 20*time.Millisecond) {
			return a
		}
	}
}

// pause waits; false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
