package audit

import "strings"

// An entry with this category and action accounts for private parts that are gone: those of the
// subjects it names, those under the data keys it names, or all those of the stream that its
// resource names (stream:<name>), in its tenant and up to its time.
const (
	CategoryAudit = "audit"
	ActionErase   = "erase"
)

const streamPrefix = "stream:"

// clockTolerance is how far the clocks of two nodes may differ (microseconds), so that an erasure
// on one node accounts for an entry written just before on another.
const clockTolerance = 5_000_000

// erasures remembers, per thing erased, the time of the latest erasure.
type erasures map[erasedThing]int64

// erasedThing is a subject, a data key or a stream of a tenant.
type erasedThing struct {
	tenant string
	kind   byte
	name   string
}

const (
	erasedSubject = 's'
	erasedKey     = 'k'
	erasedStream  = 'r'
)

// missingPart is a private part that was not at hand, and what could account for it.
type missingPart struct {
	line   int64
	at     int64
	part   string
	tenant string
	stream string
	seq    int64
	things []erasedThing
}

func (x *erasures) note(e *Entry) {
	if e.Category != CategoryAudit || e.Action != ActionErase || e.Outcome != OutcomeOK {
		return
	}
	if *x == nil {
		*x = erasures{}
	}
	for _, s := range e.Subjects {
		x.keep(erasedThing{e.Tenant, erasedSubject, s}, e.NodeTime)
	}
	for _, k := range e.DataKeys {
		x.keep(erasedThing{e.Tenant, erasedKey, k}, e.NodeTime)
	}
	if e.Resource == nil {
		return
	}
	if stream, ok := strings.CutPrefix(*e.Resource, streamPrefix); ok {
		x.keep(erasedThing{e.Tenant, erasedStream, stream}, e.NodeTime)
	}
}

func (x erasures) keep(t erasedThing, at int64) {
	if last, ok := x[t]; !ok || at > last {
		x[t] = at
	}
}

func (x erasures) cover(m missingPart) bool {
	for _, t := range m.things {
		if at, ok := x[t]; ok && at >= m.at-clockTolerance {
			return true
		}
	}
	return false
}

// noteMissing settles a missing part at once when it can, so that a log with many erasures does
// not have to be remembered whole.
func (v *Verifier) noteMissing(e *Entry, part string) {
	if v.PrivateOmitted {
		v.omitted++
		return
	}
	m := missingPart{
		line: v.line, at: e.NodeTime, part: part, tenant: e.Tenant, stream: e.Stream, seq: e.Seq,
		things: []erasedThing{{e.Tenant, erasedStream, e.Stream}},
	}
	for _, s := range e.Subjects {
		m.things = append(m.things, erasedThing{e.Tenant, erasedSubject, s})
	}
	if k, ok := e.DataKeys[part]; ok {
		m.things = append(m.things, erasedThing{e.Tenant, erasedKey, k})
	}
	if v.erasures.cover(m) {
		v.erased++
		return
	}
	v.missing = append(v.missing, m)
}

func (m missingPart) broken() *Break {
	err := ErrPrivateMissing.With("private part %q is missing and no erasure accounts for it", m.part)
	return &Break{
		Line: m.line, Tenant: m.tenant, Stream: m.stream, Seq: m.seq, Code: err.Code, Reason: err.Message,
	}
}
