package engine

import (
	"testing"
	"time"

	"tallystick/bpmn"
)

func TestTimerCatch(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		catch c duration==wait
		end e
		s -> c -> e`)
	r.start(`wait="PT2H"`)
	r.want(`
		started p v1
		set wait = "PT2H"
		activated s
		completed s
		activated c
		timer armed c`)
	r.do(FireTimer{Timer: r.timer("c")})
	r.want(`refused timer.not_due`)
	key := r.timer("c")
	r.fire("c")
	r.want(`
		timer fired c
		completed c
		activated e
		completed e
		instance completed`)
	if got := r.meta.At.Sub(testStart); got != 2*time.Hour {
		t.Errorf("due after %s", got)
	}
	r.do(FireTimer{Timer: key})
	r.want(`refused instance.ended`)
}

func TestTimerWrong(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		catch c date==when
		end e
		s -> c -> e`)
	r.start(`when="tomorrow"`)
	r.want(`
		started p v1
		set when = "tomorrow"
		activated s
		completed s
		activated c
		incident EXTRACT_VALUE_ERROR at c: "tomorrow" is no date and time`)
	r.do(SetVariables{Scope: r.st.Key(), Variables: Variables{"when": `"2028-02-01T00:00:00Z"`}})
	r.resolve("c")
	r.want(`
		set when = "2028-02-01T00:00:00Z"
		incident resolved at c
		timer armed c`)
}

func TestTimerBoundaryInterrupting(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		user a
		boundary b on=a duration=PT1H
		boundary c on=a duration=PT2H
		end e
		end late
		s -> a -> e
		b -> late`)
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated a
		timer armed b
		timer armed c
		task created a`)
	r.fire("b")
	r.want(`
		timer fired b
		task canceled a
		timer canceled c
		terminated a
		activated b
		completed b
		activated late
		completed late
		instance completed`)
}

// A boundary timer that does not interrupt leaves the task; completing the task withdraws it.
func TestTimerBoundaryCycle(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		user a
		boundary b on=a cycle=R3/PT1H keep
		send remind type=mail
		end e
		s -> a -> e
		b -> remind`)
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated a
		timer armed b every PT1H, 3 left
		task created a`)
	r.fire("b")
	r.want(`
		timer fired b
		timer armed b every PT1H, 2 left
		activated b
		completed b
		activated remind
		job created remind type mail retries 3`)
	r.fire("b")
	r.finish("a")
	r.want(`
		timer fired b
		timer armed b every PT1H, 1 left
		activated b
		completed b
		activated remind
		job created remind type mail retries 3
		task completed a by user:ann
		timer canceled b
		completed a
		activated e
		completed e`)
	r.finish("remind")
	r.finish("remind")
	r.want(`
		job completed remind
		completed remind
		job completed remind
		completed remind
		instance completed`)
}

func TestTimerBoundaryCycleEnds(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		user a
		boundary b on=a cycle=R2/PT1H keep
		end x
		s -> a
		b -> x`)
	r.start()
	r.fire("b")
	r.fire("b")
	r.want(`
		started p v1
		activated s
		completed s
		activated a
		timer armed b every PT1H, 2 left
		task created a
		timer fired b
		timer armed b every PT1H, 1 left
		activated b
		completed b
		activated x
		completed x
		timer fired b
		activated b
		completed b
		activated x
		completed x`)
	if n := len(r.st.Timers()); n != 0 {
		t.Errorf("%d timers are left", n)
	}
}

// After downtime a cycle fires once and goes on with the next firing of its grid.
func TestTimerCycleAfterDowntime(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		user a
		boundary b on=a cycle=R/PT1H keep
		end x
		s -> a
		b -> x`)
	r.start()
	r.meta.At = testStart.Add(5*time.Hour + 20*time.Minute)
	r.fire("b")
	if got := r.st.Timers()[0].Due.Sub(testStart); got != 6*time.Hour {
		t.Errorf("next due after %s, want 6h", got)
	}
	r.meta.At = testStart.Add(7 * time.Hour) // exactly a firing: it is not missed
	r.fire("b")
	if got := r.st.Timers()[0].Due.Sub(testStart); got != 7*time.Hour {
		t.Errorf("next due after %s, want 7h", got)
	}
}

// A cycle of months keeps the day of its first firing through shorter months.
func TestTimerCycleOfMonths(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		user a
		boundary b on=a cycle=R/2028-01-31T09:00:00Z/P1M keep
		end x
		s -> a
		b -> x`)
	r.start()
	var got []string
	for range 4 {
		got = append(got, r.st.Timers()[0].Due.Format("Jan 2"))
		r.fire("b")
	}
	for i, want := range []string{"Jan 31", "Feb 29", "Mar 31", "Apr 30"} {
		if got[i] != want {
			t.Errorf("firing %d on %s, want %s", i, got[i], want)
		}
	}
}

// The boundary timer of a sub-process interrupts everything inside, at any depth.
func TestTimerInterruptsNested(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		sub outer (
			start s1
			sub inner (
				start s2
				and split
				service a type=a
				catch c duration=PT9H
				xor g
				s2 -> split
				split -> a
				split -> c
				split -> g
				task x
				g -> x if =n > 1
			)
			boundary b2 on=inner duration=PT8H keep
			end e1
			s1 -> inner
			b2 -> e1
		)
		boundary b on=outer duration=PT1H
		end late
		s -> outer
		b -> late`)
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated outer
		timer armed b
		activated s1
		completed s1
		activated inner
		timer armed b2
		activated s2
		completed s2
		activated split
		completed split
		activated a
		job created a type a retries 3
		activated c
		timer armed c
		activated g
		incident CONDITION_ERROR at g: the condition of flow g>x is null, no boolean`)
	r.fire("b")
	r.want(`
		timer fired b
		incident resolved at g
		job canceled a
		timer canceled c
		timer canceled b2
		terminated g
		terminated c
		terminated a
		terminated inner
		terminated outer
		activated b
		completed b
		activated late
		completed late
		instance completed`)
}

// An incident parks the element, its boundary timer still runs and interrupts it.
func TestTimerInterruptsIncident(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		user a due==due
		boundary b on=a duration=PT1H
		end late
		s -> a
		b -> late`)
	r.start(`due=12`)
	r.want(`
		started p v1
		set due = 12
		activated s
		completed s
		activated a
		timer armed b
		incident EXTRACT_VALUE_ERROR at a: the due date is 12, no text`)
	r.fire("b")
	r.want(`
		timer fired b
		incident resolved at a
		terminated a
		activated b
		completed b
		activated late
		completed late
		instance completed`)
}

func TestReadTimer(t *testing.T) {
	t.Parallel()
	day := func(text string) time.Time {
		d, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		kind bpmn.TimerKind
		text string
		due  string // "" is an error
	}{
		{bpmn.TimerDuration, "PT10S", "2028-01-31T08:00:10Z"},
		{bpmn.TimerDuration, "PT1.5S", "2028-01-31T08:00:01.5Z"},
		{bpmn.TimerDuration, "P1M", "2028-02-29T08:00:00Z"},
		{bpmn.TimerDuration, "P1Y", "2029-01-31T08:00:00Z"},
		{bpmn.TimerDuration, "P1Y1M", "2029-02-28T08:00:00Z"},
		{bpmn.TimerDuration, "P2W", "2028-02-14T08:00:00Z"},
		{bpmn.TimerDuration, "P1DT2H3M4S", "2028-02-01T10:03:04Z"},
		{bpmn.TimerDuration, "-P1M", "2027-12-31T08:00:00Z"},
		{bpmn.TimerDuration, "PT0S", "2028-01-31T08:00:00Z"},
		{bpmn.TimerDuration, "PT876000H", "2128-01-07T08:00:00Z"},
		{bpmn.TimerDuration, " P1D ", "2028-02-01T08:00:00Z"},
		{bpmn.TimerDuration, "P", ""},
		{bpmn.TimerDuration, "PT", ""},
		{bpmn.TimerDuration, "P1DT", ""},
		{bpmn.TimerDuration, "P1H", ""},
		{bpmn.TimerDuration, "PT1M1H", ""},
		{bpmn.TimerDuration, "P1.5D", ""},
		{bpmn.TimerDuration, "PT1.S", ""},
		{bpmn.TimerDuration, "PT1S1S", ""},
		{bpmn.TimerDuration, "1h", ""},
		{bpmn.TimerDuration, "PT99999999999H", ""},
		{bpmn.TimerDuration, "P999999999999Y", ""},
		{bpmn.TimerDuration, "P9000Y", ""},
		{bpmn.TimerDuration, "P-1D", ""},
		{bpmn.TimerDate, "2028-03-01T00:00:00Z", "2028-03-01T00:00:00Z"},
		{bpmn.TimerDate, "2028-03-01T02:00:00+02:00", "2028-03-01T00:00:00Z"},
		{bpmn.TimerDate, "2028-03-01T02:00:00.25", "2028-03-01T02:00:00.25Z"},
		{bpmn.TimerDate, "2028-07-01T12:00:00@Europe/Berlin", "2028-07-01T10:00:00Z"},
		{bpmn.TimerDate, "2028-03-01", "2028-03-01T00:00:00Z"},
		{bpmn.TimerDate, "2028-02-30T00:00:00Z", ""},
		{bpmn.TimerDate, "2028-07-01T12:00:00@Mars/Base", ""},
		{bpmn.TimerDate, "2028-07-01T12:00:00@Local", ""},
		{bpmn.TimerDate, "soon", ""},
		{bpmn.TimerCycle, "R3/PT10S", "2028-01-31T08:00:10Z"},
		{bpmn.TimerCycle, "R/P1M", "2028-02-29T08:00:00Z"},
		{bpmn.TimerCycle, "R2/2028-05-01T00:00:00Z/P1D", "2028-05-01T00:00:00Z"},
		{bpmn.TimerCycle, "R0/PT1S", ""},
		{bpmn.TimerCycle, "R-1/PT1S", ""},
		{bpmn.TimerCycle, "R3/PT0S", ""},
		{bpmn.TimerCycle, "R3/PT0.0009S", ""},
		{bpmn.TimerCycle, "*5 * * * *", ""},
		{bpmn.TimerCycle, "*/5x * * * *", ""},
		{bpmn.TimerCycle, "R3/-PT1S", ""},
		{bpmn.TimerCycle, "R3", ""},
		{bpmn.TimerCycle, "R3/a/b/c", ""},
		{bpmn.TimerCycle, "R/2028-02-01T08:00:00@Europe/Paris/P1D", "2028-02-01T07:00:00Z"},
		{bpmn.TimerCycle, "R/P1D@Europe/Nowhere", ""},
		{bpmn.TimerCycle, "0 0 9 * * *", "2028-01-31T09:00:00Z"},
		{0, "PT1S", ""},
	} {
		s, err := readTimer(c.kind, c.text, testStart)
		switch {
		case c.due == "" && err == nil:
			t.Errorf("%q is read as %v, want an error", c.text, s)
		case c.due != "" && (err != nil || !s.due.Equal(day(c.due))):
			t.Errorf("%q: due %s, error %v; want %s", c.text, s.due, err, c.due)
		}
	}
}

// The next firing of a cycle is found at once, wherever its anchor lies and however short or long its interval is.
func TestTimerNextFarAway(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		interval, anchor, at string
		want                 string // "" is none that can be written
	}{
		{"PT1H", "1700-01-01T00:00:00Z", "2026-11-23T14:30:00Z", "2026-11-23T15:00:00Z"},
		{"PT1H", "1700-01-01T00:00:00Z", "2026-11-23T14:00:00Z", "2026-11-23T14:00:00Z"},
		{"PT0.001S", "0001-01-01T00:00:00Z", "2026-11-23T14:30:00.0005Z", "2026-11-23T14:30:00.001Z"},
		{"PT0.007S", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59.001Z"},
		{"PT1S", "9999-12-31T23:59:59Z", "2026-11-23T14:30:00Z", ""},
		{"PT1S", "9999-12-31T23:59:58Z", "2026-11-23T14:30:00Z", "9999-12-31T23:59:59Z"},
		{"PT1H", "2500-01-01T00:00:00Z", "2026-11-23T14:30:00Z", "2500-01-01T01:00:00Z"},
		{"P1M", "0001-01-31T00:00:00Z", "2026-02-10T00:00:00Z", "2026-02-28T00:00:00Z"},
		{"P1M", "0001-01-31T00:00:00Z", "9999-12-01T00:00:00Z", "9999-12-31T00:00:00Z"},
		{"P1Y", "0004-02-29T00:00:00Z", "2026-03-01T00:00:00Z", "2027-02-28T00:00:00Z"},
		{"P9000Y", "1700-01-01T00:00:00Z", "2026-11-23T14:30:00Z", ""},
		{"P9000Y", "0900-01-01T00:00:00Z", "2026-11-23T14:30:00Z", "9900-01-01T00:00:00Z"},
		{"P3660000D", "1700-01-01T00:00:00Z", "2026-11-23T14:30:00Z", ""},
		{"PT876000H", "0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z", ""},
		{"PT876000H", "0001-01-01T00:00:00Z", "2026-11-23T14:30:00Z", "2099-08-10T00:00:00Z"},
		{"P1M1DT1H", "1700-01-01T00:00:00Z", "1700-03-01T00:00:00Z", "1700-03-03T02:00:00Z"},
		{"P1D@Europe/Berlin", "1800-07-01T10:00:00Z", "2026-11-23T14:30:00Z", "2026-11-24T09:53:28Z"},
		{"P1D@Pacific/Apia", "2011-12-28T20:00:00Z", "2012-01-01T00:00:00Z", "2012-01-01T20:00:00Z"},
	} {
		anchor := at(t, c.anchor)
		got, err := nextDate(c.interval, anchor, anchor, at(t, c.at))
		if c.want == "" && err == nil || c.want != "" && (err != nil || !got.Equal(at(t, c.want))) {
			t.Errorf("%s from %s at %s: next %s, error %v; want %q", c.interval, c.anchor, c.at, got.Format(time.RFC3339Nano), err, c.want)
		}
	}
}

// The search for the next firing finds what trying one firing after the other finds.
func TestTimerNextOnGrid(t *testing.T) {
	t.Parallel()
	anchor := at(t, "2024-01-31T01:30:00.25Z")
	for _, interval := range []string{
		"PT7H", "P1D", "P1M", "P1Y", "P1M2DT3H", "P2W", "PT36H0.5S", "P1D@Europe/Berlin", "P1MT1H@America/New_York", "P1D@Pacific/Apia",
	} {
		_, p, err := readInterval(interval)
		if err != nil {
			t.Fatal(err)
		}
		previous := anchor
		for step := range 60 {
			now := previous.Add(time.Duration(step*step) * 4 * time.Hour)
			want, times := anchor, int64(0)
			for !want.After(previous) || want.Before(now) {
				times++
				if want, err = p.after(anchor, times); err != nil {
					t.Fatal(err)
				}
			}
			got, err := p.next(anchor, previous, now)
			if err != nil || !got.Equal(want) {
				t.Fatalf("%s after %s at %s: %s, %v; want %s", interval, previous, now, got, err, want)
			}
			previous = got
		}
	}
}

// A cycle that began three hundred years ago fires and goes on in one step.
func TestTimerCycleOfOldAnchor(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		user a
		boundary b on=a cycle=R/1700-01-01T00:00:00Z/PT1H keep
		end x
		s -> a
		b -> x`)
	r.start()
	r.fire("b")
	if due, want := r.st.Timers()[0].Due, at(t, "2028-01-31T08:00:00Z"); !due.Equal(want) {
		t.Errorf("next due %s, want %s", due, want)
	}
}
