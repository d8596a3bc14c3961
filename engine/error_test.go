package engine

import "testing"

// An error thrown by a worker is caught by the exact code before the event that catches all.
func TestErrorBoundaryExactFirst(t *testing.T) {
	t.Parallel()
	const text = `
		start s
		service a type=a
		boundary all on=a error
		boundary exact on=a error=E1
		end e
		end x
		end y
		s -> a -> e
		all -> x
		exact -> y`
	r := newRun(t, text)
	r.start()
	r.fail("a", "E1", "why=1")
	r.want(`
		started p v1
		activated s
		completed s
		activated a
		job created a type a retries 3
		job threw a error E1
		error E1 from a, caught by exact
		terminated a
		activated exact
		set why = 1
		completed exact
		activated y
		completed y
		instance completed`)
	r = newRun(t, text)
	r.start()
	r.fail("a", "E2")
	r.want(`
		started p v1
		activated s
		completed s
		activated a
		job created a type a retries 3
		job threw a error E2
		error E2 from a, caught by all
		terminated a
		activated all
		completed all
		activated x
		completed x
		instance completed`)
}

// The nearer scope wins over the better match, and everything in the scope ends before the handler starts.
func TestErrorNearestScope(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		sub outer (
			start s1
			sub inner (
				start s2
				and split
				service a type=a
				user b
				s2 -> split
				split -> a
				split -> b
			)
			boundary near on=inner error
			service after type=after
			s1 -> inner
			near -> after
		)
		boundary far on=outer error=E1
		end x
		s -> outer
		far -> x`)
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated outer
		activated s1
		completed s1
		activated inner
		activated s2
		completed s2
		activated split
		completed split
		activated a
		job created a type a retries 3
		activated b
		task created b`)
	r.fail("a", "E1", "why=1")
	r.want(`
		job threw a error E1
		error E1 from a, caught by near
		task canceled b
		terminated b
		terminated a
		terminated inner
		activated near
		set why = 1 in outer
		completed near
		activated after
		job created after type after retries 3`)
	r.vars(r.element("outer"), "why=1")
	r.fail("after", "E1", "why=2")
	r.want(`
		job threw after error E1
		error E1 from after, caught by far
		terminated after
		terminated outer
		activated far
		set why = 2
		completed far
		activated x
		completed x
		instance completed`)
	r.vars(r.st.Key(), "why=2")
}

func TestErrorEndEvent(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		sub box (
			start s1
			and split
			service a type=a
			task b
			end bad error=E1
			s1 -> split
			split -> a
			split -> b -> bad
		)
		boundary b1 on=box error=E1
		end e
		end x
		s -> box -> e
		b1 -> x`)
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated box
		activated s1
		completed s1
		activated split
		completed split
		activated a
		job created a type a retries 3
		activated b
		completed b
		activated bad
		error E1 from bad, caught by b1
		job canceled a
		terminated bad
		terminated a
		terminated box
		activated b1
		completed b1
		activated x
		completed x
		instance completed`)
}

// Nobody catches: an incident, never silence. Resolving it after a job offers the job again.
func TestErrorNotCaught(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		service a type=a
		boundary b on=a error=E2
		end e
		end x
		s -> a -> e
		b -> x`)
	r.start()
	r.fail("a", "E1")
	r.want(`
		started p v1
		activated s
		completed s
		activated a
		job created a type a retries 3
		job threw a error E1
		error E1 from a, not caught
		incident UNHANDLED_ERROR_EVENT at a: no event catches the error "E1"`)
	r.resolve("a")
	r.want(`
		incident resolved at a
		job created a type a retries 3`)
	r.finish("a")
	r.want(`
		job completed a
		completed a
		activated e
		completed e
		instance completed`)

	r = newRun(t, "start s\nend bad error=E1\ns -> bad")
	r.start()
	r.resolve("bad")
	r.want(`
		started p v1
		activated s
		completed s
		activated bad
		error E1 from bad, not caught
		incident UNHANDLED_ERROR_EVENT at bad: no event catches the error "E1"
		incident resolved at bad
		error E1 from bad, not caught
		incident UNHANDLED_ERROR_EVENT at bad: no event catches the error "E1"`)
}

// Variables of the error stay with the event when its output mappings say what leaves.
func TestErrorVariablesMapped(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		service a type=a
		boundary b on=a error
		out b cause "=why"
		user u
		s -> a
		b -> u`)
	r.start()
	r.fail("a", "E1", "why=1")
	r.want(`
		started p v1
		activated s
		completed s
		activated a
		job created a type a retries 3
		job threw a error E1
		error E1 from a, caught by b
		terminated a
		activated b
		set why = 1 in b
		set cause = 1
		completed b
		activated u
		task created u`)
	r.vars(r.st.Key(), "cause=1")
}

func TestEscalationInterrupting(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		sub box (
			start s1
			and split
			service a type=a
			throw up escalation=X
			task after
			s1 -> split
			split -> a
			split -> up -> after
		)
		boundary b on=box escalation=X
		end e
		end x
		s -> box -> e
		b -> x`)
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated box
		activated s1
		completed s1
		activated split
		completed split
		activated a
		job created a type a retries 3
		activated up
		escalation X from up, caught by b
		job canceled a
		terminated up
		terminated a
		terminated box
		activated b
		completed b
		activated x
		completed x
		instance completed`)
}

// A non-interrupting event leaves the thrower and its scope alone.
func TestEscalationNotInterrupting(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		sub box (
			start s1
			throw up escalation=X
			service a type=a
			end again escalation=X
			s1 -> up -> a -> again
		)
		boundary b on=box escalation keep
		end e
		user x
		s -> box -> e
		b -> x`)
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated box
		activated s1
		completed s1
		activated up
		escalation X from up, caught by b
		activated b
		completed b
		completed up
		activated x
		task created x
		activated a
		job created a type a retries 3`)
	r.finish("a")
	r.want(`
		job completed a
		completed a
		activated again
		escalation X from again, caught by b
		activated b
		completed b
		completed again
		activated x
		task created x
		completed box
		activated e
		completed e`)
	if n := len(r.st.Tasks()); n != 2 {
		t.Errorf("%d tasks, want one for each escalation", n)
	}
}

func TestEscalationNotCaught(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		throw up escalation==code
		end e escalation=Y
		s -> up -> e`)
	r.start(`code="X"`)
	r.want(`
		started p v1
		set code = "X"
		activated s
		completed s
		activated up
		escalation X from up, not caught
		completed up
		activated e
		escalation Y from e, not caught
		completed e
		instance completed`)
	r = newRun(t, "start s\nthrow up escalation==code\ns -> up")
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated up
		incident EXTRACT_VALUE_ERROR at up: the code is null, no name`)
}
