package enginetest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// drawing is a file in line notation: one or several processes.
type drawing struct {
	pools    []*pool
	shapes   map[string]*shape // of all processes
	messages []*arrow          // message flows
	shared   []sharedEvent
	roots    []root
}

// pool is one process.
type pool struct {
	shape // id, label and attributes
	body  *frame
}

// frame is the inside of a process or of a sub-process.
type frame struct {
	shapes []*shape
	arrows []*arrow
}

// shape is a flow node. Its attributes and marks keep the order in which they were written.
type shape struct {
	id, kind, label string
	attributes      []attribute
	body            *frame // of a sub-process
	line            int
	in, out         int
}

// attribute is key=value, or a mark: a word alone.
type attribute struct {
	name, value string
	mark        bool
}

type arrow struct{ from, to, condition, id string }

// FlowXML turns processes in line notation into a BPMN 2.0 file, which is then read like any other. The
// notation is described in docs/modeling.md. The error names the line.
func FlowXML(src string) ([]byte, error) {
	d := &drawing{shapes: map[string]*shape{}}
	r := flowReader{drawing: d}
	for i, line := range strings.Split(src, "\n") {
		if err := r.read(i+1, strings.TrimSpace(line)); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	switch {
	case len(d.pools) == 0:
		return nil, fmt.Errorf("line 1: the first line must be: process ID \"Name\"")
	case len(r.open) > 1:
		return nil, fmt.Errorf("a sub-process is not closed by }")
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	return d.xml(), nil
}

// flowReader reads line after line; open are the frames around the current line.
type flowReader struct {
	*drawing
	open []*frame
}

func (r *flowReader) read(number int, line string) error {
	switch {
	case line == "" || strings.HasPrefix(line, "#"):
		return nil
	case strings.HasPrefix(line, "process "):
		return r.process(number, line)
	case len(r.open) == 0:
		return fmt.Errorf("the first line must be: process ID \"Name\"")
	}
	inside := r.open[len(r.open)-1]
	switch {
	case line == "}":
		if len(r.open) == 1 {
			return fmt.Errorf("there is no sub-process to close")
		}
		r.open = r.open[:len(r.open)-1]
		return nil
	case isArrow(line, "=>"):
		return r.messageFlow(line)
	case isArrow(line, "->"):
		return r.arrows(inside, number, line)
	}
	return r.shape(inside, number, line)
}

// process begins the first process, or the next one of the file.
func (r *flowReader) process(number int, line string) error {
	words, err := split(line)
	switch {
	case err != nil:
		return err
	case len(words) < 2 || words[1].name != "" || !isID(words[1].text):
		return fmt.Errorf("write: process ID \"Name\"")
	case len(r.open) > 1:
		return fmt.Errorf("a sub-process is not closed by }")
	case slices.ContainsFunc(r.pools, func(p *pool) bool { return p.id == words[1].text }):
		return fmt.Errorf("%s is described twice", words[1].text)
	}
	p := &pool{shape: shape{id: words[1].text, kind: "process", line: number}, body: &frame{}}
	for _, w := range words[2:] {
		if err := p.describe(w); err != nil {
			return err
		}
	}
	r.pools, r.open = append(r.pools, p), []*frame{p.body}
	return nil
}

// isArrow tells a flow from a shape: the first word of a shape ends in a colon.
func isArrow(line, sign string) bool {
	first, _, _ := strings.Cut(line, " ")
	before, _, found := strings.Cut(line, sign)
	return found && !strings.HasSuffix(first, ":") && !strings.ContainsAny(before, "[=\"")
}

// messageFlow reads "a => b".
func (r *flowReader) messageFlow(line string) error {
	from, to, _ := strings.Cut(line, "=>")
	a := &arrow{from: strings.TrimSpace(from), to: strings.TrimSpace(to)}
	if !isID(a.from) || !isID(a.to) {
		return fmt.Errorf("a message flow is written a => b")
	}
	a.id = a.from + "_sends_to_" + a.to
	r.messages = append(r.messages, a)
	return nil
}

// arrows reads "a -> b -> c" or "a -> b [condition]".
func (r *flowReader) arrows(inside *frame, number int, line string) error {
	condition := ""
	if open := strings.Index(line, "["); open >= 0 {
		if !strings.HasSuffix(line, "]") {
			return fmt.Errorf("a condition ends the line with ]")
		}
		line, condition = line[:open], strings.TrimSpace(line[open+1:len(line)-1])
	}
	names := strings.Split(line, "->")
	if condition != "" && len(names) != 2 {
		return fmt.Errorf("a condition belongs to one arrow")
	}
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
		if err := r.mention(inside, number, names[i]); err != nil {
			return err
		}
	}
	for i := range names[1:] {
		inside.arrows = append(inside.arrows, &arrow{from: names[i], to: names[i+1], condition: condition})
	}
	return nil
}

// mention declares start and end when they are used without being described.
func (r *flowReader) mention(inside *frame, number int, name string) error {
	if !isID(name) {
		return fmt.Errorf("%q is no name of an element", name)
	}
	if _, known := r.shapes[name]; !known && (name == "start" || name == "end") {
		return r.add(inside, &shape{id: name, kind: name, line: number})
	}
	return nil
}

func (r *flowReader) add(inside *frame, s *shape) error {
	if _, twice := r.shapes[s.id]; twice {
		return fmt.Errorf("%s is described twice", s.id)
	}
	r.shapes[s.id] = s
	inside.shapes = append(inside.shapes, s)
	return nil
}

// shape reads `name: kind "Label" key=value…`, with { at the end of a sub-process.
func (r *flowReader) shape(inside *frame, number int, line string) error {
	id, rest, ok := strings.Cut(line, ":")
	if !ok || !isID(id) {
		return fmt.Errorf("write `name: kind \"Label\" key=value` or `a -> b`")
	}
	line, opens := strings.CutSuffix(rest, "{")
	words, err := split(line)
	if err != nil {
		return err
	}
	if len(words) == 0 {
		return fmt.Errorf("%s has no kind", id)
	}
	s := &shape{id: id, kind: words[0].text, line: number}
	if opens != kinds[s.kind].scope {
		return fmt.Errorf("a sub-process, and only it, is followed by { and its contents")
	}
	for _, w := range words[1:] {
		if err := s.describe(w); err != nil {
			return err
		}
	}
	if opens {
		s.body = &frame{}
		r.open = append(r.open, s.body)
	}
	return r.add(inside, s)
}

// describe takes one word of a shape: its label, a mark or an attribute.
func (s *shape) describe(w word) error {
	switch {
	case w.name != "":
		if s.get(w.name) != "" && !repeats(w.name) {
			return fmt.Errorf("%s= is given twice", w.name)
		}
		s.attributes = append(s.attributes, attribute{name: w.name, value: w.text})
	case w.quoted && s.label == "":
		s.label = w.text
	case isMark(w.text):
		s.attributes = append(s.attributes, attribute{name: w.text, mark: true})
	default:
		return fmt.Errorf("%q is not understood; a label is quoted, an attribute is key=value", w.text)
	}
	return nil
}

// get returns an attribute, "" when it is absent.
func (s *shape) get(name string) string {
	for _, a := range s.attributes {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

// marked reports whether the shape has a mark.
func (s *shape) marked(name string) bool {
	return slices.Contains(s.attributes, attribute{name: name, mark: true})
}

// check links what was read: kinds and their attributes, arrows and references.
func (d *drawing) check() error {
	for _, p := range d.pools {
		if twin := d.shapes[p.id]; twin != nil {
			return fmt.Errorf("line %d: %s is the id of the process already", max(twin.line, p.line), p.id)
		}
		if err := p.check(); err != nil {
			return fmt.Errorf("line %d: %w", p.line, err)
		}
		if err := d.link(p.body); err != nil {
			return err
		}
	}
	for _, s := range d.everything() {
		if err := s.check(); err != nil {
			return fmt.Errorf("line %d: %w", s.line, err)
		}
		for _, name := range []string{"on", "by", "of"} {
			if other := s.get(name); other != "" && d.shapes[other] == nil {
				return fmt.Errorf("line %d: there is no element %s", s.line, other)
			}
		}
	}
	for _, a := range d.messages {
		if d.shapes[a.from] == nil || d.shapes[a.to] == nil {
			return fmt.Errorf("the message flow %s => %s leads to an element that is not described", a.from, a.to)
		}
	}
	return nil
}

// everything lists the shapes of all processes.
func (d *drawing) everything() []*shape {
	var out []*shape
	for _, p := range d.pools {
		out = append(out, d.all(p.body)...)
	}
	return out
}

// all lists the shapes of a frame and of those inside it.
func (d *drawing) all(f *frame) []*shape {
	var out []*shape
	for _, s := range f.shapes {
		out = append(out, s)
		if s.body != nil {
			out = append(out, d.all(s.body)...)
		}
	}
	return out
}

// link counts the flows of each shape and names them after their ends.
func (d *drawing) link(f *frame) error {
	seen := map[string]int{}
	for _, a := range f.arrows {
		from, to := d.shapes[a.from], d.shapes[a.to]
		if from == nil || to == nil {
			return fmt.Errorf("the flow %s -> %s leads to an element that is not described", a.from, a.to)
		}
		from.out, to.in = from.out+1, to.in+1
		a.id = a.from + "_to_" + a.to
		if seen[a.id]++; seen[a.id] > 1 {
			a.id += "_" + strconv.Itoa(seen[a.id])
		}
	}
	for _, s := range f.shapes {
		if s.body != nil {
			if err := d.link(s.body); err != nil {
				return err
			}
		}
	}
	return nil
}
