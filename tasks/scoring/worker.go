package scoring

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/internal/canon"
)

// JobType is the type of the jobs that the worker does.
const JobType = "tallystick:score"

// OutputError is the BPMN error code for a score outside the range that the model declares.
const OutputError = "SCORE_OUTPUT"

// Models finds a deployed scoring model and its bytes: that with the version tag, the latest when the
// tag is empty.
type Models interface {
	ModelSource(ctx context.Context, id, versionTag string) (host.Deployed, []byte, error)
}

// Worker scores jobs. The header model names the model, modelVersion its version tag (latest without
// it), resultVariable the variable of the result (score without it). Inputs are the visible variables
// by the names of the model's inputs. It is safe for concurrent use.
type Worker struct {
	models Models
	now    func() time.Time
	parsed cache
}

// New returns a worker; now measures the latency of a scoring and may be nil for time.Now.
func New(models Models, now func() time.Time) *Worker {
	if now == nil {
		now = time.Now
	}
	return &Worker{models: models, now: now}
}

// ErrHeader refuses a job whose headers do not name a model.
var ErrHeader = fault.New(fault.Invalid, "score.header", "the header model must name a scoring model")

// Calculates implements host.Calculation: a score depends on the job and the model alone.
func (w *Worker) Calculates() {}

// Work implements host.Worker.
func (w *Worker) Work(ctx context.Context, job host.Job) (host.Result, error) {
	id := job.Headers["model"]
	if id == "" {
		return host.Result{}, ErrHeader
	}
	deployed, src, err := w.models.ModelSource(ctx, id, job.Headers["modelVersion"])
	if err != nil {
		return host.Result{}, err
	}
	digest := sha256.Sum256(src)
	m, err := w.parsed.model(digest, src, deployed.ResourceName)
	if err != nil {
		return host.Result{}, err
	}
	name := job.Headers["resultVariable"]
	if name == "" {
		name = "score"
	}
	return w.score(m, digest, name, job.Variables)
}

func (w *Worker) score(m *Model, digest [32]byte, name string, variables map[string]canon.JSON) (host.Result, error) {
	start := w.now()
	s, err := m.Score(variables)
	took := w.now().Sub(start)
	if errors.Is(err, ErrOutput) {
		return host.Result{}, &host.JobError{Code: OutputError, Message: ErrOutput.Message + ": model " + m.ID + " " + m.Version}
	}
	if err != nil {
		return host.Result{}, err
	}
	out, inputs := m.Document(s), canon.Digest(s.Inputs)
	return host.Result{
		Variables: map[string]canon.JSON{name: out},
		Prediction: &engine.Prediction{
			Model: m.ID, Version: m.Version, Digest: hex.EncodeToString(digest[:]),
			InputDigest: hex.EncodeToString(inputs[:]), Inputs: s.Inputs, Output: out,
			LatencyUS: max(0, took.Microseconds()),
		},
	}, nil
}
