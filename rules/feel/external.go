package feel

// external lowers a function that is defined outside of FEEL (10.3.2.13.3).
func (l *lowerer) external(n *functionNode) lowered {
	return dynamic(func(m *machine) Value {
		return m.fail(n.pos, "external functions have no equivalent here")
	})
}
