package engine

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// inventor writes random block-structured models in the notation of model_test.go.
type inventor struct {
	*rand.Rand
	text strings.Builder
	n    int
}

// inventModel returns a model that passes Compile: every block has one entry and one exit.
func inventModel(r *rand.Rand) string {
	v := &inventor{Rand: r}
	v.scope(3)
	return v.text.String()
}

func (v *inventor) id(prefix string) string {
	v.n++
	return fmt.Sprintf("%s%d", prefix, v.n)
}

func (v *inventor) line(format string, args ...any) { fmt.Fprintf(&v.text, format+"\n", args...) }

// scope writes a start event, a sequence of blocks and an end event.
func (v *inventor) scope(depth int) {
	start, end := v.id("s"), v.id("e")
	v.line("start %s", start)
	first, last := v.sequence(depth)
	v.handler(depth)
	switch v.IntN(12) {
	case 0:
		v.line("end %s terminate", end)
	case 1:
		v.line("end %s error=E%d", end, v.IntN(3))
	case 2:
		v.line("end %s escalation=X%d", end, v.IntN(2))
	case 3:
		v.line("end %s compensate", end)
	default:
		v.line("end %s", end)
	}
	v.line("%s -> %s", start, first)
	v.line("%s -> %s", last, end)
}

func (v *inventor) sequence(depth int) (first, last string) {
	first, last = v.block(depth)
	for range v.IntN(3) {
		entry, exit := v.block(depth)
		v.line("%s -> %s", last, entry)
		last = exit
	}
	return first, last
}

// block writes one block; deeper ones only while depth lasts.
func (v *inventor) block(depth int) (entry, exit string) {
	if depth == 0 {
		return v.single()
	}
	switch v.IntN(8) {
	case 0:
		return v.fork("xor", depth)
	case 1:
		return v.fork("and", depth)
	case 2:
		return v.loop(depth)
	case 3, 4:
		return v.box(depth)
	}
	return v.single()
}

// single writes an activity or event, most of them with something attached.
func (v *inventor) single() (string, string) {
	id := v.id("n")
	switch v.IntN(9) {
	case 0:
		v.line("task %s", id)
	case 1:
		v.line("user %s due==due", id)
	case 2, 3:
		v.line("service %s type=w", id)
		if v.IntN(3) == 0 {
			v.line(`out %s x "=x + 1"`, id)
		}
	case 4:
		v.line(`script %s expr="=x + %d" result=x`, id, v.IntN(3))
	case 5:
		v.line("catch %s %s", id, v.awaited())
		return id, id
	case 6:
		v.line("throw %s %s", id, []string{"compensate", "compensate", "compensate nowait", "message=m1", "signal=g1 escalation=X1"}[v.IntN(5)])
		return id, id
	case 7:
		v.line("throw %s escalation=X%d", id, v.IntN(3))
		return id, id
	case 8:
		v.line("manual %s", id)
		v.line(`in %s l "=x"`, id)
	}
	v.attach(id)
	return id, id
}

// attach writes boundary events and a compensation handler.
func (v *inventor) attach(to string) {
	keep := []string{"", " keep"}[v.IntN(2)]
	b, end := v.id("b"), v.id("e")
	switch v.IntN(9) {
	case 0, 8:
		v.line("boundary %s on=%s %s%s", b, to, v.awaited(), keep)
	case 1:
		v.line("boundary %s on=%s cycle=R3/PT20M keep", b, to)
	case 2:
		v.line("boundary %s on=%s error=E%d", b, to, v.IntN(3))
	case 3:
		v.line("boundary %s on=%s error", b, to)
	case 4:
		v.line("boundary %s on=%s escalation%s", b, to, keep)
	case 5, 6:
		h := v.id("h")
		v.line("boundary %s on=%s compensate=%s", b, to, h)
		v.line([]string{"service %s undo type=w", "task %s undo", "user %s undo"}[v.IntN(3)], h)
		return
	default:
		return
	}
	v.line("end %s", end)
	if v.IntN(2) == 0 {
		u := v.id("n")
		v.line("user %s", u)
		v.line("%s -> %s -> %s", b, u, end)
		return
	}
	v.line("%s -> %s", b, end)
}

func (v *inventor) fork(kind string, depth int) (string, string) {
	split, join := v.id("g"), v.id("g")
	v.line("%s %s", kind, split)
	v.line("%s %s", kind, join)
	branches := 2 + v.IntN(2)
	for i := range branches {
		first, last := v.sequence(depth - 1)
		switch {
		case kind == "and":
			v.line("%s -> %s", split, first)
		case i == branches-1 && v.IntN(4) > 0:
			v.line("%s -> %s default", split, first)
		default:
			v.line("%s -> %s if =x > %d", split, first, v.IntN(6))
		}
		v.line("%s -> %s", last, join)
	}
	return split, join
}

// loop repeats a sequence while x is small; x grows in it.
func (v *inventor) loop(depth int) (string, string) {
	entry, inc, exit := v.id("g"), v.id("n"), v.id("g")
	v.line("xor %s", entry)
	v.line(`script %s expr="=x + 1" result=x`, inc)
	v.line("xor %s", exit)
	after := v.id("n")
	v.line("task %s", after)
	first, last := v.sequence(depth - 1)
	v.line("%s -> %s -> %s", entry, inc, first)
	v.line("%s -> %s", last, exit)
	v.line("%s -> %s if =x < %d", exit, entry, 1+v.IntN(6))
	v.line("%s -> %s default", exit, after)
	return entry, after
}

func (v *inventor) box(depth int) (string, string) {
	id := v.id("n")
	if v.IntN(4) == 0 {
		return v.transaction(id, depth)
	}
	v.line("sub %s (", id)
	v.scope(depth - 1)
	v.line(")")
	if v.IntN(2) == 0 {
		v.line(`in %s x "=x"`, id)
	}
	v.attach(id)
	return id, id
}

// awaited returns one or several triggers of a catching event.
func (v *inventor) awaited() string {
	one := func() string {
		switch v.IntN(4) {
		case 0:
			return fmt.Sprintf("message=m%d", v.IntN(2))
		case 1:
			return fmt.Sprintf("signal=g%d", v.IntN(2))
		case 2:
			return fmt.Sprintf(`condition="=x > %d"`, v.IntN(9))
		}
		return fmt.Sprintf("duration=PT%dM", v.IntN(90))
	}
	switch v.IntN(6) {
	case 0:
		return one() + " " + one()
	case 1:
		return one() + " " + one() + " every"
	}
	return one()
}

// handler writes an event sub-process, now and then.
func (v *inventor) handler(depth int) {
	if v.IntN(3) > 0 {
		return
	}
	id, start, end := v.id("h"), v.id("s"), v.id("e")
	trigger := v.awaited()
	switch v.IntN(6) {
	case 0:
		trigger = "error"
	case 1:
		trigger = fmt.Sprintf("error=E%d", v.IntN(3))
	case 2:
		trigger = "escalation"
	case 3:
		trigger = "compensate"
	}
	if !strings.HasPrefix(trigger, "error") && v.IntN(2) == 0 {
		trigger += " keep"
	}
	v.line("esub %s (", id)
	v.line("start %s %s", start, trigger)
	first, last := v.sequence(max(0, depth-2))
	v.line("end %s %s", end, []string{"", "", "compensate", "escalation=X1", "error=E1"}[v.IntN(5)])
	v.line("%s -> %s", start, first)
	v.line("%s -> %s", last, end)
	v.line(")")
}

// transaction writes a transaction that may cancel itself.
func (v *inventor) transaction(id string, depth int) (string, string) {
	cancel, start, split, end := v.id("e"), v.id("s"), v.id("g"), v.id("e")
	v.line("transaction %s (", id)
	v.line("start %s", start)
	v.line("xor %s", split)
	v.line("end %s", end)
	first, last := v.sequence(depth - 1)
	v.line("end %s cancel", cancel)
	v.line("%s -> %s", start, first)
	v.line("%s -> %s", last, split)
	v.line("%s -> %s if =x > 3", split, cancel)
	v.line("%s -> %s default", split, end)
	v.line(")")
	if v.IntN(4) > 0 {
		b, after := v.id("b"), v.id("e")
		v.line("boundary %s on=%s cancel", b, id)
		v.line("end %s", after)
		v.line("%s -> %s", b, after)
	}
	v.attach(id)
	return id, id
}
