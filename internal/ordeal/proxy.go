package ordeal

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Proxy carries the connections between nodes and their database, and breaks them when told to. Its methods may be
// called concurrently.
type Proxy struct {
	listen   net.Listener
	upstream atomic.Value // string

	mu    sync.Mutex
	pairs map[*pair]bool
	trap  atomic.Pointer[trap]
	all   sync.WaitGroup
}

// trap waits for the next COMMIT of any connection.
type trap struct {
	forward bool          // the COMMIT still reaches the database
	late    chan struct{} // when it does: once this is closed; nil is at once
	sprung  chan struct{}
	armed   atomic.Bool
}

// pair is one connection of a node and the one to the database behind it.
type pair struct {
	node, database *net.TCPConn
	stalled        chan struct{} // closed when a stall is over; nil when there is none
	mu             sync.Mutex
}

// NewProxy listens on a free port and carries connections to upstream.
func NewProxy(upstream string) (*Proxy, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{listen: l, pairs: map[*pair]bool{}}
	p.upstream.Store(upstream)
	p.all.Go(p.accept)
	return p, nil
}

// Address is where nodes find the proxy.
func (p *Proxy) Address() string { return p.listen.Addr().String() }

// Switch carries new connections to another database and cuts all others.
func (p *Proxy) Switch(upstream string) {
	p.upstream.Store(upstream)
	p.Cut()
}

// Close stops listening and cuts everything.
func (p *Proxy) Close() {
	_ = p.listen.Close() // it only listened
	p.Cut()
	p.all.Wait()
}

func (p *Proxy) accept() {
	for {
		c, err := p.listen.Accept()
		if err != nil {
			return
		}
		p.all.Go(func() { p.carry(c.(*net.TCPConn)) })
	}
}

func (p *Proxy) carry(node *net.TCPConn) {
	defer closeConn(node)
	d := net.Dialer{Timeout: 5 * time.Second}
	c, err := d.DialContext(context.Background(), "tcp", p.upstream.Load().(string))
	if err != nil {
		return
	}
	pr := &pair{node: node, database: c.(*net.TCPConn)}
	defer closeConn(pr.database)
	p.mu.Lock()
	p.pairs[pr] = true
	p.mu.Unlock()
	defer p.forget(pr)
	var back sync.WaitGroup
	back.Go(func() { pr.copy(pr.node, pr.database, func([]byte) bool { return true }) })
	f := &frames{}
	pr.copy(pr.database, pr.node, func(b []byte) bool { return p.watch(pr, f, b) })
	back.Wait()
}

// copy moves bytes until one side ends; pass sees them first and may end it.
func (pr *pair) copy(to, from *net.TCPConn, pass func([]byte) bool) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		pr.await()
		if n > 0 && (!pass(buffer[:n]) || !written(to, buffer[:n])) {
			break
		}
		if errors.Is(err, io.EOF) {
			_ = to.CloseWrite() // the other side may be gone already
			return
		}
		if err != nil {
			break
		}
	}
	pr.cut()
}

func written(to *net.TCPConn, b []byte) bool {
	_, err := to.Write(b)
	return err == nil
}

// await stands still while the pair is stalled.
func (pr *pair) await() {
	pr.mu.Lock()
	stalled := pr.stalled
	pr.mu.Unlock()
	if stalled != nil {
		<-stalled
	}
}

// watch looks for the COMMIT that a trap waits for. The trap cuts the connection before the answer can come back.
func (p *Proxy) watch(pr *pair, f *frames, b []byte) bool {
	if !f.commits(b) {
		return true
	}
	t := p.trap.Load()
	if t == nil || !t.armed.CompareAndSwap(true, false) {
		return true
	}
	if t.forward {
		closeConn(pr.node) // first, so that no answer slips through
		p.forget(pr)       // what is cut from here on is cut beside it
	}
	close(t.sprung)
	if t.forward {
		if t.late != nil {
			<-t.late
		}
		_ = written(pr.database, b)
		// The database reads what was sent before it sees the end.
		_ = pr.database.CloseWrite()
	}
	return false
}

func (p *Proxy) forget(pr *pair) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.pairs, pr)
}

func (pr *pair) cut() {
	closeConn(pr.node)
	closeConn(pr.database)
}

func closeConn(c net.Conn) { _ = c.Close() } // it is closed either way

// live is a copy of the connections there are.
func (p *Proxy) live() []*pair {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]*pair, 0, len(p.pairs))
	for pr := range p.pairs {
		out = append(out, pr)
	}
	return out
}
