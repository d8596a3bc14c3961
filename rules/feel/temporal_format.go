package feel

import (
	"fmt"
	"strconv"
	"strings"
)

func (v Value) temporalText() string {
	var b strings.Builder
	switch v.kind {
	case KindDate:
		writeDate(&b, v.n)
	case KindTime:
		writeClock(&b, v.n, v.nanos)
		writeZone(&b, v.zone())
	default:
		days, second := floorDiv(v.n, secondsPerDay)
		writeDate(&b, days)
		b.WriteByte('T')
		writeClock(&b, second, v.nanos)
		writeZone(&b, v.zone())
	}
	return b.String()
}

func writeDate(b *strings.Builder, days int64) {
	year, month, day := civil(days)
	if year < 0 {
		b.WriteByte('-')
		year = -year
	}
	fmt.Fprintf(b, "%04d-%02d-%02d", year, month, day)
}

func writeClock(b *strings.Builder, second int64, nanos int32) {
	fmt.Fprintf(b, "%02d:%02d:%02d", second/3600, second/60%60, second%60)
	writeFraction(b, nanos)
}

func writeFraction(b *strings.Builder, nanos int32) {
	if nanos != 0 {
		b.WriteString(strings.TrimRight(fmt.Sprintf(".%09d", nanos), "0"))
	}
}

func writeZone(b *strings.Builder, z *zone) {
	switch {
	case z == nil:
	case z.name != "":
		b.WriteString("@" + z.name)
	case z.offset == 0:
		b.WriteByte('Z')
	default:
		sign, offset := byte('+'), z.offset
		if offset < 0 {
			sign, offset = '-', -offset
		}
		b.WriteByte(sign)
		fmt.Fprintf(b, "%02d:%02d", offset/3600, offset/60%60)
		if offset%60 != 0 {
			fmt.Fprintf(b, ":%02d", offset%60)
		}
	}
}

func (v Value) durationText() string {
	var b strings.Builder
	n, nanos := v.n, v.nanos
	if n < 0 || nanos < 0 {
		b.WriteByte('-')
		n, nanos = -n, -nanos
	}
	b.WriteByte('P')
	if v.kind == KindYearsDuration {
		writeParts(&b, n == 0, "M", []part{{n / 12, 'Y'}, {n % 12, 'M'}})
		return b.String()
	}
	writeParts(&b, false, "", []part{{n / secondsPerDay, 'D'}})
	n %= secondsPerDay
	if n == 0 && nanos == 0 && v.n != 0 {
		return b.String()
	}
	b.WriteByte('T')
	writeParts(&b, false, "", []part{{n / 3600, 'H'}, {n / 60 % 60, 'M'}})
	if n%60 != 0 || nanos != 0 || v.n == 0 {
		b.WriteString(strconv.FormatInt(n%60, 10))
		writeFraction(&b, nanos)
		b.WriteByte('S')
	}
	return b.String()
}

type part struct {
	n    int64
	unit byte
}

func writeParts(b *strings.Builder, zero bool, unit string, parts []part) {
	if zero {
		b.WriteString("0" + unit)
	}
	for _, p := range parts {
		if p.n != 0 {
			b.WriteString(strconv.FormatInt(p.n, 10))
			b.WriteByte(p.unit)
		}
	}
}
