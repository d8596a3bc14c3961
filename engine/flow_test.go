package engine

import "testing"

func TestStraightThrough(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		service a type=work header=x
		user b groups=clerks,drivers assignee==who
		end e
		s -> a -> b -> e`)
	r.start(`who="ann"`)
	r.want(`
		started p v1
		set who = "ann"
		activated s
		completed s
		activated a
		job created a type work retries 3`)
	r.finish("a", "n=1")
	r.want(`
		job completed a
		set n = 1
		completed a
		activated b
		task created b for ann groups [clerks drivers]`)
	r.finish("b")
	r.want(`
		task completed b by user:ann
		completed b
		activated e
		completed e
		instance completed`)
	r.vars(r.st.Key(), "n=1", `who="ann"`)
}

func TestExclusiveGateway(t *testing.T) {
	t.Parallel()
	const text = `
		start s
		xor g
		task big
		task small
		xor m
		end e
		s -> g
		g -> big if =amount > 100
		g -> small default
		big -> m -> e
		small -> m`
	r := newRun(t, text)
	r.start("amount=200")
	r.want(`
		started p v1
		set amount = 200
		activated s
		completed s
		activated g
		completed g
		activated big
		completed big
		activated m
		completed m
		activated e
		completed e
		instance completed`)
	r = newRun(t, text)
	r.start("amount=20")
	r.want(`
		started p v1
		set amount = 20
		activated s
		completed s
		activated g
		completed g
		activated small
		completed small
		activated m
		completed m
		activated e
		completed e
		instance completed`)
}

// Two conditions are true: the first in document order wins. A flow without condition counts as true.
func TestExclusiveGatewayFirstTrue(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		xor g
		end a
		end b
		end c
		s -> g
		g -> a if =x > 10
		g -> b if =x > 1
		g -> c`)
	r.start("x=5")
	r.want(`
		started p v1
		set x = 5
		activated s
		completed s
		activated g
		completed g
		activated b
		completed b
		instance completed`)
}

func TestExclusiveGatewayWithoutWay(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		xor g
		end a
		end b
		s -> g
		g -> a if =x > 10
		g -> b if =y = 1`)
	r.start("x=5")
	r.want(`
		started p v1
		set x = 5
		activated s
		completed s
		activated g
		incident CONDITION_ERROR at g: no condition of the flows out of g is true, and there is no default flow`)
	r.resolve("g")
	r.want(`
		incident resolved at g
		incident CONDITION_ERROR at g: no condition of the flows out of g is true, and there is no default flow`)
	r.do(SetVariables{Scope: r.st.Key(), Variables: Variables{"y": "1"}})
	r.resolve("g")
	r.want(`
		set y = 1
		incident resolved at g
		completed g
		activated b
		completed b
		instance completed`)
}

// A condition that is no boolean parks at the gateway with the reason, it does not fall to the default.
func TestConditionNoBoolean(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		xor g
		end a
		end b
		s -> g
		g -> a if =x > 10
		g -> b default`)
	r.start(`x="five"`)
	r.want(`
		started p v1
		set x = "five"
		activated s
		completed s
		activated g
		incident CONDITION_ERROR at g: the condition of flow g>a is null, no boolean`)
	r.do(SetVariables{Scope: r.element("g"), Variables: Variables{"x": "50"}})
	r.resolve("g")
	r.want(`
		set x = 50
		incident resolved at g
		completed g
		activated a
		completed a
		instance completed`)
}

func TestParallelGateway(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		and split
		service a type=a
		service b type=b
		and join
		end e
		s -> split
		split -> a -> join
		split -> b -> join
		join -> e`)
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated split
		completed split
		activated a
		job created a type a retries 3
		activated b
		job created b type b retries 3`)
	r.finish("b")
	r.want(`
		job completed b
		completed b`)
	r.finish("a")
	r.want(`
		job completed a
		completed a
		activated join
		completed join
		activated e
		completed e
		instance completed`)
}

// Two tokens on one flow do not open the join: flows are counted, and the excess token waits (13.4.1).
func TestParallelJoinCountsFlows(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		and split
		task a
		task b
		xor twice
		service slow type=slow
		and join
		service after type=after
		end e
		s -> split
		split -> a -> twice
		split -> b -> twice
		split -> slow -> join
		twice -> join
		join -> after -> e`)
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated split
		completed split
		activated a
		completed a
		activated b
		completed b
		activated slow
		job created slow type slow retries 3
		activated twice
		completed twice
		activated twice
		completed twice`)
	r.finish("slow")
	r.want(`
		job completed slow
		completed slow
		activated join
		completed join
		activated after
		job created after type after retries 3`)
	r.finish("after")
	r.want(`
		job completed after
		completed after
		activated e
		completed e`)
	if r.st.Status() != Active {
		t.Errorf("the second token of twice must keep waiting, the instance is %s", r.st.Status())
	}
}

// A gateway may join and split at once.
func TestParallelGatewayMixed(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		and g1
		and g2
		end x
		end y
		s -> g1
		g1 -> g2
		task a
		g1 -> a -> g2
		g2 -> x
		g2 -> y`)
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated g1
		completed g1
		activated a
		completed a
		activated g2
		completed g2
		activated x
		completed x
		activated y
		completed y
		instance completed`)
}

// An activity with several flows splits, one with several incoming flows runs once for each token.
func TestImplicitSplitAndMerge(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		task a
		task b
		task c
		end e
		s -> a
		a -> b -> c
		a -> c
		c -> e`)
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated a
		completed a
		activated b
		completed b
		activated c
		completed c
		activated c
		completed c
		activated e
		completed e
		activated e
		completed e
		instance completed`)
}

// Conditional flows out of an activity: all that are true; the default only when no conditional one is.
func TestConditionalFlowsOfActivity(t *testing.T) {
	t.Parallel()
	const text = `
		start s
		task a
		end always
		end big
		end huge
		end other
		s -> a -> always
		a -> big if =x > 10
		a -> huge if =x > 100
		a -> other default`
	for x, want := range map[string]string{
		"5":   "activated always\nactivated other",
		"50":  "activated always\nactivated big",
		"500": "activated always\nactivated big\nactivated huge",
	} {
		r := newRun(t, text)
		r.start("x=" + x)
		if got := r.ends(); got != want {
			t.Errorf("x = %s: got\n%s\nwant\n%s", x, got, want)
		}
	}
}

func TestActivityWithoutWay(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		user a
		end e
		s -> a
		a -> e if =ok`)
	r.start()
	r.finish("a", "ok=false")
	r.want(`
		started p v1
		activated s
		completed s
		activated a
		task created a
		task completed a by user:ann
		set ok = false
		incident CONDITION_ERROR at a: no condition of the flows out of a is true, and there is no default flow`)
	r.do(SetVariables{Scope: r.st.Key(), Variables: Variables{"ok": "true"}})
	r.resolve("a")
	r.want(`
		set ok = true
		incident resolved at a
		completed a
		activated e
		completed e
		instance completed`)
}

// A node without outgoing flow consumes its token like an end event.
func TestEndsWithoutEndEvent(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		task a
		xor g
		s -> a
		s -> g`)
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated a
		completed a
		activated g
		completed g
		instance completed`)
}

// A loop runs an activity again with a new element instance each time.
func TestLoop(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		script inc expr="=n + 1" result=n
		xor again
		end e
		s -> inc -> again
		again -> inc if =n < 3
		again -> e default`)
	r.start("n=1")
	r.want(`
		started p v1
		set n = 1
		activated s
		completed s
		activated inc
		set n = 2
		completed inc
		activated again
		completed again
		activated inc
		set n = 3
		completed inc
		activated again
		completed again
		activated e
		completed e
		instance completed`)
}

func TestManualTaskPasses(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		manual a
		throw t
		end e
		s -> a -> t -> e`)
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated a
		completed a
		activated t
		completed t
		activated e
		completed e
		instance completed`)
}
