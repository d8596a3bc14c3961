package engine

import (
	"math"
	"testing"
	"time"
)

func TestUpdateJob(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		service a type=a
		end e
		s -> a -> e`)
	r.start()
	r.take()
	key := r.job("a")
	r.do(UpdateJob{Job: key, Retries: new(7), Priority: new(-3), Timeout: new(time.Minute)})
	r.do(UpdateJob{Job: key, Priority: new(math.MaxInt32)})
	r.do(UpdateJob{Job: key, Timeout: new(time.Duration(0))})
	r.want(`
		job retries a 7
		job priority a -3
		job lock moved a
		job priority a 2147483647
		job lock moved a`)
	if j, _ := r.st.Job(key); j.Retries != 7 {
		t.Errorf("%+v", j)
	}
	r.refused(ErrJobUpdate, UpdateJob{Job: key})
	r.refused(ErrJobRetries, UpdateJob{Job: key, Retries: new(0), Priority: new(1)})
	r.refused(ErrJobPriority, UpdateJob{Job: key, Retries: new(1), Priority: new(math.MaxInt32 + 1)})
	r.refused(ErrJobPriority, UpdateJob{Job: key, Priority: new(math.MinInt32 - 1)})
	r.refused(ErrJobTimeout, UpdateJob{Job: key, Timeout: new(-time.Second)})
	r.refused(ErrJobTimeout, UpdateJob{Job: key, Timeout: new(20 * 366 * 24 * time.Hour)})
	r.refused(ErrJobNotFound, UpdateJob{Job: key + 1, Retries: new(1)})
}

// TestResolveWithRetries gives the job of an incident what it needs in the same command.
func TestResolveWithRetries(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		service a type=a
		end e
		s -> a -> e`)
	r.start()
	r.do(FailJob{Job: r.job("a")})
	r.take()
	in := r.incident("a")
	r.refused(ErrNoRetries, ResolveIncident{Incident: in})
	r.refused(ErrJobRetries, ResolveIncident{Incident: in, Retries: new(0)})
	r.do(SuspendInstance{})
	r.do(ResolveIncident{Incident: in, Retries: new(2)})
	r.do(ResumeInstance{})
	r.want(`
		suspended
		job retries a 2
		incident resolved at a
		resumed`)
	r.do(ThrowJobError{Job: r.job("a"), Code: "E"})
	r.take()
	r.refused(ErrIncidentNoJob, ResolveIncident{Incident: r.incident("a"), Retries: new(2)})
}
