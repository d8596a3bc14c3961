package enginetest

import (
	"bytes"
	"errors"
	"fmt"

	"tallystick/engine"
)

// laws checks what must hold after every step. The errors are faults of the engine, never of a model.
func (i *instance) laws(before []byte, st engine.State, recs []engine.Record, refusal error) error {
	old, err := i.st.Encode()
	if err != nil {
		return err
	}
	if !bytes.Equal(before, old) {
		return errors.New("law broken: the step changed the state it was given")
	}
	now, err := st.Encode()
	if err != nil {
		return err
	}
	if refusal != nil && (len(recs) > 0 || !bytes.Equal(before, now)) {
		return errors.New("law broken: a refusal left a trace")
	}
	all := append(i.recs[:len(i.recs):len(i.recs)], recs...)
	return errors.Join(replays(now, all), stateSurvives(now), recordsSurvive(all), living(now), i.unique(recs))
}

func replays(now []byte, all []engine.Record) error {
	again, err := engine.Replay(all).Encode()
	if err == nil && !bytes.Equal(now, again) {
		err = fmt.Errorf("law broken: the records replay to\n%s, not to\n%s", again, now)
	}
	return err
}

func stateSurvives(now []byte) error {
	read, err := engine.DecodeState(now)
	if err != nil {
		return err
	}
	again, err := read.Encode()
	if err == nil && !bytes.Equal(now, again) {
		err = errors.New("law broken: the state does not survive encoding")
	}
	return err
}

func recordsSurvive(all []engine.Record) error {
	text, err := engine.EncodeRecords(all)
	if err != nil {
		return err
	}
	read, err := engine.DecodeRecords(text)
	if err != nil {
		return err
	}
	again, err := engine.EncodeRecords(read)
	if err == nil && !bytes.Equal(text, again) {
		err = errors.New("law broken: the records do not survive encoding")
	}
	return err
}
