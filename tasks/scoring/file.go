package scoring

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"tallystick/internal/canon"
)

// file is a model file as written. What has no meaning for a kind must be absent.
type file struct {
	Format      string       `json:"format"`
	Kind        string       `json:"kind"`
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Version     string       `json:"version"`
	Description string       `json:"description"`
	Inputs      []fileInput  `json:"inputs"`
	Output      fileOutput   `json:"output"`
	Scorecard   *fileCard    `json:"scorecard"`
	Trees       *fileForest  `json:"boostedTrees"`
	Golden      []fileGolden `json:"golden"`
}

type fileInput struct {
	Name     string     `json:"name"`
	Type     string     `json:"type"`
	Min      *float64   `json:"min"`
	Max      *float64   `json:"max"`
	Values   []string   `json:"values"`
	Optional bool       `json:"optional"`
	Missing  canon.JSON `json:"missing"`
}

type fileOutput struct {
	Name   string   `json:"name"`
	Type   string   `json:"type"`
	Min    *float64 `json:"min"`
	Max    *float64 `json:"max"`
	Digits *int     `json:"digits"`
}

type fileCard struct {
	Base            float64              `json:"base"`
	Scale           string               `json:"scale"`
	Characteristics []fileCharacteristic `json:"characteristics"`
}

type fileCharacteristic struct {
	Input string    `json:"input"`
	Bins  []fileBin `json:"bins"`
}

type fileBin struct {
	Below   *float64     `json:"below"`
	In      []canon.JSON `json:"in"`
	Missing bool         `json:"missing"`
	Points  *float64     `json:"points"`
	Reason  string       `json:"reason"`
}

type fileForest struct {
	Base  float64    `json:"base"`
	Scale string     `json:"scale"`
	Trees []fileTree `json:"trees"`
}

// fileTree holds one array per property of a node; node 0 is the root. An empty feature is a leaf.
type fileTree struct {
	Feature     []string  `json:"feature"`
	Threshold   []float64 `json:"threshold"`
	Left        []int     `json:"left"`
	Right       []int     `json:"right"`
	MissingLeft []bool    `json:"missingLeft"`
	Value       []float64 `json:"value"`
}

type fileGolden struct {
	Inputs map[string]canon.JSON `json:"inputs"`
	Output *float64              `json:"output"`
}

// keys are the field names of the format. encoding/json matches names regardless of case, the format
// does not.
var keys = map[string]bool{
	"format": true, "kind": true, "id": true, "name": true, "version": true, "description": true,
	"inputs": true, "output": true, "scorecard": true, "boostedTrees": true, "golden": true,
	"type": true, "min": true, "max": true, "values": true, "optional": true, "missing": true, "digits": true,
	"base": true, "scale": true, "characteristics": true, "input": true, "bins": true,
	"below": true, "in": true, "points": true, "reason": true,
	"trees": true, "feature": true, "threshold": true, "left": true, "right": true, "missingLeft": true, "value": true,
}

// decode reads the text strictly: acceptable JSON, no unknown, doubled or differently spelled field.
func decode(data []byte) (*file, error) {
	doc, err := canon.Parse(data)
	if err != nil {
		return nil, err
	}
	if name := misspelled(doc); name != "" {
		return nil, errors.New("unknown field " + string(canon.String(name)))
	}
	dec := json.NewDecoder(bytes.NewReader([]byte(doc)))
	dec.DisallowUnknownFields()
	var f file
	if err := dec.Decode(&f); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("unexpected text after the model")
	}
	return &f, nil
}

// misspelled returns a field name that the format does not have, "" when there is none. The inputs of
// golden rows are named by the model.
func misspelled(j canon.JSON) string {
	for name, value := range j.Fields() {
		if !keys[name] {
			return name
		}
		if name == "inputs" && value[0] == '{' {
			continue
		}
		if inner := misspelled(value); inner != "" {
			return inner
		}
	}
	for _, item := range j.Items() {
		if inner := misspelled(item); inner != "" {
			return inner
		}
	}
	return ""
}
