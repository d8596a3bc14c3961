package api

import (
	"net/http"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/query"
)

// modificationRoutes move the tokens of running instances.
func modificationRoutes() []route {
	return []route{
		{
			http.MethodPost, "/v2/process-instances/{processInstanceKey}/modification", host.ActionInstanceModify,
			"Activate, move and terminate elements of a running instance", modifyProcessInstance,
		},
	}
}

type modifyBody struct {
	command
	Activate  []activateInstruction  `json:"activateInstructions"`
	Move      []moveInstruction      `json:"moveInstructions"`
	Terminate []terminateInstruction `json:"terminateInstructions"`
}

type activateInstruction struct {
	ElementID string                `json:"elementId" api:"required"`
	Ancestor  query.Key             `json:"ancestorElementInstanceKey"`
	Variables []variableInstruction `json:"variableInstructions"`
}

type variableInstruction struct {
	ScopeID   string    `json:"scopeId"`
	Variables variables `json:"variables" api:"required"`
}

type moveInstruction struct {
	Source    moveSource            `json:"sourceElementInstruction" api:"required"`
	TargetID  string                `json:"targetElementId" api:"required"`
	Ancestor  moveAncestor          `json:"ancestorScopeInstruction"`
	Variables []variableInstruction `json:"variableInstructions"`
}

type moveSource struct {
	Type       string    `json:"sourceType" api:"required"`
	ElementID  string    `json:"sourceElementId"`
	ElementKey query.Key `json:"sourceElementInstanceKey"`
}

type moveAncestor struct {
	Type string    `json:"ancestorScopeType"`
	Key  query.Key `json:"ancestorElementInstanceKey"`
}

type terminateInstruction struct {
	ElementID  string    `json:"elementId"`
	ElementKey query.Key `json:"elementInstanceKey"`
}

func modifyProcessInstance(s *Server, r *request) (*response, error) {
	key, err := instanceKey(r)
	if err != nil {
		return nil, err
	}
	b, err := decode[modifyBody](r, required)
	if err != nil {
		return nil, err
	}
	var c engine.ModifyInstance
	for _, a := range b.Activate {
		c.Activate = append(c.Activate, engine.ActivateElement{
			Element: a.ElementID, Ancestor: int64(a.Ancestor), Variables: scoped(a.Variables),
		})
	}
	for _, m := range b.Move {
		move, err := m.command()
		if err != nil {
			return nil, err
		}
		c.Move = append(c.Move, move)
	}
	for _, t := range b.Terminate {
		c.Terminate = append(c.Terminate, engine.TerminateElement{Element: t.ElementID, ElementInstance: int64(t.ElementKey)})
	}
	return s.command(r, host.Call{Instance: key, Command: c, Reason: b.why()})
}

// command is what the instruction asks of the engine. The type says which of the fields beside it counts.
func (m moveInstruction) command() (engine.MoveElement, error) {
	c := engine.MoveElement{To: m.TargetID, Variables: scoped(m.Variables)}
	switch {
	case m.Source.Type == "byId" && m.Source.ElementKey == 0:
		c.From = m.Source.ElementID
	case m.Source.Type == "byKey" && m.Source.ElementID == "":
		c.FromInstance = int64(m.Source.ElementKey)
	default:
		return c, ErrRequest.With("a source is byId with sourceElementId, or byKey with sourceElementInstanceKey")
	}
	switch {
	case m.Ancestor.Type == "direct" && m.Ancestor.Key != 0:
		c.Ancestor = int64(m.Ancestor.Key)
	case m.Ancestor.Key != 0 || m.Ancestor.Type == "direct":
		return c, ErrRequest.With("an ancestor scope is direct with ancestorElementInstanceKey, inferred or sourceParent")
	default:
		c.Choice = engine.AncestorChoice(m.Ancestor.Type)
	}
	return c, nil
}

func scoped(list []variableInstruction) []engine.ScopedVariables {
	var out []engine.ScopedVariables
	for _, v := range list {
		out = append(out, engine.ScopedVariables{Scope: v.ScopeID, Variables: engine.Variables(v.Variables)})
	}
	return out
}
