package feel

// The relations of ranges (DMN 1.5, table 78), after Allen's interval algebra. A point stands for
// the range that holds only itself.

type relation func(a, b *interval) (holds, ok bool)

func rangeBuiltins() []*builtin {
	const (
		points, pointRange = "point1: point, point2: point", "point: point, range: range"
		rangePoint, ranges = "range: range, point: point", "range1: range, range2: range"
	)
	return []*builtin{
		related("before", before, points, pointRange, rangePoint, ranges),
		related("after", inverse(before), points, pointRange, rangePoint, ranges),
		related("meets", meets, ranges),
		related("met by", inverse(meets), ranges),
		related("overlaps", overlaps, ranges),
		related("overlaps before", overlapsBefore, ranges),
		related("overlaps after", inverse(overlapsBefore), ranges),
		related("finishes", finishes, pointRange, ranges),
		related("finished by", inverse(finishes), rangePoint, ranges),
		related("includes", inverse(during), rangePoint, ranges),
		related("during", during, pointRange, ranges),
		related("starts", starts, pointRange, ranges),
		related("started by", inverse(starts), rangePoint, ranges),
		related("coincides", coincides, points, ranges),
	}
}

func related(name string, holds relation, signatures ...string) *builtin {
	b := &builtin{name: name}
	for _, signature := range signatures {
		b.forms = append(b.forms, define(signature, func(m *machine, at pos, a []Value) Value {
			x, y := asRange(a[0]), asRange(a[1])
			for _, point := range []Value{x.start, x.end, y.start, y.end} { // three comparisons at most
				m.tick(1 + textSteps(point, point))
			}
			result, ok := holds(x, y)
			if !ok {
				return m.fail(at, "%s: the arguments can not be compared", name)
			}
			return Boolean(result)
		}))
	}
	return b
}

func asRange(v Value) *interval {
	if v.kind == KindRange {
		return v.interval()
	}
	return &interval{start: v, end: v, startIncluded: true, endIncluded: true}
}

func inverse(holds relation) relation {
	return func(a, b *interval) (bool, bool) { return holds(b, a) }
}

// edge is an end of a range on the line of values: side is -1 just below the value, 0 at it, and 1
// just above it; infinite is -1 or 1 for an open side.
type edge struct {
	value    Value
	side     int
	infinite int
}

func (r *interval) low() edge {
	switch {
	case r.start.kind == KindNull:
		return edge{infinite: -1}
	case r.startIncluded:
		return edge{value: r.start}
	default:
		return edge{value: r.start, side: 1}
	}
}

func (r *interval) high() edge {
	switch {
	case r.end.kind == KindNull:
		return edge{infinite: 1}
	case r.endIncluded:
		return edge{value: r.end}
	default:
		return edge{value: r.end, side: -1}
	}
}

func compareEdges(a, b edge) (int, bool) {
	if a.infinite != 0 || b.infinite != 0 {
		return a.infinite - b.infinite, true
	}
	c, ok := order(a.value, b.value)
	if c == 0 {
		c = a.side - b.side
	}
	return c, ok
}

func before(a, b *interval) (bool, bool) {
	c, ok := compareEdges(a.high(), b.low())
	return c < 0, ok
}

// meets: the first ends where the second starts, and both hold that point.
func meets(a, b *interval) (bool, bool) {
	c, ok := compareEdges(a.high(), b.low())
	return c == 0 && a.endIncluded && b.startIncluded, ok
}

func overlaps(a, b *interval) (bool, bool) {
	c, ok := compareEdges(a.low(), b.high())
	d, alsoOK := compareEdges(b.low(), a.high())
	return c <= 0 && d <= 0, ok && alsoOK
}

func overlapsBefore(a, b *interval) (bool, bool) {
	starts, ok := compareEdges(a.low(), b.low())
	reaches, alsoOK := compareEdges(b.low(), a.high())
	ends, stillOK := compareEdges(a.high(), b.high())
	return starts < 0 && reaches <= 0 && ends <= 0, ok && alsoOK && stillOK
}

func finishes(a, b *interval) (bool, bool) {
	ends, ok := compareEdges(a.high(), b.high())
	starts, alsoOK := compareEdges(b.low(), a.low())
	return ends == 0 && starts <= 0, ok && alsoOK
}

func starts(a, b *interval) (bool, bool) {
	starts, ok := compareEdges(a.low(), b.low())
	ends, alsoOK := compareEdges(a.high(), b.high())
	return starts == 0 && ends <= 0, ok && alsoOK
}

func during(a, b *interval) (bool, bool) {
	starts, ok := compareEdges(b.low(), a.low())
	ends, alsoOK := compareEdges(a.high(), b.high())
	return starts <= 0 && ends <= 0, ok && alsoOK
}

func coincides(a, b *interval) (bool, bool) {
	starts, ok := compareEdges(a.low(), b.low())
	ends, alsoOK := compareEdges(a.high(), b.high())
	return starts == 0 && ends == 0, ok && alsoOK
}
