package bench

import (
	"context"
	"strings"

	"tallystick/host"
	"tallystick/internal/canon"
)

// The job types of the models: work is done by an ordinary worker, calculations by one that says that its
// work has no effect outside.
const (
	workType        = "bench:work"
	calculationType = "bench:calculation"
)

func workers() map[string]host.Worker {
	return map[string]host.Worker{workType: worker{}, calculationType: calculation{}}
}

// worker answers each job with one small variable.
type worker struct{}

// Work implements host.Worker.
func (worker) Work(context.Context, host.Job) (host.Result, error) {
	return host.Result{Variables: map[string]canon.JSON{"done": canon.Bool(true)}}, nil
}

// calculation is the same work, declared to have no effect outside.
type calculation struct{ worker }

// Calculates implements host.Calculation.
func (calculation) Calculates() {}

// asCalculation is a model whose jobs are calculations.
func asCalculation(model []byte, process string) []byte {
	return []byte(strings.NewReplacer(
		workType, calculationType, `<bpmn:process id="`+process+`"`, `<bpmn:process id="`+process+`-calc"`,
	).Replace(string(model)))
}
