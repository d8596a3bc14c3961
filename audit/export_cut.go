package audit

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
)

// cutEntryLine reads the number, the bytes and the hash of an entry's line without a JSON decoder,
// which takes half of a verification's time. It returns what follows "view":.
func cutEntryLine(raw []byte, p *parsed) (rest []byte, ok bool) {
	number, rest, ok := cutBetween(raw, `{"line":`, `,"ar1":"`)
	if !ok || len(number) > 18 {
		return nil, false
	}
	encoded, rest, ok := cutBetween(rest, "", `","hash":"`)
	if !ok {
		return nil, false
	}
	digits, rest, ok := cutBetween(rest, "", `","view":`)
	if !ok {
		return nil, false
	}
	line, err := strconv.ParseInt(string(number), 10, 64)
	if err != nil {
		return nil, false
	}
	ar1, err := base64.StdEncoding.AppendDecode(nil, encoded)
	if err != nil || p.Hash.UnmarshalText(digits) != nil {
		return nil, false
	}
	p.Line, p.AR1 = line, &ar1
	return rest, true
}

// cutDerived expects the view of the entry next, and then its private parts or the end.
func cutDerived(rest []byte, p *parsed, e *entryItem) bool {
	if e.View == nil {
		return false
	}
	rest, ok := bytes.CutPrefix(rest, e.View)
	if !ok {
		return false
	}
	p.View = json.RawMessage(e.View)
	rest, ok = bytes.CutSuffix(rest, []byte("}\n"))
	if !ok || len(rest) == 0 {
		return ok
	}
	private, ok := bytes.CutPrefix(rest, []byte(`,"private":`))
	return ok && json.Unmarshal(private, &e.Private) == nil
}

// cutBetween returns what stands between a prefix and the next occurrence of end, and the rest.
func cutBetween(b []byte, prefix, end string) (between, rest []byte, ok bool) {
	b, ok = bytes.CutPrefix(b, []byte(prefix))
	if !ok {
		return nil, nil, false
	}
	return bytes.Cut(b, []byte(end))
}
