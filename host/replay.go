package host

import (
	"encoding/json"

	"tallystick/engine"
)

// Replay returns the state that the records in the private parts of an instance's entries lead to, in
// order of their sequence: what the instance must look like if the log is true.
func Replay(privates [][]byte) (engine.State, error) {
	var all []engine.Record
	for _, p := range privates {
		recs, err := RecordsOf(p)
		if err != nil {
			return engine.State{}, err
		}
		all = append(all, recs...)
	}
	return engine.Replay(all), nil
}

// RecordsOf reads the records out of the private part of a command's entry; none for other entries.
func RecordsOf(private []byte) ([]engine.Record, error) {
	var text struct {
		Records json.RawMessage `json:"records"`
	}
	if err := json.Unmarshal(private, &text); err != nil || text.Records == nil {
		return nil, err
	}
	return engine.DecodeRecords(text.Records)
}
