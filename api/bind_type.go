package api

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"tallystick/engine"
	"tallystick/internal/canon"
	"tallystick/query"
)

// command holds the fields that every command may carry. Both go to the audit entry.
type command struct {
	OperationReference *int64 `json:"operationReference"`
	Reason             string `json:"reason"`
}

// why is the reason as the audit entry keeps it.
func (c command) why() string {
	if c.OperationReference == nil {
		return c.Reason
	}
	return strings.TrimSpace(fmt.Sprintf("%s operationReference=%d", c.Reason, *c.OperationReference))
}

// variables is an object of variables in a command.
type variables engine.Variables

func (v *variables) read(j canon.JSON, at string, f *findings) {
	f.object(j, at, func(fields map[string]canon.JSON) {
		*v = fields
		if _, empty := fields[""]; empty {
			f.add(at, fieldValue, "a variable has no name")
		}
	})
}

// tenant is the name of the only tenant; clients send it with every command.
type tenant string

func (t *tenant) read(j canon.JSON, at string, f *findings) {
	*t = tenant(f.text(j, at))
	if *t != "" && *t != query.Tenant {
		f.add(at, fieldValue, "the only tenant is %s", query.Tenant)
	}
}

// unserved is a field that clients know and this server does not serve: it may be there when it is empty.
type unserved struct{}

func (unserved) read(j canon.JSON, at string, f *findings) {
	switch j {
	case canon.Null, "", `""`, "[]", "{}", "false", "0":
	default:
		f.add(at, fieldValue, "the field is not supported by this server")
	}
}

// lease is a fencing token as clients hold it: the number of the lock.
type lease string

func (l *lease) read(j canon.JSON, at string, f *findings) { *l = lease(f.text(j, at)) }

// change is a time that a command sets, or clears with an empty text.
type change struct{ at *time.Time }

func (c *change) read(j canon.JSON, at string, f *findings) {
	var t time.Time
	if j != `""` {
		t = f.time(j, at)
	}
	c.at = &t
}

// instant is a point in time, as milliseconds since 1970 or as RFC 3339 text.
type instant struct{ time.Time }

func (i *instant) read(j canon.JSON, at string, f *findings) {
	if _, ok := j.Text(); ok {
		i.Time = f.time(j, at)
		return
	}
	i.Time = time.UnixMilli(f.whole(j, at)).UTC()
}

// millis is a duration in milliseconds.
type millis time.Duration

const millisMax = int64(24*time.Hour/time.Millisecond) * 3650

func (m *millis) read(j canon.JSON, at string, f *findings) {
	n := f.whole(j, at)
	if n > millisMax || n < -millisMax {
		f.add(at, fieldValue, "the duration is longer than ten years")
		return
	}
	*m = millis(time.Duration(n) * time.Millisecond)
}

// tags are at most ten short labels.
type tags []string

const tagsMax = 10

var tagForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_:.-]{0,99}$`)

func (t *tags) read(j canon.JSON, at string, f *findings) {
	items := j.Items()
	if items == nil {
		f.add(at, fieldType, "a list is expected")
	}
	if len(items) > tagsMax {
		f.add(at, fieldValue, "there are more than %d tags", tagsMax)
		return
	}
	for i, item := range items {
		tag := f.text(item, fmt.Sprintf("%s[%d]", at, i))
		if _, ok := item.Text(); ok && !tagForm.MatchString(tag) {
			f.add(fmt.Sprintf("%s[%d]", at, i), fieldValue, "a tag is a letter and up to 99 letters, digits and _ - : .")
		}
		*t = append(*t, tag)
	}
}
