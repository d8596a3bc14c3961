package engine

import (
	"math"

	"tallystick/fault"
)

// The refusals of changes of jobs.
var (
	// ErrJobUpdate refuses a change of a job that changes nothing.
	ErrJobUpdate = fault.New(fault.Invalid, "job.update_empty", "there is nothing to change")
	// ErrJobPriority refuses a priority that is out of bounds.
	ErrJobPriority = fault.New(fault.Invalid, "job.priority_invalid", "the priority of a job is a 32-bit number")
	// ErrJobTimeout refuses a time limit that is none.
	ErrJobTimeout = fault.New(fault.Invalid, "job.timeout_invalid", "the time limit of the lock is wrong")
)

// timeoutMax is the longest lock.
const timeoutMax = backoffMax

func (x *machine) updateJob(c UpdateJob) error {
	j, err := x.job(c.Job)
	if err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	if c.Retries != nil {
		x.emit(JobRetriesUpdated{Key: j.Key, Element: j.Element, Retries: *c.Retries})
	}
	if c.Priority != nil {
		x.emit(JobPriorityChanged{Key: j.Key, Element: j.Element, Priority: *c.Priority})
	}
	if c.Timeout != nil {
		x.emit(JobLockMoved{Key: j.Key, Element: j.Element, Deadline: x.at.Add(*c.Timeout)})
	}
	return nil
}

func (c UpdateJob) check() error {
	if c.Retries == nil && c.Priority == nil && c.Timeout == nil {
		return ErrJobUpdate
	}
	if c.Retries != nil {
		if err := mayRetry(*c.Retries); err != nil {
			return err
		}
	}
	if p := c.Priority; p != nil && (*p < math.MinInt32 || *p > math.MaxInt32) {
		return ErrJobPriority.With("%d is no priority of a job", *p)
	}
	if t := c.Timeout; t != nil && (*t < 0 || *t > timeoutMax) {
		return ErrJobTimeout.With("%s is no time limit of a lock", *t)
	}
	return nil
}

// mayRetry refuses retries that would not let a job be done again.
func mayRetry(retries int) error {
	if retries < 1 || retries > retriesMax {
		return ErrJobRetries.With("%d retries; at least one is needed", retries)
	}
	return nil
}
