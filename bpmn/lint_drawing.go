package bpmn

import "strconv"

// shapes returns the diagram interchange of the file by the element that is drawn.
func (p *plan) shapes() map[string]*element {
	found := map[string]*element{}
	var walk func(e *element)
	walk = func(e *element) {
		if ref := e.ref("bpmnElement"); e.space == spaceDI && ref != "" && found[ref] == nil {
			found[ref] = e
		}
		for _, c := range e.children {
			walk(c)
		}
	}
	for _, c := range p.root.children {
		if c.space == spaceDI {
			walk(c)
		}
	}
	return found
}

// checkDrawn wants a shape or edge for each node and flow; a file without any is one finding.
func checkDrawn(p *plan) {
	shapes := p.shapes()
	if len(shapes) == 0 {
		p.say(p.root, "the file has no diagram; modelers cannot show it")
		return
	}
	for _, s := range p.scopes {
		for _, n := range s.nodes {
			if shapes[n.e.id()] == nil {
				p.say(n.e, "the element is not drawn")
			}
		}
		for _, f := range s.flows {
			if shapes[f.e.id()] == nil {
				p.say(f.e, "the flow is not drawn")
			}
		}
	}
}

// bounds is where a shape lies.
type bounds struct{ x, y, width, height float64 }

func boundsOf(shape *element) (b bounds, ok bool) {
	if shape == nil {
		return b, false
	}
	for _, c := range shape.children {
		if c.name != "Bounds" {
			continue
		}
		for name, into := range map[string]*float64{"x": &b.x, "y": &b.y, "width": &b.width, "height": &b.height} {
			value, err := strconv.ParseFloat(c.attr(name), 64)
			if err != nil {
				return b, false
			}
			*into = value
		}
		return b, true
	}
	return b, false
}

func (b bounds) overlaps(o bounds) bool {
	return b.x < o.x+o.width && o.x < b.x+b.width && b.y < o.y+o.height && o.y < b.y+b.height
}

func (b bounds) holds(o bounds) bool {
	return b.x <= o.x && b.y <= o.y && o.x+o.width <= b.x+b.width && o.y+o.height <= b.y+b.height
}

// overlapMax bounds how many shapes of one scope are compared with each other.
const overlapMax = 2000

func checkOverlap(p *plan) {
	shapes := p.shapes()
	for _, s := range p.scopes {
		p.overlaps(s, shapes)
	}
}

func (p *plan) overlaps(s *planScope, shapes map[string]*element) {
	type drawn struct {
		n *planNode
		b bounds
	}
	var earlier []drawn
	outer, nested := bounds{}, false
	if s.owner != nil {
		shape := shapes[s.owner.e.id()]
		outer, nested = boundsOf(shape)
		nested = nested && shape.attr("isExpanded") == "true"
	}
	for _, n := range s.nodes {
		b, ok := boundsOf(shapes[n.e.id()])
		if !ok || len(earlier) >= overlapMax {
			continue
		}
		if nested && n.kind != KindBoundaryEvent && !outer.holds(b) {
			p.say(n.e, "the element lies outside of %q", s.owner.e.id())
		}
		if n.kind == KindBoundaryEvent {
			continue // it lies on its activity
		}
		for _, o := range earlier {
			if b.overlaps(o.b) {
				p.say(n.e, "the element lies on %q", o.n.e.id())
				break
			}
		}
		earlier = append(earlier, drawn{n, b})
	}
}
