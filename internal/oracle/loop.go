package oracle

// opensLoop begins the loop of an activity that has one.
func (i *Instance) opensLoop(a *active) bool {
	if a.node.Loop == nil && a.node.MultiInstance == nil || a.pass > 0 {
		return false
	}
	panic("oracle: loops are outside of what is read")
}
