package engine

import (
	"time"

	"tallystick/fault"
)

// The refusals of jobs.
var (
	// ErrJobNotFound refuses commands to a job that is not open.
	ErrJobNotFound = fault.New(fault.NotFound, "job.not_found", "no such job")
	// ErrJobRetries refuses retries that make no sense.
	ErrJobRetries = fault.New(fault.Invalid, "job.retries_invalid", "the retries are wrong")
	// ErrJobBackoff refuses a negative delay.
	ErrJobBackoff = fault.New(fault.Invalid, "job.backoff_invalid", "the delay of the next attempt is wrong")
	// ErrJobErrorCode refuses an error without a code.
	ErrJobErrorCode = fault.New(fault.Invalid, "job.error_code_missing", "the error code is missing")
)

const (
	retriesMax = 1 << 30
	backoffMax = 10 * 366 * 24 * time.Hour
)

func (x *machine) job(key int64) (Job, error) {
	j, ok := x.st.jobs.get(rowID{key: key})
	if !ok {
		return j, ErrJobNotFound.With("no open job has the key %d", key)
	}
	return j, nil
}

func (x *machine) completeJob(c CompleteJob) error {
	j, err := x.job(c.Job)
	if err != nil {
		return err
	}
	if err := x.mayStore(c.Variables); err != nil {
		return err
	}
	if err := x.mayDecide(j, c); err != nil {
		return err
	}
	if err := x.mayAnswer(j, c); err != nil {
		return err
	}
	done := JobCompleted{Key: j.Key, Element: j.Element}
	if c.Task != nil {
		done.Denied, done.Reason = c.Task.Denied, c.Task.Reason
	}
	x.emit(done)
	if c.Prediction != nil {
		x.emit(ModelScored{Element: j.Element, ElementInstance: j.ElementInstance, Job: j.Key, Prediction: *c.Prediction})
	}
	x.closeIncidentsOf(j)
	e, n := x.holder(j.ElementInstance)
	switch {
	case j.JobKind == JobExecutionListener:
		x.listened(n, e, j, c.Variables)
	case j.JobKind == JobTaskListener:
		x.taskListened(n, e, j, c)
	case j.JobKind == JobAdHoc:
		x.setResults(n, e, c.Variables)
		x.adHocResult(n, e, c.AdHoc)
	default:
		x.setResults(n, e, c.Variables)
		x.proceed(n, e, retryOutputs)
	}
	return nil
}

// failJob counts an attempt. Without retries the job waits for an incident to be resolved.
func (x *machine) failJob(c FailJob) error {
	j, err := x.job(c.Job)
	switch {
	case err != nil:
		return err
	case c.Retries < 0 || c.Retries > retriesMax:
		return ErrJobRetries.With("%d is no number of retries", c.Retries)
	case c.Backoff < 0 || c.Backoff > backoffMax:
		return ErrJobBackoff.With("%s is no delay", c.Backoff)
	}
	if err := x.mayStore(c.Variables); err != nil {
		return err
	}
	r := JobFailed{Key: j.Key, Element: j.Element, Retries: c.Retries, Message: c.Message}
	if c.Backoff > 0 {
		r.NotBefore = x.at.Add(c.Backoff)
	}
	x.emit(r)
	x.setAll(c.Variables, func(string) int64 { return j.ElementInstance })
	if c.Retries == 0 && !x.parked(j.ElementInstance) {
		message := c.Message
		if message == "" {
			message = "the job has no retries left"
		}
		x.raise(IncidentRaised{
			Element: j.Element, ElementInstance: j.ElementInstance, ErrorType: retriesError(j), Message: message,
			Job: j.Key, Retry: retryJob,
		})
	}
	return nil
}

func (x *machine) throwJobError(c ThrowJobError) error {
	j, err := x.job(c.Job)
	if err != nil {
		return err
	}
	switch {
	case c.Code == "":
		return ErrJobErrorCode
	case j.JobKind == JobTaskListener || j.ElementInstance == x.st.key:
		return ErrListenerError
	}
	if err := x.mayStore(c.Variables); err != nil {
		return err
	}
	x.emit(JobErrorThrown{Key: j.Key, Element: j.Element, Code: c.Code, Message: c.Message})
	x.closeIncidentsOf(j)
	e, _, _ := x.element(j.ElementInstance)
	t := thrown{code: c.Code, message: c.Message, vars: c.Variables, job: j.Key}
	if j.JobKind == JobExecutionListener {
		t.retry = retryOfListener(j.ListenerEvent, j.Listener)
	}
	x.throwError(e, t)
	return nil
}

// retriesError is the type of the incident of a job without retries.
func retriesError(j Job) string {
	switch j.JobKind {
	case JobExecutionListener:
		return errorListener
	case JobTaskListener:
		return errorTaskListener
	case JobAdHoc:
		return errorAdHoc
	}
	return errorRetries
}
