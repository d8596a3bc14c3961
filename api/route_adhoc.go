package api

import (
	"net/http"

	"tallystick/engine"
	"tallystick/host"
)

const adHocPath = "/v2/element-instances/ad-hoc-activities/{adHocSubProcessInstanceKey}/"

// adHocRoutes are what people decide in an ad-hoc sub-process. Completion is ours: models without a condition, or
// whose condition never holds, need it.
func adHocRoutes() []route {
	return []route{
		{http.MethodPost, adHocPath + "activation", host.ActionInstanceModify, "Activate elements of an ad-hoc sub-process", activateAdHoc},
		{http.MethodPost, adHocPath + "completion", host.ActionInstanceModify, "Complete an ad-hoc sub-process", completeAdHoc},
	}
}

type activateElement struct {
	ElementID string    `json:"elementId" api:"required"`
	Variables variables `json:"variables"`
}

type activateAdHocBody struct {
	command
	Elements        []activateElement `json:"elements" api:"required"`
	CancelRemaining bool              `json:"cancelRemainingInstances"`
}

func activateAdHoc(s *Server, r *request) (*response, error) {
	key, err := r.key("adHocSubProcessInstanceKey")
	if err != nil {
		return nil, err
	}
	b, err := decode[activateAdHocBody](r, required)
	if err != nil {
		return nil, err
	}
	return s.command(r, host.Call{
		Command: engine.ActivateAdHoc{ElementInstance: key, Elements: activations(b.Elements), CancelRemaining: b.CancelRemaining},
		Reason:  b.why(),
	})
}

func activations(elements []activateElement) []engine.Activation {
	out := make([]engine.Activation, len(elements))
	for i, e := range elements {
		out[i] = engine.Activation{Element: e.ElementID, Variables: engine.Variables(e.Variables)}
	}
	return out
}

type completeAdHocBody struct {
	command
	CancelRemaining bool `json:"cancelRemainingInstances"`
}

func completeAdHoc(s *Server, r *request) (*response, error) {
	key, err := r.key("adHocSubProcessInstanceKey")
	if err != nil {
		return nil, err
	}
	b, err := decode[completeAdHocBody](r, optional)
	if err != nil {
		return nil, err
	}
	return s.command(r, host.Call{Command: engine.CompleteAdHoc{ElementInstance: key, CancelRemaining: b.CancelRemaining}, Reason: b.why()})
}

// adHocResultType is what a worker of an ad-hoc sub-process calls its result.
const adHocResultType = "adHocSubProcess"

// adHoc is what the worker of an ad-hoc sub-process decided; nil when the result says nothing of it.
func (b jobResult) adHoc() *engine.AdHocResult {
	if b.Type != adHocResultType && len(b.ActivateElements) == 0 && !b.ConditionFulfilled && !b.CancelRemaining {
		return nil
	}
	return &engine.AdHocResult{
		Elements: activations(b.ActivateElements), Completed: b.ConditionFulfilled, CancelRemaining: b.CancelRemaining,
	}
}
