package audit

import (
	"crypto/sha256"
	"encoding/json"
	"time"
)

// ExportFormat names the export format in the manifest.
const ExportFormat = "tallystick-audit-export/1"

// Manifest is the first line of an export: where it comes from and what it holds. With a Filter a
// stream may begin after its first entry, but has no gaps. Private tells that private parts are
// included; without it none is missing.
type Manifest struct {
	Origin     string
	ExportedAt int64 // microseconds since 1970
	Exporter   string
	Filter     map[string]string
	Private    bool
}

// MarshalJSON writes the manifest as it stands in the first line.
func (m Manifest) MarshalJSON() ([]byte, error) { return m.append(nil), nil }

// UnmarshalJSON reads what MarshalJSON wrote.
func (m *Manifest) UnmarshalJSON(b []byte) error {
	var raw struct {
		Format     string            `json:"format"`
		Origin     string            `json:"origin"`
		ExportedAt string            `json:"exportedAt"`
		Exporter   string            `json:"exporter"`
		Private    bool              `json:"private"`
		Filter     map[string]string `json:"filter"`
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		return ErrExportMalformed.With("the manifest is no JSON of its kind: %v", err)
	}
	if raw.Format != ExportFormat {
		return ErrExportMalformed.With("the format is %q, expected %q", raw.Format, ExportFormat)
	}
	at, err := time.Parse(timeLayout, raw.ExportedAt)
	if err != nil {
		return ErrExportMalformed.With("the time of the export is %q", raw.ExportedAt)
	}
	*m = Manifest{
		Origin: raw.Origin, ExportedAt: at.UnixMicro(), Exporter: raw.Exporter,
		Filter: raw.Filter, Private: raw.Private,
	}
	return nil
}

func (m Manifest) append(b []byte) []byte {
	b = appendQuoted(append(b, `{"format":`...), ExportFormat)
	b = appendQuoted(append(b, `,"origin":`...), m.Origin)
	b = appendTime(append(b, `,"exportedAt":`...), m.ExportedAt)
	b = appendQuoted(append(b, `,"exporter":`...), m.Exporter)
	if m.Private {
		b = append(b, `,"private":true`...)
	}
	if len(m.Filter) > 0 {
		b = appendMap(append(b, `,"filter":`...), m.Filter, appendQuoted)
	}
	return append(b, '}')
}

// Line is one exported entry: its stored bytes, the hash stored beside them, the view derived
// from the bytes (nil when they cannot be decoded) and its private parts.
type Line struct {
	AR1     []byte
	Hash    Hash
	View    View
	Private Private
}

// Entry decodes the line's bytes.
func (l Line) Entry() (Entry, error) { return Decode(l.AR1) }

// closing is the last line of an export.
type closing struct {
	Entries int64 `json:"entries"`
	Streams int   `json:"streams"`
	SHA256  Hash  `json:"sha256"`
}

// appendOpening begins every line. The number makes a line that was moved show where it is.
func appendOpening(b []byte, line int64) []byte {
	return append(appendInteger(append(b, `{"line":`...), line), ',')
}

func appendManifestLine(b []byte, line int64, m Manifest) []byte {
	object := m.append(nil)
	b = append(appendName(appendOpening(b, line), "manifest"), object...)
	b = appendHash(append(b, `,"sha256":`...), sha256.Sum256(object))
	return append(b, '}', '\n')
}

func appendEntryLine(b []byte, line int64, l Line) []byte {
	b = appendBase64(appendName(appendOpening(b, line), "ar1"), l.AR1)
	b = appendHash(append(b, `,"hash":`...), l.Hash)
	b = append(b, `,"view":`...)
	if l.View == nil {
		b = append(b, `null`...)
	}
	b = append(b, l.View...)
	if len(l.Private) > 0 {
		b = appendMap(append(b, `,"private":`...), l.Private, appendPart)
	}
	return append(b, '}', '\n')
}

func appendPart(b []byte, p Part) []byte {
	b = appendHash(append(b, `{"salt":`...), Hash(p.Salt))
	b = appendBase64(append(b, `,"data":`...), p.Data)
	return append(b, '}')
}

func appendHeadLine(b []byte, line int64, s Span) []byte {
	b = append(appendName(appendOpening(b, line), "head"), '{')
	b = appendQuoted(appendName(b, "origin"), s.Origin)
	b = appendQuoted(append(b, `,"tenant":`...), s.Tenant)
	b = appendQuoted(append(b, `,"stream":`...), s.Stream)
	b = appendInteger(append(b, `,"first":`...), s.First)
	b = appendInteger(append(b, `,"last":`...), s.Last)
	b = appendHash(append(b, `,"hash":`...), s.Hash)
	return append(b, '}', '}', '\n')
}

func appendClosingLine(b []byte, line int64, c closing) []byte {
	b = append(appendName(appendOpening(b, line), "closing"), '{')
	b = appendInteger(appendName(b, "entries"), c.Entries)
	b = appendInteger(append(b, `,"streams":`...), int64(c.Streams))
	b = appendHash(append(b, `,"sha256":`...), c.SHA256)
	return append(b, '}', '}', '\n')
}
