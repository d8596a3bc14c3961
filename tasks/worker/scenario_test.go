package worker

import (
	"context"
	"errors"
	"testing"

	"tallystick/engine"
	"tallystick/engine/enginetest"
	"tallystick/host"
	"tallystick/internal/canon"
)

func TestScenario(t *testing.T) {
	broken := errors.New("broken")
	all := Scenarios(map[string]host.Worker{
		"good": Func(func(ctx context.Context, j host.Job) (host.Result, error) {
			if _, limited := ctx.Deadline(); !limited || j.Type != "good" || j.Headers["h"] != "v" {
				t.Errorf("job %+v", j)
			}
			return host.Result{Variables: j.Variables, Prediction: &engine.Prediction{Model: "m"}}, nil
		}),
		"thrown": Func(func(context.Context, host.Job) (host.Result, error) {
			return host.Result{}, &host.JobError{Code: "E", Message: "why", Variables: map[string]canon.JSON{"a": "1"}}
		}),
		"broken": Func(func(context.Context, host.Job) (host.Result, error) { return host.Result{}, broken }),
	})
	vars := map[string]canon.JSON{"x": "2"}
	out, err := all["good"](enginetest.Job{Key: 1, Type: "good", Headers: map[string]string{"h": "v"}, Variables: vars})
	if err != nil || out.Variables["x"] != "2" || out.Prediction.Model != "m" || out.ErrorCode != "" {
		t.Errorf("%+v, %v", out, err)
	}
	out, err = all["thrown"](enginetest.Job{})
	if err != nil || out.ErrorCode != "E" || out.ErrorMessage != "why" || out.Variables["a"] != "1" {
		t.Errorf("%+v, %v", out, err)
	}
	if _, err = all["broken"](enginetest.Job{}); !errors.Is(err, broken) {
		t.Error(err)
	}
}
