package engine

// FlowInfo names a sequence flow of a definition.
type FlowInfo struct{ ID, Source, Target string }

// Flows returns the sequence flows of all scopes, in the document order of the nodes that they leave.
func (d *Definition) Flows() []FlowInfo {
	var infos []FlowInfo
	for _, n := range d.order {
		for _, f := range n.outgoing {
			infos = append(infos, FlowInfo{ID: f.id, Source: n.id, Target: f.target.id})
		}
	}
	return infos
}
