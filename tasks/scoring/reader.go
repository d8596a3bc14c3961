package scoring

import "tallystick/fault"

// Reader reads model files when they are deployed.
type Reader struct{}

// Read checks a model file completely, golden rows included, and returns its names. Findings of
// severity error forbid the deployment.
func (Reader) Read(data []byte) (id, name, versionTag string, details []fault.Detail) {
	m, details := Parse(data)
	if m == nil {
		return "", "", "", details
	}
	return m.ID, m.Name, m.Version, details
}
