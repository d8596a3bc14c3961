package engine

import "testing"

// While an instance rests its data can be corrected and retries raised; what would let it go on is refused.
func TestSuspendedInstanceRests(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		service a type=a
		boundary b on=a condition="=x" keep
		end e
		s -> a -> e
		b -> e`)
	r.do(SuspendInstance{})
	r.start("x=false")
	r.do(ResumeInstance{})
	r.do(SuspendInstance{})
	r.do(SuspendInstance{})
	r.do(CompleteJob{Job: r.job("a")})
	r.do(FailJob{Job: r.job("a")})
	r.do(UpdateJob{Job: r.job("a"), Retries: new(5)})
	r.do(SetVariables{Scope: r.st.Key(), Variables: Variables{"x": "true"}})
	r.want(`
		refused instance.not_found
		started p v1
		set x = false
		activated s
		completed s
		activated a
		waits b for a condition
		job created a type a retries 3
		refused instance.not_suspended
		suspended
		refused instance.suspended
		refused instance.suspended
		refused instance.suspended
		job retries a 5
		set x = true`)
	r.do(ResumeInstance{})
	r.want(`
		resumed
		caught b
		waits b for a condition
		activated b
		completed b
		activated e
		completed e`)
	r.do(SuspendInstance{})
	r.do(CancelInstance{})
	r.do(ResumeInstance{})
	r.want(`
		suspended
		job canceled a
		wait over b
		terminated a
		instance terminated: canceled
		refused instance.ended`)
}

// The incident of a job is bookkeeping; a failed step is tried again when the instance goes on.
func TestSuspendedIncidents(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		and fork
		service a type=a
		script b expr="=x + y" result=z
		end e
		s -> fork -> a -> e
		fork -> b -> e`)
	r.start("x=1")
	r.do(FailJob{Job: r.job("a")})
	r.do(SuspendInstance{})
	r.do(UpdateJob{Job: r.job("a"), Retries: new(1)})
	r.got.Reset()
	r.do(ResolveIncident{Incident: r.incident("a")})
	for _, i := range r.st.Incidents() {
		r.do(ResolveIncident{Incident: i.Key})
	}
	r.want("incident resolved at a")
	r.do(ResumeInstance{})
	r.do(CompleteJob{Job: r.job("a")})
	r.want(`
		resumed
		job completed a
		completed a
		activated e
		completed e
		instance completed`)
}
