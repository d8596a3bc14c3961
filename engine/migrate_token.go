package engine

import "tallystick/bpmn"

// planScope moves the tokens on the flows of a scope, and the complex gateways in it that wait to be reset. Joins
// go by flows, not by the number of tokens: what came by two flows must not come by one.
func (m *migration) planScope(scope int64) {
	r := TokensMigrated{Scope: scope}
	taken := map[*flow]string{}
	for t := range m.st.tokens.of(scope) {
		f := m.flow(m.from.flows[t.Flow], scope)
		if f == nil {
			continue
		}
		if other, twice := taken[f]; twice && joins(f.target) {
			m.refuse(ReasonMerged, f.target.id, scope, "the tokens of the flows %s and %s would come by %s", other, t.Flow, f.id)
		}
		taken[f] = t.Flow
		if f.id != t.Flow {
			r.Flows = append(r.Flows, FlowMigrated{Flow: f.id, From: t.Flow})
		}
	}
	r.Gateways = m.planGateways(scope)
	if len(r.Flows)+len(r.Gateways) > 0 {
		m.moving = append(m.moving, r)
	}
}

func joins(n *node) bool { return n.kind == bpmn.KindParallelGateway || n.join != nil }

// flow is the flow of the target that tokens of a flow rest on: that with its id, or else the only one between what
// its ends become.
func (m *migration) flow(f *flow, scope int64) *flow {
	target, fits := m.become(f.target, scope)
	if !fits {
		return nil
	}
	if same := m.def.flows[f.id]; same != nil && same.target == target {
		return same
	}
	source := m.target(f.source.id)
	var found []*flow
	if source != nil {
		for _, g := range source.outgoing {
			if g.target == target {
				found = append(found, g)
			}
		}
	}
	if len(found) != 1 {
		m.refuse(ReasonFlow, f.target.id, scope, "a token rests on the flow %s, and %d flows of the target fit", f.id, len(found))
		return nil
	}
	return found[0]
}

// planGateways moves complex gateways in their reset phase.
func (m *migration) planGateways(scope int64) []GatewayMigrated {
	var list []GatewayMigrated
	taken := map[string]bool{}
	for g := range m.st.gateways.of(scope) {
		target, fits := m.become(m.from.nodes[g.Element], scope)
		if !fits {
			continue
		}
		if taken[target.id] {
			m.refuse(ReasonMappedTwice, g.Element, scope, "another gateway becomes %s too", target.id)
			continue
		}
		taken[target.id] = true
		moved, changed := GatewayMigrated{Element: target.id, From: g.Element}, target.id != g.Element
		for _, id := range g.Flows {
			if f := m.flow(m.from.flows[id], scope); f != nil {
				moved.Flows, changed = append(moved.Flows, f.id), changed || f.id != id
			}
		}
		if changed {
			list = append(list, moved)
		}
	}
	return list
}
