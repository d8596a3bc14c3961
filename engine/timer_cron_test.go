package engine

import (
	"testing"
	"time"
	_ "time/tzdata" // the zones must be there wherever the test runs

	"tallystick/bpmn"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestCron goes through the dates of expressions, from one to the next.
func TestCron(t *testing.T) {
	for _, c := range []struct {
		text, from string
		want       []string
	}{
		{"0 9 * * *", "2026-01-31T09:00:00Z", []string{"2026-02-01T09:00:00Z", "2026-02-02T09:00:00Z"}},
		{"30 0 9 * * *", "2026-01-31T08:59:00Z", []string{"2026-01-31T09:00:30Z", "2026-02-01T09:00:30Z"}},
		{"*/15 * * * *", "2026-01-01T00:50:01Z", []string{"2026-01-01T01:00:00Z", "2026-01-01T01:15:00Z"}},
		{"0 0 31 * *", "2026-01-31T00:00:00Z", []string{"2026-03-31T00:00:00Z", "2026-05-31T00:00:00Z"}},
		{"0 0 29 feb *", "2025-03-01T00:00:00Z", []string{"2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"}},
		{"0 8 * * mon-fri", "2026-01-02T09:00:00Z", []string{"2026-01-05T08:00:00Z", "2026-01-06T08:00:00Z"}},
		{"0 8 13 * 5", "2026-02-01T00:00:00Z", []string{"2026-02-06T08:00:00Z", "2026-02-13T08:00:00Z"}}, // either day
		{"0 8 ? * 7", "2026-02-02T00:00:00Z", []string{"2026-02-08T08:00:00Z", "2026-02-15T08:00:00Z"}},
		{"@daily", "2026-02-02T00:00:00Z", []string{"2026-02-03T00:00:00Z"}},
		{"@hourly", "2026-02-02T00:00:01Z", []string{"2026-02-02T01:00:00Z"}},
		{"@weekly", "2026-02-02T00:00:00Z", []string{"2026-02-08T00:00:00Z"}},
		{"@monthly", "2026-02-02T00:00:00Z", []string{"2026-03-01T00:00:00Z"}},
		{"@yearly", "2026-02-02T00:00:00Z", []string{"2027-01-01T00:00:00Z"}},
		// The clocks of Berlin go forward on 29 March 2026 at 2 and back on 25 October at 3.
		{"CRON_TZ=Europe/Berlin 0 9 * * *", "2026-03-28T00:00:00Z", []string{"2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z"}},
		{"CRON_TZ=Europe/Berlin 30 2 * * *", "2026-03-28T12:00:00Z", []string{"2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"}},
		{"CRON_TZ=Europe/Berlin 30 2 * * *", "2026-10-24T12:00:00Z", []string{"2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"}},
		{"TZ=Asia/Kathmandu @daily", "2026-02-02T00:00:00Z", []string{"2026-02-02T18:15:00Z"}},
	} {
		got, err := readCron(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		now := at(t, c.from)
		for _, want := range c.want {
			next, err := got.after(now)
			if err != nil || !next.Equal(at(t, want)) {
				t.Errorf("%q after %s: %s, %v; want %s", c.text, now, next, err, want)
			}
			now = next
		}
	}
}

func TestCronIsRefused(t *testing.T) {
	for _, text := range []string{
		"", "* * *", "60 * * * *", "* 24 * * *", "0 0 0 * *", "0 0 32 * *", "0 0 * 13 *", "0 0 * * 8", "5-1 * * * *", "*/0 * * * *",
		"a * * * *", "1,,2 * * * *", "@never", "CRON_TZ=Nowhere/Land 0 9 * * *", "CRON_TZ=Local 0 9 * * *", "0 0 0 0 0 0 0", "1/99 * * * *",
	} {
		if c, err := readCron(text); err == nil {
			t.Errorf("%q is read as %+v", text, c)
		}
	}
	impossible, err := readCron("0 0 30 feb *")
	if err != nil {
		t.Fatal(err)
	}
	if next, err := impossible.after(at(t, "2026-01-01T00:00:00Z")); err == nil {
		t.Errorf("30 February is %s", next)
	}
}

// TestCycleFollowsTheCalendarOfItsZone: a day is a day on the clock, an hour is an hour.
func TestCycleFollowsTheCalendarOfItsZone(t *testing.T) {
	for _, c := range []struct{ text, first, second string }{
		{"R/2026-03-28T09:00:00@Europe/Berlin/P1D", "2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z"},
		{"R/2026-03-28T02:30:00@Europe/Berlin/P1D", "2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z"},
		{"R/2026-03-28T09:00:00@Europe/Berlin/PT24H", "2026-03-28T08:00:00Z", "2026-03-29T08:00:00Z"},
		{"R3/2026-01-31T09:00:00@Europe/Berlin/P1M", "2026-01-31T08:00:00Z", "2026-02-28T08:00:00Z"},
		{"R/P1D@Europe/Berlin", "2026-03-29T07:00:00Z", "2026-03-30T07:00:00Z"},
	} {
		info := StartInfo{Type: StartsTimer, TimerKind: bpmn.TimerCycle, Timer: c.text}
		a, err := info.Alarm(at(t, "2026-03-28T08:00:00Z"))
		if err != nil || !a.Due.Equal(at(t, c.first)) {
			t.Errorf("%q: first %s, %v; want %s", c.text, a.Due, err, c.first)
			continue
		}
		if next, ok := a.Next(a.Due); !ok || !next.Due.Equal(at(t, c.second)) {
			t.Errorf("%q: second %s; want %s", c.text, next.Due, c.second)
		}
	}
}

// TestAlarmMakesUpForOneOfThoseMissed and keeps the grid.
func TestAlarmMakesUpForOneOfThoseMissed(t *testing.T) {
	a, err := StartInfo{Type: StartsTimer, TimerKind: bpmn.TimerCycle, Timer: "R/2026-01-01T00:00:00Z/PT1H"}.Alarm(at(t, "2025-12-31T00:00:00Z"))
	if err != nil {
		t.Fatal(err)
	}
	next, ok := a.Next(at(t, "2026-01-01T05:30:00Z"))
	if !ok || !next.Due.Equal(at(t, "2026-01-01T06:00:00Z")) {
		t.Errorf("next %s, %v", next.Due, ok)
	}
	last, err := StartInfo{Type: StartsTimer, TimerKind: bpmn.TimerCycle, Timer: "R2/PT1H"}.Alarm(at(t, "2026-01-01T00:00:00Z"))
	if err != nil {
		t.Fatal(err)
	}
	second, ok := last.Next(last.Due)
	if !ok || second.Remaining != 1 {
		t.Errorf("second %+v, %v", second, ok)
	}
	if third, ok := second.Next(second.Due); ok {
		t.Errorf("a third time of two: %+v", third)
	}
}
