package audit

import (
	"errors"
	"fmt"

	"tallystick/fault"
)

// What can be wrong with a log. A Break matches its cause with errors.Is.
var (
	// ErrEntryAltered: the bytes of an entry do not have the hash that was stored with it.
	ErrEntryAltered = fault.New(fault.Invalid, "entry.altered", "the entry does not have the stored hash")
	// ErrStreamForeign: an entry belongs to another origin, tenant or stream.
	ErrStreamForeign = fault.New(fault.Invalid, "stream.foreign", "the entry belongs elsewhere")
	// ErrStreamGap: the sequence number is not the next one of the stream.
	ErrStreamGap = fault.New(fault.Invalid, "stream.gap", "the sequence has a gap or a repetition")
	// ErrStreamBroken: an entry does not follow on the entry before it.
	ErrStreamBroken = fault.New(fault.Invalid, "stream.broken", "the entry does not follow on the one before")
	// ErrPrivateAltered: a private part is not the one that the entry commits to.
	ErrPrivateAltered = fault.New(fault.Invalid, "private.altered", "the private part does not match its commitment")
	// ErrPrivateMissing: a private part is gone and no erasure accounts for it.
	ErrPrivateMissing = fault.New(fault.Invalid, "private.missing", "the private part is missing without an erasure")
	// ErrExportMalformed: a line of an export has not the form that Writer gives it.
	ErrExportMalformed = fault.New(fault.Invalid, "export.malformed", "the line is malformed")
	// ErrExportAltered: a line of an export contradicts the other lines.
	ErrExportAltered = fault.New(fault.Invalid, "export.altered", "the line contradicts the others")
	// ErrExportTruncated: an export ends before its closing line.
	ErrExportTruncated = fault.New(fault.Invalid, "export.truncated", "the export ends early")
)

// Break is one place where a log is not what it should be. Line counts the lines of an export
// from 1; in a Verifier that is fed without a file it counts the entries.
type Break struct {
	Line   int64  `json:"line,omitempty"`
	Tenant string `json:"tenant,omitempty"`
	Stream string `json:"stream,omitempty"`
	Seq    int64  `json:"seq,omitempty"`
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// Error names the place, the code and the reason.
func (b *Break) Error() string {
	place := ""
	if b.Line > 0 {
		place = fmt.Sprintf("line %d: ", b.Line)
	}
	if b.Stream != "" || b.Seq != 0 {
		place += fmt.Sprintf("tenant %q stream %q seq %d: ", b.Tenant, b.Stream, b.Seq)
	}
	return place + b.Code + ": " + b.Reason
}

// Unwrap returns the coded error, so that errors.Is finds the sentinels of this package.
func (b *Break) Unwrap() error { return fault.New(fault.Invalid, b.Code, "%s", b.Reason) }

// breakOf makes a Break from an error of this package; e may be nil when no entry could be read.
func breakOf(e *Entry, err error) *Break {
	b := &Break{Code: fault.CodeOf(err), Reason: err.Error()}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		b.Reason = f.Message
	}
	if e != nil {
		b.Tenant, b.Stream, b.Seq = e.Tenant, e.Stream, e.Seq
	}
	return b
}
