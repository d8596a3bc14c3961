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
	out := bytes.NewBufferString("[")
	for i, r := range recs {
		if i > 0 {
			out.WriteByte(',')
		}
		if err := encodeRecord(out, r); err != nil {
			return nil, fault.Wrap(err, ErrRecord.Code, "%s cannot be written", r.Kind())
		}
	}
	out.WriteByte(']')
	return out.Bytes(), nil
}

func encodeRecord(out *bytes.Buffer, r Record) error {
	fields, err := marshal(r)
	if err != nil {
		return err
	}
	out.WriteString(`{"kind":"` + r.Kind() + `"`)
	if len(fields) > len("{}") {
		out.WriteByte(',')
	}
	out.Write(fields[1:])
	return nil
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
