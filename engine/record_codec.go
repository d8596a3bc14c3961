package engine

import (
	"bytes"
	"encoding/json"

	"tallystick/fault"
)

// ErrRecord says that a text is no list of records of this build or an older one.
var ErrRecord = fault.New(fault.Internal, "record.invalid", "the text is no list of records")

// EncodeRecords writes records as a JSON array of objects, each with its kind as the first field.
// Equal records give equal bytes.
func EncodeRecords(recs []Record) ([]byte, error) {
	const usual = 160
	t := text{out: append(make([]byte, 0, 2+usual*len(recs)), '[')}
	for i, r := range recs {
		if i > 0 {
			t.out = append(t.out, ',')
		}
		t.out = append(t.out, '{')
		t.string("kind", r.Kind())
		r.fields(&t)
		t.close()
		if t.err != nil {
			return nil, fault.Wrap(t.err, ErrRecord.Code, "%s cannot be written", r.Kind())
		}
	}
	return append(t.out, ']'), nil
}

// DecodeRecords reads what EncodeRecords wrote, in this build or an older one; else ErrRecord.
func DecodeRecords(text []byte) ([]Record, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fault.Wrap(err, ErrRecord.Code, "no JSON array")
	}
	recs := make([]Record, 0, len(list))
	for i, item := range list {
		var head struct {
			Kind string `json:"kind"`
		}
		if err := json.Unmarshal(item, &head); err != nil {
			return nil, fault.Wrap(err, ErrRecord.Code, "record %d is no object", i)
		}
		reader, ok := kinds[head.Kind]
		if !ok {
			return nil, ErrRecord.With("record %d has the unknown kind %q", i, head.Kind)
		}
		r, err := reader(item)
		if err != nil {
			return nil, fault.Wrap(err, ErrRecord.Code, "record %d is no %s", i, head.Kind)
		}
		recs = append(recs, r)
	}
	return recs, nil
}

// marshal writes JSON as it is: the escapes that encoding/json adds for HTML would make stored variables
// differ from their canonical text.
func marshal(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
