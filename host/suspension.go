package host

import (
	"context"
	"strconv"
	"time"

	"tallystick/audit"
	"tallystick/fault"
)

// What can be suspended beside an instance.
const (
	SuspendsDefinition = "definition"
	SuspendsJobs       = "jobs"
)

// The refusals around suspended processes and job types.
var (
	ErrDefinitionSuspended = fault.New(fault.Conflict, "definition.suspended", "the process is suspended")
	ErrSuspended           = fault.New(fault.Conflict, "suspension.exists", "it is suspended already")
	ErrNotSuspended        = fault.New(fault.Conflict, "suspension.not_found", "it is not suspended by itself")
	ErrSuspension          = fault.New(fault.Invalid, "suspension.invalid", "the job type is not acceptable")
)

// Suspension keeps a process from being started in any way, or the jobs of a type from being handed out. What runs
// goes on, and jobs that a worker has can be completed.
type Suspension struct {
	Kind    string // SuspendsDefinition or SuspendsJobs
	Name    string // process id or job type
	Version int    // of the process; 0 is every version, also those to come
	Since   time.Time
	Actor   string
	Reason  string
}

// SuspensionChange adds a suspension, or lifts it. Library is the library version it was decided on: like a deployment
// it changes what is there to be started, so every batch that starts something compares it.
type SuspensionChange struct {
	Library int64
	Lifted  bool
	Suspension
}

// jobTypeMax bounds the name of a job type.
const jobTypeMax = 1024

// suspensionName is what a suspension is found by.
type suspensionName struct {
	kind, name string
	version    int
}

func (s Suspension) key() suspensionName { return suspensionName{s.Kind, s.Name, s.Version} }

func (s Suspension) action() string {
	if s.Kind == SuspendsJobs {
		return ActionJobSuspend
	}
	return ActionDefinitionSuspend
}

// target is what the right is needed on; a job type belongs to all processes.
func (s Suspension) target() Target {
	if s.Kind == SuspendsJobs {
		return Target{Scope: "def:*"}
	}
	return Target{Scope: "def:" + s.Name}
}

// DefinitionSuspended tells whether a version of a process is suspended, by itself or with all others.
func (s *Snapshot) DefinitionSuspended(d Deployed) (Suspension, bool) {
	if found, ok := s.suspended[suspensionName{SuspendsDefinition, d.ID, 0}]; ok {
		return found, true
	}
	found, ok := s.suspended[suspensionName{SuspendsDefinition, d.ID, d.Version}]
	return found, ok
}

// JobsSuspended tells whether a job type is suspended.
func (s *Snapshot) JobsSuspended(jobType string) bool {
	_, ok := s.suspended[suspensionName{SuspendsJobs, jobType, 0}]
	return ok
}

// Suspensions lists everything that is suspended, by kind, name and version.
func (s *Snapshot) Suspensions() []Suspension { return s.suspensions }

// Suspend suspends a process or a job type. When it has returned, no node starts or hands out what is suspended.
func (h *Host) Suspend(ctx context.Context, by Actor, s Suspension, request string) error {
	return h.changeSuspension(ctx, by, SuspensionChange{Suspension: s}, request)
}

// Lift lifts a suspension that is in force. Start timers that came due meanwhile fire, each once.
func (h *Host) Lift(ctx context.Context, by Actor, s Suspension, request string) error {
	if err := h.changeSuspension(ctx, by, SuspensionChange{Suspension: s, Lifted: true}, request); err != nil {
		return err
	}
	if s.Kind == SuspendsJobs {
		h.jobs.ring(s.Name, everybody)
		h.hints.add(hintJob + s.Name)
		return nil
	}
	h.alarm.ring()
	return nil
}

func (h *Host) changeSuspension(ctx context.Context, by Actor, c SuspensionChange, request string) error {
	if c.Kind == SuspendsJobs && (c.Name == "" || len(c.Name) > jobTypeMax) {
		return ErrSuspension.With("a job type has 1 to %d bytes", jobTypeMax)
	}
	action, on := c.action(), c.target()
	if err := h.require(ctx, by, action, on); err != nil {
		return err
	}
	err := h.write(ctx, func(_ context.Context, now moment) (Batch, []note, bool, error) {
		v := h.authorizer.Allow(by, action, on)
		if !v.Allowed {
			return Batch{}, nil, false, denied(v, action, on.Scope)
		}
		have := h.shelf.snapshot()
		if err := have.mayChange(c); err != nil {
			return Batch{}, nil, false, err
		}
		c.Library, c.Since, c.Actor = have.Version(), now.At, by.Ref()
		n := note{stream: streamAdmin, draft: h.suspensionDraft(now, by, v, c, request)}
		return Batch{Policy: v.Policy, Suspension: &c}, []note{n}, false, nil
	})
	if err != nil {
		return err
	}
	loaded, err := h.load(context.WithoutCancel(ctx), nil)
	if err != nil {
		return err
	}
	_, err = h.catchUp(context.WithoutCancel(ctx), loaded)
	return err
}

// mayChange refuses what changes nothing, and a process that is not there.
func (s *Snapshot) mayChange(c SuspensionChange) error {
	if c.Kind == SuspendsDefinition {
		if _, ok := s.Process(ProcessRef{ID: c.Name, Version: c.Version}); !ok {
			return ErrProcessNotFound
		}
	}
	_, have := s.suspended[c.key()]
	switch {
	case have && !c.Lifted:
		return ErrSuspended
	case !have && c.Lifted:
		return ErrNotSuspended
	}
	return nil
}

func (h *Host) suspensionDraft(now moment, by Actor, v Verdict, c SuspensionChange, request string) draft {
	e := h.entry(now, by, "admin", c.action())
	judged(&e, v)
	e.RequestID = audit.Given(request)
	e.Resource = audit.Given("type:" + c.Name)
	if c.Kind == SuspendsDefinition {
		e.Resource, e.Definition = audit.Given("def:"+c.Name), audit.Given(c.Name)
		e.DefinitionVersion = audit.Given(int64(c.Version))
	}
	change := "suspended"
	if c.Lifted {
		change = "resumed"
	}
	return draft{entry: e, private: []byte(texts(
		"change", change, "kind", c.Kind, "name", c.Name, "version", strconv.Itoa(c.Version), "reason", c.Reason,
	))}
}

// mayStart refuses to start what is suspended.
func (b *batch) mayStart(d Deployed) error {
	s, ok := b.library.DefinitionSuspended(d)
	if !ok {
		return nil
	}
	why := ""
	if s.Reason != "" {
		why = ": " + s.Reason
	}
	return ErrDefinitionSuspended.With("process %s is suspended since %s%s", d.ID, s.Since.UTC().Format(time.RFC3339), why)
}
