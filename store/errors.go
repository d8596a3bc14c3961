package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"tallystick/fault"
	"tallystick/host"
)

// What the store answers besides *host.Moved.
var (
	ErrDSN          = fault.New(fault.Invalid, "store.dsn", "the DSN cannot be used")
	ErrLocked       = fault.New(fault.Conflict, "store.locked", "another process has the database")
	ErrUnsupported  = fault.New(fault.Invalid, "store.unsupported", "the database server is not supported")
	ErrUnavailable  = fault.New(fault.Overloaded, "store.unavailable", "the database does not answer")
	ErrUnknown      = fault.New(fault.Overloaded, "store.unknown", "whether the change was written is not known")
	ErrTooLarge     = fault.New(fault.TooLarge, "store.too_large", "a value is too large for the database")
	ErrFailed       = fault.New(fault.Internal, "store.failed", "the database refused a statement")
	ErrSource       = fault.New(fault.NotFound, "source.not_found", "no such deployed resource")
	ErrUserNotFound = fault.New(fault.NotFound, "user.not_found", "no such user")
	ErrField        = fault.New(fault.Invalid, "query.field", "the filter is not acceptable")
	ErrSort         = fault.New(fault.Invalid, "query.sort", "the sort is not acceptable")
	ErrPage         = fault.New(fault.Invalid, "query.page", "the page is not acceptable")
	ErrLong         = fault.New(fault.TooLarge, "instance.too_long", "the instance has done too much to be looked through")
)

// because is sentinel with a message and its cause, which is for the log only.
func because(sentinel *fault.Error, cause error, format string, args ...any) error {
	e := sentinel.With(format, args...)
	e.Cause = cause
	return e
}

// fault translates an error of a driver; doing says what was tried. Faults and lost races pass.
func (d *DB) fault(err error, doing string) error {
	var f *fault.Error
	var m *host.Moved
	if err == nil || errors.As(err, &f) || errors.As(err, &m) || errors.Is(err, errNothing) || errors.Is(err, errRaced) {
		return err
	}
	switch d.classify(err) {
	case unavailable, unsure:
		return because(ErrUnavailable, err, "the database did not %s", doing)
	case oversized:
		return because(ErrTooLarge, err, "a value is too large to %s", doing)
	case raced:
		return because(ErrUnavailable, err, "the database gave up on a conflict to %s", doing)
	}
	return because(ErrFailed, err, "the database refused to %s", doing)
}

// faultAtCommit is fault for an error of COMMIT itself: after a lost connection nobody can tell whether
// the transaction was written.
func (d *DB) faultAtCommit(err error) error {
	// database/sql answers with the error of the context before it sends COMMIT.
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return d.fault(err, "commit")
	}
	if d.classify(err) == unsure {
		return because(ErrUnknown, err, "the connection was lost at commit")
	}
	return d.fault(err, "commit")
}

func (d *DB) classify(err error) trouble {
	var network net.Error
	switch {
	case errors.Is(err, driver.ErrBadConn), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.As(err, &network):
		return unsure
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded),
		errors.Is(err, sql.ErrConnDone), errors.Is(err, sql.ErrTxDone):
		return unavailable
	}
	return d.dialect.trouble(err)
}
