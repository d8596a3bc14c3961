package enginetest

import (
	"errors"

	"tallystick/fault"
	"tallystick/internal/canon"
)

// testWorkers are small real workers: they compute from the variables of the job.
func testWorkers() map[string]Worker {
	return map[string]Worker{
		"quote": func(j Job) (Outcome, error) {
			return Outcome{Variables: map[string]canon.JSON{"quoted": j.Variables["price"], "by": canon.String(j.Headers["currency"])}}, nil
		},
		"refuse": func(Job) (Outcome, error) {
			return Outcome{ErrorCode: "REFUSED", ErrorMessage: "not today"}, nil
		},
		"stumble": func(j Job) (Outcome, error) {
			if j.Retries > 1 {
				return Outcome{}, errors.New("try again")
			}
			return Outcome{}, nil
		},
		"contract": func(Job) (Outcome, error) {
			return Outcome{}, fault.New(fault.Invalid, "test.contract", "never right")
		},
	}
}
