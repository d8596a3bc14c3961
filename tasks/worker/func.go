package worker

import (
	"context"

	"tallystick/host"
)

// Func is a Go function as a host.Worker.
type Func func(ctx context.Context, job host.Job) (host.Result, error)

// Work implements host.Worker.
func (f Func) Work(ctx context.Context, job host.Job) (host.Result, error) { return f(ctx, job) }
