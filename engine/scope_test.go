package engine

import "testing"

func TestSubProcess(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		sub box (
			start s1
			service a type=a
			end e1
			s1 -> a -> e1
		)
		end e
		in box x "=n"
		out box m "=y"
		s -> box -> e`)
	r.start("n=7")
	r.want(`
		started p v1
		set n = 7
		activated s
		completed s
		activated box
		set x = 7 in box
		activated s1
		completed s1
		activated a
		job created a type a retries 3`)
	r.finish("a", "y=8", "x=9")
	r.want(`
		job completed a
		set x = 9 in box
		set y = 8
		completed a
		activated e1
		completed e1
		set m = 8
		completed box
		activated e
		completed e
		instance completed`)
	r.vars(r.st.Key(), "m=8", "n=7", "y=8")
}

// A sub-process completes when the last of its branches has ended, not the first.
func TestSubProcessWaitsForAll(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		sub box (
			start s1
			and split
			service a type=a
			service b type=b
			end e1
			s1 -> split
			split -> a -> e1
			split -> b -> e1
		)
		end e
		s -> box -> e`)
	r.start()
	r.finish("a")
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
		job created b type b retries 3
		job completed a
		completed a
		activated e1
		completed e1`)
	r.finish("b")
	r.want(`
		job completed b
		completed b
		activated e1
		completed e1
		completed box
		activated e
		completed e
		instance completed`)
}

// Nested scopes complete outward one after the other.
func TestSubProcessNested(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		sub outer (
			start s1
			sub inner (
				start s2
				end e2
				s2 -> e2
			)
			s1 -> inner
		)
		s -> outer`)
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
		activated e2
		completed e2
		completed inner
		completed outer
		instance completed`)
}

// A terminate end event ends its own scope only, which is then left normally (13.5.6).
func TestTerminateSubProcess(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		and split
		service outside type=o
		sub box (
			start s1
			and split1
			service a type=a
			user b
			catch c duration=PT1H
			task early
			and never
			service stop type=stop
			end t terminate
			s1 -> split1
			split1 -> a
			split1 -> b
			split1 -> c -> never
			split1 -> early -> never
			split1 -> stop -> t
		)
		end e
		s -> split
		split -> outside -> e
		split -> box -> e`)
	r.start()
	r.finish("stop")
	r.want(`
		started p v1
		activated s
		completed s
		activated split
		completed split
		activated outside
		job created outside type o retries 3
		activated box
		activated s1
		completed s1
		activated split1
		completed split1
		activated a
		job created a type a retries 3
		activated b
		task created b
		activated c
		timer armed c
		activated early
		completed early
		activated stop
		job created stop type stop retries 3
		job completed stop
		completed stop
		activated t
		job canceled a
		task canceled b
		timer canceled c
		terminated c
		terminated b
		terminated a
		scope emptied box
		completed t
		completed box
		activated e
		completed e`)
	r.finish("outside")
	r.want(`
		job completed outside
		completed outside
		activated e
		completed e
		instance completed`)
}

func TestTerminateProcess(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		and split
		sub box (
			start s1
			service a type=a
			s1 -> a
		)
		service b type=b
		end t terminate
		s -> split
		split -> box
		split -> b -> t`)
	r.start()
	r.finish("b")
	r.want(`
		started p v1
		activated s
		completed s
		activated split
		completed split
		activated box
		activated s1
		completed s1
		activated b
		job created b type b retries 3
		activated a
		job created a type a retries 3
		job completed b
		completed b
		activated t
		job canceled a
		terminated a
		terminated box
		completed t
		instance completed`)
}

// The scope is emptied before the terminate end event itself can park: nothing moves meanwhile.
func TestTerminateParksWithoutTokens(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		and split
		task a
		and never
		service b type=b
		end t terminate
		service never2 type=x
		out t y "${missing.part}"
		s -> split
		split -> a -> never
		never2 -> never
		split -> b -> t`)
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
		job created b type b retries 3`)
	r.finish("b")
	r.want(`
		job completed b
		completed b
		activated t
		scope emptied
		incident IO_MAPPING_ERROR at t: the mapping to y`)
}

func TestCancelInstance(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		and split
		sub box (
			start s1
			user u
			s1 -> u
		)
		boundary b on=box duration=PT1H
		service a type=a
		xor g
		end x
		end y
		s -> split
		split -> box
		split -> a
		split -> g
		g -> x if =n > 1
		b -> y`)
	r.start()
	r.do(FailJob{Job: r.job("a"), Message: "down"})
	r.want(`
		started p v1
		activated s
		completed s
		activated split
		completed split
		activated box
		timer armed b
		activated s1
		completed s1
		activated a
		job created a type a retries 3
		activated g
		incident CONDITION_ERROR at g: the condition of flow g>x is null, no boolean
		activated u
		task created u
		job failed a retries 0: down
		incident JOB_NO_RETRIES at a: down`)
	r.do(CancelInstance{})
	r.want(`
		incident resolved at a
		incident resolved at g
		job canceled a
		task canceled u
		timer canceled b
		terminated u
		terminated g
		terminated a
		terminated box
		instance terminated: canceled`)
	r.do(CancelInstance{})
	r.do(CompleteJob{Job: 1})
	r.want(`
		refused instance.ended
		refused instance.ended`)
}
