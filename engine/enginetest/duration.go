package enginetest

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// duration prints a distance in time: 1d2h, 90s as 1m30s, 0s.
func duration(d time.Duration) string {
	days := d / day
	rest := (d - days*day).String()
	if strings.HasSuffix(rest, "m0s") {
		rest = strings.TrimSuffix(rest, "0s")
	}
	if strings.HasSuffix(rest, "h0m") {
		rest = strings.TrimSuffix(rest, "0m")
	}
	switch {
	case days == 0:
		return rest
	case rest == "0s":
		return fmt.Sprintf("%dd", days)
	}
	return fmt.Sprintf("%dd%s", days, rest)
}

// parseDuration reads 1d2h30m or ISO 8601 (P1DT2H30M). Weeks and days have their usual length; months
// and years have none, so they are refused.
func parseDuration(text string) (time.Duration, error) {
	wrong := fmt.Errorf("%q is no duration such as 1d2h, 90s or P1DT2H", text)
	rest, clock := text, ""
	if iso, ok := strings.CutPrefix(text, "P"); ok {
		var timed bool
		if rest, clock, timed = strings.Cut(iso, "T"); timed && clock == "" || iso == "" {
			return 0, wrong
		}
		rest, clock = strings.ToLower(rest), strings.ToLower(clock)
		if strings.ContainsAny(rest, "hms") {
			return 0, wrong
		}
	}
	var total time.Duration
	for _, unit := range []struct {
		mark string
		size time.Duration
	}{{"w", 7 * day}, {"d", day}} {
		count, after, found := strings.Cut(rest, unit.mark)
		if !found {
			continue
		}
		n, err := strconv.ParseUint(count, 10, 16)
		if err != nil {
			return 0, wrong
		}
		total, rest = total+time.Duration(n)*unit.size, after
	}
	if rest += clock; rest == "" && total > 0 {
		return total, nil
	}
	d, err := time.ParseDuration(rest)
	if err != nil || d < 0 {
		return 0, wrong
	}
	return total + d, nil
}
