package engine

import "testing"

const trip = `
		start s
		service hotel type=hotel
		boundary ch on=hotel compensate=unhotel
		service unhotel undo type=unhotel
		service car type=car
		boundary cc on=car compensate=uncar
		service uncar undo type=uncar
		`

// Handlers run one after the other, the youngest first; the event waits for the last.
func TestCompensationBroadcast(t *testing.T) {
	t.Parallel()
	r := newRun(t, trip+`
		throw undo compensate
		end e
		s -> hotel -> car -> undo -> e`)
	r.start()
	r.finish("hotel")
	r.want(`
		started p v1
		activated s
		completed s
		activated hotel
		job created hotel type hotel retries 3
		job completed hotel
		compensable hotel by unhotel
		completed hotel
		activated car
		job created car type car retries 3`)
	r.finish("car")
	r.want(`
		job completed car
		compensable car by uncar
		completed car
		activated undo
		compensation from undo of 2
		compensating car by uncar
		activated uncar
		job created uncar type uncar retries 3`)
	r.finish("uncar")
	r.want(`
		job completed uncar
		completed uncar
		compensating hotel by unhotel
		activated unhotel
		job created unhotel type unhotel retries 3`)
	r.finish("unhotel")
	r.want(`
		job completed unhotel
		completed unhotel
		completed undo
		activated e
		completed e
		instance completed`)
}

func TestCompensationOfOneActivity(t *testing.T) {
	t.Parallel()
	r := newRun(t, trip+`
		end undo compensate=hotel
		s -> hotel -> car -> undo`)
	r.start()
	r.finish("hotel")
	r.finish("car")
	r.want(`
		started p v1
		activated s
		completed s
		activated hotel
		job created hotel type hotel retries 3
		job completed hotel
		compensable hotel by unhotel
		completed hotel
		activated car
		job created car type car retries 3
		job completed car
		compensable car by uncar
		completed car
		activated undo
		compensation from undo of 1
		compensating hotel by unhotel
		activated unhotel
		job created unhotel type unhotel retries 3`)
	r.finish("unhotel")
	r.want(`
		job completed unhotel
		completed unhotel
		completed undo
		instance completed`)
}

// Only completed activity instances are compensated; without any the event passes.
func TestCompensationOfNothing(t *testing.T) {
	t.Parallel()
	r := newRun(t, trip+`
		and split
		throw undo compensate
		task after
		s -> split
		split -> hotel -> car
		split -> undo -> after`)
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated split
		completed split
		activated hotel
		job created hotel type hotel retries 3
		activated undo
		compensation from undo of 0
		completed undo
		activated after
		completed after`)
}

// A loop completes an activity several times: each instance is undone, in reverse, with its own data.
func TestCompensationOfLoop(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		service book type=book
		in book id "=n"
		boundary cb on=book compensate=unbook
		service unbook undo type=unbook
		script inc expr="=n + 1" result=n
		xor again
		throw undo compensate=book
		user look
		s -> book -> inc -> again
		again -> book if =n < 2
		again -> undo default
		undo -> look`)
	r.start("n=0")
	r.finish("book")
	r.finish("book")
	r.want(`
		started p v1
		set n = 0
		activated s
		completed s
		activated book
		set id = 0 in book
		job created book type book retries 3
		job completed book
		compensable book by unbook
		completed book
		activated inc
		set n = 1
		completed inc
		activated again
		completed again
		activated book
		set id = 1 in book
		job created book type book retries 3
		job completed book
		compensable book by unbook
		completed book
		activated inc
		set n = 2
		completed inc
		activated again
		completed again
		activated undo
		compensation from undo of 2
		compensating book by unbook
		activated unbook
		set id = 1 in unbook
		job created unbook type unbook retries 3`)
	r.finish("unbook")
	r.want(`
		job completed unbook
		completed unbook
		compensating book by unbook
		activated unbook
		set id = 0 in unbook
		job created unbook type unbook retries 3`)
	r.finish("unbook")
	r.want(`
		job completed unbook
		completed unbook
		completed undo
		activated look
		task created look`)
}

const package1 = `
		start s
		sub box (
			start s1
			service hotel type=hotel
			boundary ch on=hotel compensate=unhotel
			service unhotel undo type=unhotel
			sub inner (
				start s2
				service car type=car
				boundary cc on=car compensate=uncar
				service uncar undo type=uncar
				s2 -> car
			)
			s1 -> hotel -> inner
		)
		in box place "=where"
		`

// A completed sub-process without handler is undone by its contents, with the data it had then.
func TestCompensationOfContents(t *testing.T) {
	t.Parallel()
	r := newRun(t, package1+`
		service pay type=pay
		throw undo compensate
		user look
		s -> box -> pay -> undo -> look`)
	r.start(`where="Ulm"`)
	r.finish("hotel")
	r.finish("car")
	r.want(`
		started p v1
		set where = "Ulm"
		activated s
		completed s
		activated box
		set place = "Ulm" in box
		activated s1
		completed s1
		activated hotel
		job created hotel type hotel retries 3
		job completed hotel
		compensable hotel by unhotel
		completed hotel
		activated inner
		activated s2
		completed s2
		activated car
		job created car type car retries 3
		job completed car
		compensable car by uncar
		completed car
		compensable inner by its contents
		completed inner
		compensable box by its contents
		completed box
		activated pay
		job created pay type pay retries 3`)
	r.finish("pay", `where="Bonn"`)
	r.want(`
		job completed pay
		set where = "Bonn"
		completed pay
		activated undo
		compensation from undo of 1
		compensating box by its contents
		activated box
		set place = "Ulm" in box
		compensation from box of 2
		compensating inner by its contents
		activated inner
		compensation from inner of 1
		compensating car by uncar
		activated uncar
		job created uncar type uncar retries 3`)
	r.finish("uncar")
	r.want(`
		job completed uncar
		completed uncar
		completed inner
		compensating hotel by unhotel
		activated unhotel
		job created unhotel type unhotel retries 3`)
	if got, _ := r.st.lookup(r.element("unhotel"), "place"); got != `"Ulm"` {
		t.Errorf("the handler sees place = %s", got)
	}
	r.finish("unhotel")
	r.want(`
		job completed unhotel
		completed unhotel
		completed box
		completed undo
		activated look
		task created look`)
	if n := r.st.ledger.len() + r.st.variables.len(); n != 1 {
		t.Errorf("%d rows are left of ledger and variables, want the one variable of the instance", n)
	}
}

// A handler of the sub-process itself replaces the compensation of its contents.
func TestCompensationHandlerReplacesContents(t *testing.T) {
	t.Parallel()
	r := newRun(t, package1+`
		boundary cbox on=box compensate=refund
		service refund undo type=refund
		throw undo compensate
		user look
		s -> box -> undo -> look`)
	r.start(`where="Ulm"`)
	r.finish("hotel")
	r.finish("car")
	r.want(`
		started p v1
		set where = "Ulm"
		activated s
		completed s
		activated box
		set place = "Ulm" in box
		activated s1
		completed s1
		activated hotel
		job created hotel type hotel retries 3
		job completed hotel
		compensable hotel by unhotel
		completed hotel
		activated inner
		activated s2
		completed s2
		activated car
		job created car type car retries 3
		job completed car
		compensable car by uncar
		completed car
		compensable inner by its contents
		completed inner
		compensable box by refund
		completed box
		activated undo
		compensation from undo of 1
		compensating box by refund
		activated refund
		set place = "Ulm" in refund
		job created refund type refund retries 3`)
	r.finish("refund")
	r.want(`
		job completed refund
		completed refund
		completed undo
		activated look
		task created look`)
}

// A second throw skips what the first has claimed.
func TestCompensationTakenOnce(t *testing.T) {
	t.Parallel()
	r := newRun(t, trip+`
		and split
		throw undo1 compensate
		throw undo2 compensate
		task a
		task b
		s -> hotel -> car -> split
		split -> undo1 -> a
		split -> undo2 -> b`)
	r.start()
	r.finish("hotel")
	r.finish("car")
	r.want(`
		started p v1
		activated s
		completed s
		activated hotel
		job created hotel type hotel retries 3
		job completed hotel
		compensable hotel by unhotel
		completed hotel
		activated car
		job created car type car retries 3
		job completed car
		compensable car by uncar
		completed car
		activated split
		completed split
		activated undo1
		compensation from undo1 of 2
		compensating car by uncar
		activated uncar
		job created uncar type uncar retries 3
		activated undo2
		compensation from undo2 of 0
		completed undo2
		activated b
		completed b`)
	r.finish("uncar")
	r.finish("unhotel")
	r.want(`
		job completed uncar
		completed uncar
		compensating hotel by unhotel
		activated unhotel
		job created unhotel type unhotel retries 3
		job completed unhotel
		completed unhotel
		completed undo1
		activated a
		completed a
		instance completed`)
}

// A terminated scope has not completed: its contents cannot be undone.
func TestCompensationNotAfterTerminate(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		sub box (
			start s1
			task a
			boundary ca on=a compensate=una
			task una undo
			end stop terminate
			s1 -> a -> stop
		)
		throw undo compensate
		user look
		s -> box -> undo -> look`)
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated box
		activated s1
		completed s1
		activated a
		compensable a by una
		completed a
		activated stop
		scope emptied box
		completed stop
		completed box
		activated undo
		compensation from undo of 0
		completed undo
		activated look
		task created look`)
}

// A handler that fails is an incident; the throwing event keeps waiting.
func TestCompensationHandlerFails(t *testing.T) {
	t.Parallel()
	r := newRun(t, trip+`
		throw undo compensate
		user look
		s -> hotel -> undo -> look`)
	r.start()
	r.finish("hotel")
	r.do(FailJob{Job: r.job("unhotel"), Message: "down"})
	r.want(`
		started p v1
		activated s
		completed s
		activated hotel
		job created hotel type hotel retries 3
		job completed hotel
		compensable hotel by unhotel
		completed hotel
		activated undo
		compensation from undo of 1
		compensating hotel by unhotel
		activated unhotel
		job created unhotel type unhotel retries 3
		job failed unhotel retries 0: down
		incident JOB_NO_RETRIES at unhotel: down`)
	r.resolve("unhotel")
	r.do(UpdateJob{Job: r.job("unhotel"), Retries: new(2)})
	r.resolve("unhotel")
	r.finish("unhotel")
	r.want(`
		refused incident.no_retries
		job retries unhotel 2
		incident resolved at unhotel
		job completed unhotel
		completed unhotel
		completed undo
		activated look
		task created look`)
}

// What a handler throws goes up from the event that threw the compensation, which ends with it.
func TestCompensationHandlerThrows(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		task a
		boundary ca on=a compensate=una
		service una undo type=una
		sub box (
			start s1
			throw undo compensate=a
			s1 -> undo
		)
		boundary b on=box error
		user look
		user never
		s -> a -> box -> never
		b -> look`)
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated a
		compensable a by una
		completed a
		activated box
		activated s1
		completed s1
		activated undo
		compensation from undo of 1
		compensating a by una
		activated una
		job created una type una retries 3`)
	r.fail("una", "E1")
	r.want(`
		job threw una error E1
		error E1 from una, caught by b
		terminated una
		terminated undo
		terminated box
		activated b
		completed b
		activated look
		task created look`)
}

// A handler inside the scope that is interrupted ends with it; what was completed outside can still be undone.
func TestCompensationInterrupted(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		task a1
		boundary c1 on=a1 compensate=una1
		service una1 undo type=una1
		sub box (
			start s1
			task a2
			boundary c2 on=a2 compensate=una2
			service una2 undo type=una2
			task a3
			boundary c3 on=a3 compensate=una3
			service una3 undo type=una3
			throw undo compensate
			s1 -> a2 -> a3 -> undo
		)
		boundary b on=box duration=PT1H
		throw again compensate
		user look
		s -> a1 -> box
		b -> again -> look`)
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated a1
		compensable a1 by una1
		completed a1
		activated box
		timer armed b
		activated s1
		completed s1
		activated a2
		compensable a2 by una2
		completed a2
		activated a3
		compensable a3 by una3
		completed a3
		activated undo
		compensation from undo of 2
		compensating a3 by una3
		activated una3
		job created una3 type una3 retries 3`)
	r.fire("b")
	r.want(`
		timer fired b
		job canceled una3
		terminated una3
		terminated undo
		terminated box
		activated b
		completed b
		activated again
		compensation from again of 1
		compensating a1 by una1
		activated una1
		job created una1 type una1 retries 3`)
	r.finish("una1")
	r.want(`
		job completed una1
		completed una1
		completed again
		activated look
		task created look`)
}

// A handler may be a sub-process with a life of its own.
func TestCompensationHandlerIsSubProcess(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		task a
		boundary ca on=a compensate=una
		sub una undo (
			start s1
			service x type=x
			s1 -> x
		)
		throw undo compensate
		user look
		s -> a -> undo -> look`)
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated a
		compensable a by una
		completed a
		activated undo
		compensation from undo of 1
		compensating a by una
		activated una
		activated s1
		completed s1
		activated x
		job created x type x retries 3`)
	r.finish("x")
	r.want(`
		job completed x
		completed x
		completed una
		completed undo
		activated look
		task created look`)
}

// A handler outside the scope that is interrupted finishes its work. What the interrupted event had
// claimed and not begun is free for the next throw.
func TestCompensationHandlerOutlivesThrower(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		task a
		boundary ca on=a compensate=una
		service una undo type=una
		task again
		sub box (
			start s1
			throw undo compensate=a
			s1 -> undo
		)
		boundary b on=box duration=PT1H
		throw rest compensate
		user look
		s -> a -> again
		again -> a if =n < 1
		again -> box default
		in again x "=n"
		out again n "=n + 1"
		b -> rest -> look`)
	r.start("n=-1")
	r.want(`
		started p v1
		set n = -1
		activated s
		completed s
		activated a
		compensable a by una
		completed a
		activated again
		set x = -1 in again
		set n = 0
		completed again
		activated a
		compensable a by una
		completed a
		activated again
		set x = 0 in again
		set n = 1
		completed again
		activated box
		timer armed b
		activated s1
		completed s1
		activated undo
		compensation from undo of 2
		compensating a by una
		activated una
		job created una type una retries 3`)
	r.fire("b")
	r.want(`
		timer fired b
		terminated undo
		terminated box
		activated b
		completed b
		activated rest
		compensation from rest of 1
		compensating a by una
		activated una
		job created una type una retries 3`)
	first := r.st.Jobs()[0].Key
	r.finish("una")
	r.want(`
		job completed una
		completed una
		completed rest
		activated look
		task created look`)
	r.do(CompleteJob{Job: first})
	r.want(`
		job completed una
		completed una`)
}
