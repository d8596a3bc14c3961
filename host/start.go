package host

import "tallystick/engine"

// startsByMessage reports whether messages start the process: then their correlation keys are locked.
func startsByMessage(def *engine.Definition) bool {
	starts, ok := any(def).(interface{ Starts() []engine.StartInfo })
	if !ok {
		return false
	}
	for _, s := range starts.Starts() {
		if s.Type == engine.SubscribesMessage {
			return true
		}
	}
	return false
}
