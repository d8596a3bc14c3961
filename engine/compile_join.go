package engine

import "tallystick/bpmn"

// join is what a gateway knows that looks upstream before it takes tokens: an inclusive gateway (13.4.3), and a
// complex one for its reset (13.4.5).
type join struct {
	node  *node
	flows []*flow // the incoming ones, which have the bits from 0
	// reach has for each node of the scope the incoming flows that a path from the node ends with. Paths follow
	// sequence flows and links and do not visit the gateway. They do not follow boundary events, as the letter of
	// the standard says: when such an event fires, the gateway is looked at again.
	reach bits
	words int // of reach, for each node
}

// bits is a set of the incoming flows of a join.
type bits []uint64

func (b bits) has(i int) bool { return b[i/64]&(1<<(i%64)) != 0 }
func (b bits) add(i int)      { b[i/64] |= 1 << (i % 64) }

// meets reports whether the sets have something in common.
func (b bits) meets(c bits) bool {
	for i := range b {
		if b[i]&c[i] != 0 {
			return true
		}
	}
	return false
}

// isJoin reports whether a gateway looks upstream. One with a single incoming flow never waits.
func isJoin(n *node) bool {
	return n.kind == bpmn.KindInclusiveGateway && len(n.incoming) > 1 || n.kind == bpmn.KindComplexGateway
}

// joins gives the nodes of a scope and of those inside it their places, and the gateways that look upstream
// their paths.
func (c *compiler) joins(s *bpmn.Scope) {
	if s == nil {
		return
	}
	var nodes []*node
	for _, b := range s.Nodes {
		n := c.def.nodes[b.ID]
		n.place = len(nodes)
		n.activation = c.optional(b, b.Activation)
		nodes = append(nodes, n)
		c.joins(b.Body)
	}
	var before [][]*node
	for i, n := range nodes {
		if isJoin(n) {
			if !c.mayJoin(s.Nodes[i], n, len(nodes)) {
				return
			}
			if before == nil {
				before = c.before(s, nodes)
			}
			n.join = c.join(n, before)
			c.def.joins = true
			c.def.complex = c.def.complex || n.kind == bpmn.KindComplexGateway
		}
	}
}

// mayJoin counts the paths of a gateway, from each node of its scope to each of its incoming flows, towards the limit.
func (c *compiler) mayJoin(b *bpmn.Node, n *node, nodes int) bool {
	c.paths += nodes * len(n.incoming)
	if c.paths <= JoinPathsMax {
		return true
	}
	c.report(CodeModelTooLarge, b.ID, b.Position,
		"too many inclusive and complex gateways for so many nodes: the incoming flows of the gateways times the nodes of their scope are more than 4000000")
	return false
}

// before returns for each node of a scope the nodes from which a token may come.
func (c *compiler) before(s *bpmn.Scope, nodes []*node) [][]*node {
	sources := make([][]*node, len(nodes))
	add := func(from, to *node) { sources[to.place] = append(sources[to.place], from) }
	catching := map[string]*node{}
	link := func(b *bpmn.Node, k bpmn.Kind) bool {
		return b.Kind == k && b.Event != nil && b.Event.Kind == bpmn.EventLink
	}
	for _, b := range s.Nodes {
		if link(b, bpmn.KindIntermediateCatchEvent) {
			catching[b.Event.Link] = c.def.nodes[b.ID]
		}
	}
	for _, b := range s.Nodes {
		n := c.def.nodes[b.ID]
		for _, f := range n.outgoing {
			add(n, f.target)
		}
		if link(b, bpmn.KindIntermediateThrowEvent) && catching[b.Event.Link] != nil {
			add(n, catching[b.Event.Link])
		}
	}
	return sources
}

// join searches upstream from each incoming flow of a gateway.
func (c *compiler) join(n *node, before [][]*node) *join {
	j := &join{node: n}
	for _, id := range n.incoming {
		j.flows = append(j.flows, c.def.flows[id])
	}
	j.words = (len(j.flows) + 63) / 64
	j.reach = make(bits, j.words*len(before))
	for i, f := range j.flows {
		for todo := []*node{f.source}; len(todo) > 0; {
			at := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if j.at(at).has(i) {
				continue
			}
			j.at(at).add(i)
			if at != n {
				todo = append(todo, before[at.place]...)
			}
		}
	}
	return j
}

// at returns the incoming flows that a token on a node can come to.
func (j *join) at(n *node) bits { return j.reach[n.place*j.words : (n.place+1)*j.words] }

// from returns the incoming flows that a token on a flow can come to.
func (j *join) from(f *flow) bits {
	if f.target != j.node {
		return j.at(f.target)
	}
	own := make(bits, j.words)
	for i := range j.flows {
		if j.flows[i] == f {
			own.add(i)
		}
	}
	return own
}
