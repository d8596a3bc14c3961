package host

import (
	"fmt"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/tasks"
)

// duty is what a command means outside the machine: the action the policy knows, the category of its
// audit entry, and the key of the task, job, timer, incident or scope that it is about.
type duty struct {
	action   string
	category string
	key      int64
	relation bool // the actor must have to do with the task, or administer
}

// dutyOf is the declaration that every command needs: false refuses a command without an action.
func dutyOf(by Actor, cmd engine.Command) (duty, bool) {
	switch c := cmd.(type) {
	case engine.StartInstance:
		return duty{ActionInstanceStart, "process", 0, false}, true
	case engine.CancelInstance:
		return duty{ActionInstanceCancel, "process", 0, false}, true
	case engine.SuspendInstance, engine.ResumeInstance:
		return duty{ActionInstanceSuspend, "process", 0, false}, true
	case engine.ModifyInstance:
		return duty{ActionInstanceModify, "process", 0, false}, true
	case engine.MigrateInstance:
		return duty{ActionInstanceMigrate, "process", 0, false}, true
	case engine.ActivateAdHoc:
		return duty{ActionInstanceModify, "process", c.ElementInstance, false}, true
	case engine.CompleteAdHoc:
		return duty{ActionInstanceModify, "process", c.ElementInstance, false}, true
	case engine.CompleteJob:
		return duty{ActionJobComplete, "job", c.Job, false}, true
	case engine.FailJob:
		return duty{ActionJobFail, "job", c.Job, false}, true
	case engine.ThrowJobError:
		return duty{ActionJobError, "job", c.Job, false}, true
	case engine.UpdateJob:
		return duty{ActionJobUpdate, "job", c.Job, false}, true
	case engine.AssignTask:
		if c.Assignee == by.Name && by.Kind == "user" {
			return duty{ActionTaskClaim, "task", c.Task, true}, true
		}
		return duty{ActionTaskAssign, "task", c.Task, true}, true
	case engine.UnassignTask:
		return duty{ActionTaskUnclaim, "task", c.Task, true}, true
	case engine.UpdateTask:
		return duty{ActionTaskUpdate, "task", c.Task, true}, true
	case engine.CompleteTask:
		return duty{ActionTaskComplete, "task", c.Task, true}, true
	case engine.FireTimer:
		return duty{ActionTimerFire, "timer", c.Timer, false}, true
	case engine.CorrelateMessage:
		return duty{ActionMessageCorrelate, "message", c.Subscription, false}, true
	case engine.CatchSignal:
		return duty{ActionSignalBroadcast, "signal", c.Subscription, false}, true
	case engine.ReturnCall:
		return duty{ActionCallCarry, "call", c.ElementInstance, false}, true
	case engine.ThrowCallError:
		return duty{ActionCallCarry, "call", c.ElementInstance, false}, true
	case engine.ThrowCallEscalation:
		return duty{ActionCallCarry, "call", c.ElementInstance, false}, true
	case engine.CompensateCalled, engine.ReleaseCalled:
		return duty{ActionCallCarry, "call", 0, false}, true
	case engine.ResolveIncident:
		return duty{ActionIncidentResolve, "incident", c.Incident, false}, true
	case engine.SetVariables:
		return duty{ActionVariableWrite, "variable", c.Scope, false}, true
	}
	return duty{}, false
}

// ownActions are the actions that the host itself asks for.
func ownActions() []string {
	return []string{
		ActionDefinitionDeploy, ActionInstanceStart, ActionInstanceRead, ActionInstanceCancel, ActionInstanceSuspend, ActionInstanceModify, ActionInstanceDelete,
		ActionInstanceMigrate, ActionDefinitionSuspend, ActionJobSuspend,
		ActionVariableWrite,
		ActionJobFetch, ActionJobComplete, ActionJobFail, ActionJobError, ActionJobUpdate,
		ActionTaskClaim, ActionTaskUnclaim, ActionTaskComplete, ActionTaskUpdate, ActionTaskAssign, ActionTaskAdminister,
		ActionMessagePublish, ActionMessageCorrelate, ActionSignalBroadcast, ActionCallCarry,
		ActionTimerFire, ActionHistoryPrune, ActionIncidentResolve, ActionDecisionEvaluate, ActionDecisionDelete, ActionModelInvoke, ActionClockSet,
		ActionBatchCreate, ActionBatchUpdate,
	}
}

// instanceOf completes a call that names its instance only through the key it is about.
func instanceOf(c Call, d duty) int64 {
	if c.Instance == 0 && d.key != 0 {
		return engine.InstanceOf(d.key)
	}
	return c.Instance
}

// permit decides whether the actor may do this to this state: the right on the definition, and for tasks
// the relation rule (design, section 7).
func (h *Host) permit(p *pending, st engine.State, processID string) Verdict {
	on := Target{Scope: "def:" + processID}
	if p.duty.relation {
		if task, ok := st.Task(p.duty.key); ok {
			on.Concerns = h.concerns(task, on.Scope)
		}
	}
	v := h.authorizer.Allow(p.by, p.duty.action, on)
	if v.Allowed && on.Concerns != nil && !on.Concerns(p.by) {
		v.Allowed, v.Reason = false, "the task does not concern the actor"
	}
	switch c := p.call.Command.(type) {
	case engine.CompleteJob:
		if v.Allowed && c.Prediction != nil {
			return h.permitPrediction(p.by, c.Prediction.Model, v)
		}
	case engine.ResolveIncident:
		if v.Allowed && c.Retries != nil {
			return h.also(p.by, ActionJobUpdate, on)
		}
	}
	return v
}

// also decides about an action that a call needs beside its own.
func (h *Host) also(by Actor, action string, on Target) Verdict {
	v := h.authorizer.Allow(by, action, on)
	if !v.Allowed && v.Reason == "" {
		v.Reason = fmt.Sprintf("%s on %s is not allowed", action, on.Scope)
	}
	return v
}

// concerns is the relation rule: the task is the actor's to handle, or the actor administers tasks.
func (h *Host) concerns(task tasks.Task, scope string) func(Actor) bool {
	return func(a Actor) bool {
		if a.Kind == "user" && task.Concerns(a.Name, a.Groups) {
			return true
		}
		return h.authorizer.Allow(a, ActionTaskAdminister, Target{Scope: scope}).Allowed
	}
}

// permitPrediction keeps predictions an affair of the server: what a model said is evidence, which no
// client may bring along.
func (h *Host) permitPrediction(by Actor, model string, v Verdict) Verdict {
	if by.Kind != "system" {
		v.Allowed, v.Reason = false, "only scoring workers of the server report predictions"
		return v
	}
	return h.authorizer.Allow(by, ActionModelInvoke, Target{Scope: "model:" + model})
}

func denied(v Verdict, action, scope string) *fault.Error {
	reason := v.Reason
	if reason == "" {
		reason = fmt.Sprintf("%s on %s is not allowed", action, scope)
	}
	return ErrDenied.With("%s", reason)
}
