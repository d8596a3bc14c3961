package worker

import (
	"context"
	"errors"
	"time"

	"tallystick/engine/enginetest"
	"tallystick/host"
)

const scenarioTimeout = 30 * time.Second // the server's limit is the lock of the job

// Scenario lets a worker of the server do the jobs of scenarios.
func Scenario(w host.Worker) enginetest.Worker {
	return func(j enginetest.Job) (enginetest.Outcome, error) {
		ctx, cancel := context.WithTimeout(context.Background(), scenarioTimeout)
		defer cancel()
		r, err := w.Work(ctx, host.Job{
			Key: j.Key, Type: j.Type, Instance: j.Instance, Element: j.Element, ElementInstance: j.ElementInstance,
			ProcessID: j.ProcessID, Headers: j.Headers, Worker: "scenario", Retries: j.Retries, Variables: j.Variables,
		})
		if thrown, ok := errors.AsType[*host.JobError](err); ok {
			return enginetest.Outcome{Variables: thrown.Variables, ErrorCode: thrown.Code, ErrorMessage: thrown.Message}, nil
		}
		if err != nil {
			return enginetest.Outcome{}, err
		}
		return enginetest.Outcome{Variables: r.Variables, Prediction: r.Prediction}, nil
	}
}

// Scenarios is Scenario for a set of workers.
func Scenarios(workers map[string]host.Worker) map[string]enginetest.Worker {
	out := make(map[string]enginetest.Worker, len(workers))
	for jobType, w := range workers {
		out[jobType] = Scenario(w)
	}
	return out
}
