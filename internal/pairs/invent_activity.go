package pairs

import (
	"fmt"
	"slices"
	"strings"
)

func (v *inventor) transaction(g *graph, depth int) (string, string) {
	n := v.add(g, "n", "transaction")
	v.within++
	n.body = v.scope(depth - 1)
	if v.may("revoke", 2) {
		v.revoke(n.body)
	}
	v.within--
	if v.IntN(4) > 0 {
		b := v.add(g, "b", "boundaryEvent")
		b.on, b.events = n.id, []event{{"cancel", ""}}
		v.follow(g, b.id)
	}
	v.dress(g, n)
	return n.id, n.id
}

// dress gives an activity mappings and boundary events.
func (v *inventor) dress(g *graph, n *vertex) {
	if v.may("inputs", 9) {
		n.in = append(n.in, mapping{"l", fmt.Sprintf("=x + %d", v.IntN(3))})
	}
	if v.may("outputs", 9) {
		n.out = append(n.out, mapping{[]string{"x", "y"}[v.IntN(2)], fmt.Sprintf("=x + %d", v.IntN(2))})
	}
	v.repeat(n)
	if v.may("quantity", 40) {
		n.attribute += fmt.Sprintf(` %s="2"`, []string{"startQuantity", "completionQuantity"}[v.IntN(2)])
	}
	for range v.IntN(3) {
		v.attach(g, n)
	}
}

// repeat gives an activity a loop or several instances.
func (v *inventor) repeat(n *vertex) {
	switch {
	case v.may("multi", 20):
		n.loop = v.multi()
	case v.may("repeat", 20):
		attributes, inside := "", ""
		if v.IntN(2) == 0 {
			attributes = ` testBefore="true"`
		}
		bounded := v.IntN(3) > 0
		if bounded {
			attributes += fmt.Sprintf(` loopMaximum="%d"`, 1+v.IntN(3))
		}
		if !bounded || v.IntN(2) == 0 {
			inside = `<loopCondition>` + escape(fmt.Sprintf("=loopCounter < %d and x < 9", 1+v.IntN(3))) + `</loopCondition>`
		}
		n.loop = `<standardLoopCharacteristics` + attributes + `>` + inside + `</standardLoopCharacteristics>`
	}
}

func (v *inventor) multi() string {
	attributes, extension, inside := "", "", ""
	if v.IntN(2) == 0 {
		attributes = ` isSequential="true"`
	}
	if v.IntN(2) == 0 {
		extension = `inputCollection="` + []string{"=[1,2,3]", "=[x,y]", "=[]", "=z"}[v.IntN(4)] + `" inputElement="item"`
	} else {
		inside = `<loopCardinality>` + []string{"1", "2", "3", "=x", "=y - 1", "0"}[v.IntN(6)] + `</loopCardinality>`
	}
	if v.IntN(2) == 0 {
		extension += ` outputCollection="results" outputElement="` + []string{"=x + loopCounter", "=item", "=y"}[v.IntN(3)] + `"`
	}
	if extension != "" {
		extension = `<extensionElements><zeebe:loopCharacteristics ` + extension + `/></extensionElements>`
	}
	if v.IntN(2) == 0 {
		done := []string{"=numberOfCompletedInstances >= 2", "=x > 4", "=numberOfActiveInstances <= 1", "=item > 1"}[v.IntN(4)]
		inside += `<completionCondition>` + escape(done) + `</completionCondition>`
	}
	return `<multiInstanceLoopCharacteristics` + attributes + `>` + extension + inside + `</multiInstanceLoopCharacteristics>`
}

// undoing gives a compensation boundary event its handler.
func (v *inventor) undoing(g *graph, b *vertex) {
	b.events, b.keep = []event{{"compensate", ""}}, false
	if g.catches(b) {
		return
	}
	g.nodes = append(g.nodes, b)
	kinds := []string{"serviceTask", "task", "userTask", "scriptTask", "subProcess"}
	if v.level > levelMax {
		kinds = kinds[:4]
	}
	h := v.add(g, "h", kinds[v.IntN(len(kinds))])
	h.undo, b.handler = true, h.id
	switch h.kind {
	case "subProcess":
		h.body = v.scope(0)
	case "scriptTask":
		h.script = "=x + 10"
	}
}

// refer lets half of the compensation events name an activity of their scope or of one around it.
func (v *inventor) refer() { v.referIn(v.body, nil) }

func (v *inventor) referIn(g *graph, outer []string) {
	candidates := slices.Clone(outer)
	for _, n := range g.nodes {
		if n.handler != "" {
			candidates = append(candidates, n.on)
		}
		if n.body != nil && !n.undo && n.attribute == "" {
			candidates = append(candidates, n.id)
		}
	}
	for _, n := range g.nodes {
		throws := n.kind == "intermediateThrowEvent" || n.kind == "endEvent"
		for i, e := range n.events {
			if throws && strings.HasPrefix(e.kind, "compensate") && len(candidates) > 0 && v.IntN(2) == 0 {
				n.events[i].value = candidates[v.IntN(len(candidates))]
			}
		}
		if n.body != nil {
			v.referIn(n.body, candidates)
		}
	}
}
