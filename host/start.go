package host

import "tallystick/engine"

// startsByMessage reports whether messages start the process: then their correlation keys are locked.
func startsByMessage(def *engine.Definition) bool {
	for _, s := range def.Starts() {
		if s.Type == engine.SubscribesMessage {
			return true
		}
	}
	return false
}
