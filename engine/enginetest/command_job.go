package enginetest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"tallystick/engine"
	"tallystick/fault"
)

func aboutJob(j engine.Job) (string, int64) { return j.Element, j.Key }

func (r *runner) finish(words []word) error {
	id, words, err := subject(words)
	if err != nil {
		return err
	}
	at, err := find(r, id, engine.State.Jobs, aboutJob)
	if err != nil {
		return err
	}
	words, options := take(words, "error", "message")
	if code := options["error"]; code != "" {
		return r.do(at.instance, "", engine.ThrowJobError{Job: at.key, Code: code, Message: options["message"], Variables: variables(words)})
	}
	words, result, err := r.taskResult(words)
	if err != nil {
		return err
	}
	return r.do(at.instance, "", engine.CompleteJob{Job: at.key, Variables: variables(words), Task: result})
}

func (r *runner) fail(words []word) error {
	id, words, err := subject(words)
	if err != nil {
		return err
	}
	at, err := find(r, id, engine.State.Jobs, aboutJob)
	if err != nil {
		return err
	}
	words, options := take(words, "retries", "message", "backoff")
	j, _ := at.st.Job(at.key)
	left := max(0, j.Retries-1)
	if text := options["retries"]; text != "" {
		if left, err = strconv.Atoi(text); err != nil {
			return errors.New("retries is no number")
		}
	}
	var backoff time.Duration
	if text := options["backoff"]; text != "" {
		if backoff, err = parseDuration(text); err != nil {
			return err
		}
	}
	return r.do(at.instance, "", engine.FailJob{
		Job: at.key, Retries: left, Message: options["message"], Backoff: backoff, Variables: variables(words),
	})
}

const workMax = 1_000 // jobs of one command; a loop of the process would never end

// work lets workers do open jobs until none is left that they can do.
func (r *runner) work(words []word) error {
	var types []string
	for _, w := range words {
		if w.name != "" || r.worker(w.text) == nil {
			return fmt.Errorf("there is no worker for %q", w.text)
		}
		types = append(types, w.text)
	}
	done := 0
	for ; done < workMax; done++ {
		i, j := r.nextJob(types)
		if i == nil {
			break
		}
		if err := r.perform(i, j); err != nil {
			return err
		}
	}
	switch done {
	case 0:
		return errors.New("there is no job to work on")
	case workMax:
		return fmt.Errorf("the workers were not done after %d jobs", workMax)
	}
	return nil
}

func (r *runner) worker(jobType string) Worker {
	if jobType == ScoreType && r.scorer != nil {
		return r.scorer
	}
	return r.Workers[jobType]
}

// nextJob finds the oldest open job of the oldest instance that a worker takes.
func (r *runner) nextJob(types []string) (*instance, engine.Job) {
	for _, i := range r.instances {
		for _, j := range i.st.Jobs() {
			wanted := len(types) == 0 || slices.Contains(types, j.Type)
			if wanted && j.Retries > 0 && r.worker(j.Type) != nil {
				return i, j
			}
		}
	}
	return nil, engine.Job{}
}

// perform does one job and reports what came of it, as the server does for its own workers.
func (r *runner) perform(i *instance, j engine.Job) error {
	out, err := r.worker(j.Type)(Job{
		Key: j.Key, Type: j.Type, Element: j.Element, ElementInstance: j.ElementInstance,
		Instance: i.st.Key(), ProcessID: i.def.ProcessID(), Headers: i.headers[j.Key], Retries: j.Retries,
		Variables: i.visible(j),
	})
	actor := "system:worker:" + j.Type
	switch {
	case err != nil:
		left := j.Retries - 1
		if k := fault.KindOf(err); k == fault.Invalid || k == fault.NotFound || k == fault.Denied {
			left = 0
		}
		return r.do(i, actor, engine.FailJob{Job: j.Key, Retries: left, Message: err.Error()})
	case out.ErrorCode != "":
		return r.do(i, actor, engine.ThrowJobError{
			Job: j.Key, Code: out.ErrorCode, Message: out.ErrorMessage, Variables: out.Variables,
		})
	}
	return r.do(i, actor, engine.CompleteJob{Job: j.Key, Variables: out.Variables, Prediction: out.Prediction})
}
