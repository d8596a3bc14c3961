package engine

import "tallystick/fault"

// ErrScopeNotFound refuses to write variables of a scope that is not active.
var ErrScopeNotFound = fault.New(fault.NotFound, "scope.not_found", "no such scope")

func (x *machine) setVariables(c SetVariables) error {
	if _, ok := x.st.elements.get(rowID{key: c.Scope}); !ok && c.Scope != x.st.key {
		return ErrScopeNotFound.With("no active scope has the key %d", c.Scope)
	}
	if err := x.mayStore(c.Variables); err != nil {
		return err
	}
	x.setAll(c.Variables, func(name string) int64 {
		if c.Local {
			return c.Scope
		}
		return x.st.home(c.Scope, name)
	})
	return nil
}
