package engine

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tallystick/bpmn"
	"tallystick/internal/canon"
	"tallystick/internal/lang"
)

// values reads attributes of an element that may be expressions. The first failure is kept; what is
// read after it is empty.
type values struct {
	x       *machine
	scope   int64
	problem *string // apart, so that what becomes of it does not make the machine escape
}

func (x *machine) values(scope int64) values { return values{x: x, scope: scope, problem: new(string)} }

func (v *values) fail(what string, format string, args ...any) {
	if *v.problem == "" {
		*v.problem = what + " " + fmt.Sprintf(format, args...)
	}
}

// value evaluates one attribute; null when it is absent or failed.
func (v *values) value(p *expression, what string) lang.Result {
	if *v.problem != "" {
		return lang.Result{Value: canon.Null}
	}
	r, err := v.x.eval(p, v.scope)
	if err != nil {
		v.fail(what, "cannot be evaluated: %s", message(err))
		return lang.Result{Value: canon.Null}
	}
	return r
}

// text reads a text; null is "".
func (v *values) text(p *expression, what string) string {
	r := v.value(p, what)
	if r.Value.IsNull() {
		return ""
	}
	text, ok := r.Value.Text()
	if !ok {
		v.fail(what, "is %s, no text", brief(r.Value))
	}
	return text
}

// name reads a text that must not be empty.
func (v *values) name(p *expression, what string) string {
	r := v.value(p, what)
	text, ok := r.Value.Text()
	if !ok || text == "" {
		v.fail(what, "is %s, no name%s", brief(r.Value), because(r.Warnings))
	}
	return text
}

// texts reads a list of texts or one text with commas; null is the empty list.
func (v *values) texts(p *expression, what string) []string {
	r := v.value(p, what)
	if r.Value.IsNull() {
		return nil
	}
	var list []string
	if text, ok := r.Value.Text(); ok {
		for part := range strings.SplitSeq(text, ",") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, part)
			}
		}
		return list
	}
	for _, item := range r.Value.Items() {
		text, ok := item.Text()
		if !ok || text == "" {
			v.fail(what, "holds %s, no name", brief(item))
		}
		list = append(list, text)
	}
	if list == nil && r.Value != "[]" {
		v.fail(what, "is %s, no list of names", brief(r.Value))
	}
	return list
}

// number reads a whole number, written as such or as a text; null is absent.
func (v *values) number(p *expression, what string, absent int) int {
	r := v.value(p, what)
	if r.Value.IsNull() {
		return absent
	}
	digits, isText := r.Value.Text()
	if !isText {
		digits = string(r.Value)
	}
	n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 32)
	if err != nil {
		v.fail(what, "is %s, no whole number", brief(r.Value))
	}
	return int(n)
}

// date reads a date and time, or a duration from now; null and "" are the zero time.
func (v *values) date(p *expression, what string) time.Time {
	text := v.text(p, what)
	if text == "" {
		return time.Time{}
	}
	s, err := readTimer(bpmn.TimerDate, text, v.x.at)
	if err != nil && strings.HasPrefix(strings.TrimPrefix(text, "-"), "P") {
		s, err = readTimer(bpmn.TimerDuration, text, v.x.at)
	}
	if err != nil {
		v.fail(what, "is wrong: %s", err)
	}
	return s.due
}

// brief shortens a value for a message.
func brief(value canon.JSON) string {
	const most = 80
	if len(value) <= most {
		return string(value)
	}
	return strings.ToValidUTF8(string(value[:most]), "") + "…"
}

// because adds the warnings of an evaluation to a message.
func because(warnings []string) string {
	if len(warnings) == 0 {
		return ""
	}
	return " (" + strings.Join(warnings, "; ") + ")"
}
