package api

import (
	"net/http"
	"strconv"

	"tallystick/fault"
	"tallystick/host"
	"tallystick/query"
	"tallystick/rules"
)

func decisionRoutes() []route {
	return []route{
		{http.MethodPost, "/v2/decision-definitions/evaluation", host.ActionDecisionEvaluate, "Evaluate a decision by id or key", evaluateDecision},
		{http.MethodPost, "/v2/decision-definitions/search", host.ActionDecisionRead, "Find deployed decisions", searchDecisionDefinitions},
		{http.MethodGet, "/v2/decision-definitions/{decisionDefinitionKey}", host.ActionDecisionRead, "Read a deployed decision", getDecisionDefinition},
		{http.MethodPost, "/v2/decision-instances/search", host.ActionDecisionInspect, "Find decisions that were evaluated", searchDecisionInstances},
		{http.MethodGet, "/v2/decision-instances/{decisionEvaluationInstanceKey}", host.ActionDecisionInspect, "Read the inputs and matched rules of a decision that was evaluated", getDecisionInstance},
		{http.MethodPost, "/v2/decision-instances/{decisionEvaluationKey}/deletion", host.ActionDecisionDelete, "Forget an evaluation that was made outside of processes", deleteDecisionInstance},
		{http.MethodGet, "/v2/decision-definitions/{decisionDefinitionKey}/xml", host.ActionDecisionRead, "Read the DMN XML as it was deployed", getDecisionDefinitionXML},
	}
}

type evaluateBody struct {
	DecisionDefinitionID  string     `json:"decisionDefinitionId"`
	DecisionDefinitionKey *query.Key `json:"decisionDefinitionKey"`
	Variables             variables  `json:"variables"`
	TenantID              tenant     `json:"tenantId"`
}

type evaluationView struct {
	DecisionDefinitionID       string              `json:"decisionDefinitionId"`
	DecisionDefinitionKey      query.Key           `json:"decisionDefinitionKey"`
	DecisionDefinitionName     string              `json:"decisionDefinitionName"`
	DecisionDefinitionVersion  int                 `json:"decisionDefinitionVersion"`
	DecisionRequirementsID     string              `json:"decisionRequirementsId"`
	DecisionRequirementsKey    query.Key           `json:"decisionRequirementsKey"`
	DecisionEvaluationKey      query.Key           `json:"decisionEvaluationKey"`
	DecisionInstanceKey        query.Key           `json:"decisionInstanceKey"`
	EvaluatedDecisions         []evaluatedDecision `json:"evaluatedDecisions"`
	FailedDecisionDefinitionID *string             `json:"failedDecisionDefinitionId"`
	FailureMessage             *string             `json:"failureMessage"`
	Output                     string              `json:"output"`
	TenantID                   string              `json:"tenantId"`
}

type evaluatedDecision struct {
	DecisionDefinitionID          string           `json:"decisionDefinitionId"`
	DecisionDefinitionKey         query.Key        `json:"decisionDefinitionKey"`
	DecisionDefinitionName        string           `json:"decisionDefinitionName"`
	DecisionDefinitionVersion     int              `json:"decisionDefinitionVersion"`
	DecisionDefinitionType        string           `json:"decisionDefinitionType"`
	DecisionEvaluationInstanceKey string           `json:"decisionEvaluationInstanceKey"`
	Output                        string           `json:"output"`
	TenantID                      string           `json:"tenantId"`
	MatchedRules                  []matchedRule    `json:"matchedRules"`
	EvaluatedInputs               []evaluatedInput `json:"evaluatedInputs"`
}

type matchedRule struct {
	RuleID           string            `json:"ruleId"`
	RuleIndex        int               `json:"ruleIndex"`
	EvaluatedOutputs []evaluatedOutput `json:"evaluatedOutputs"`
}

type evaluatedOutput struct {
	OutputID    string `json:"outputId"`
	OutputName  string `json:"outputName"`
	OutputValue string `json:"outputValue"`
	RuleID      string `json:"ruleId"`
	RuleIndex   int    `json:"ruleIndex"`
}

type evaluatedInput struct {
	InputID    string `json:"inputId"`
	InputName  string `json:"inputName"`
	InputValue string `json:"inputValue"`
}

func evaluateDecision(s *Server, r *request) (*response, error) {
	b, err := decode[evaluateBody](r, required)
	if err != nil {
		return nil, err
	}
	c := host.DecisionCall{ID: b.DecisionDefinitionID, Variables: b.Variables, RequestID: r.id()}
	if (c.ID == "") == (b.DecisionDefinitionKey == nil) {
		return nil, invalid([]fault.Detail{{
			Code: fieldMissing, Message: "exactly one of decisionDefinitionId and decisionDefinitionKey is required",
		}})
	}
	if b.DecisionDefinitionKey != nil {
		if c.Key = int64(*b.DecisionDefinitionKey); c.Key <= 0 {
			return nil, host.ErrDecisionNotFound
		}
	}
	e, err := s.opts.Host.Evaluate(r.ctx(), r.by, c)
	if err != nil {
		return nil, err
	}
	return respond(http.StatusOK, showEvaluation(e))
}

func showEvaluation(e host.Evaluation) evaluationView {
	key := query.Key(e.Key)
	v := evaluationView{
		DecisionDefinitionID: e.Decision.ID, DecisionDefinitionKey: query.Key(e.Decision.Key),
		DecisionDefinitionName: e.Decision.Name, DecisionDefinitionVersion: e.Decision.Version,
		DecisionRequirementsID: e.Decision.RequirementsID, DecisionRequirementsKey: query.Key(e.Decision.RequirementsKey),
		DecisionEvaluationKey: key, DecisionInstanceKey: key, Output: string(e.Trace.Output), TenantID: query.Tenant,
		FailedDecisionDefinitionID: orNull(e.Trace.Failed), FailureMessage: orNull(e.Trace.Failure),
	}
	if v.Output == "" {
		v.Output = "null"
	}
	for i, d := range e.Trace.Decisions {
		one := showEvaluated(d)
		one.DecisionEvaluationInstanceKey = strconv.FormatInt(e.Key, 10) + "-" + strconv.Itoa(i+1)
		v.EvaluatedDecisions = append(v.EvaluatedDecisions, one)
	}
	return v
}

func showEvaluated(d rules.Evaluated) evaluatedDecision {
	return evaluatedDecision{
		DecisionDefinitionID: d.ID, DecisionDefinitionKey: query.Key(d.Key), DecisionDefinitionName: d.Name,
		DecisionDefinitionVersion: d.Version, DecisionDefinitionType: d.Type, Output: string(d.Output), TenantID: query.Tenant,
		EvaluatedInputs: showInputs(d.Inputs), MatchedRules: showMatched(d.Matched),
	}
}

func showInputs(all []rules.Input) []evaluatedInput {
	shown := make([]evaluatedInput, len(all))
	for i, in := range all {
		shown[i] = evaluatedInput{in.ID, in.Name, string(in.Value)}
	}
	return shown
}

func showMatched(all []rules.Match) []matchedRule {
	shown := make([]matchedRule, len(all))
	for i, m := range all {
		shown[i] = matchedRule{RuleID: m.RuleID, RuleIndex: m.Index, EvaluatedOutputs: make([]evaluatedOutput, len(m.Outputs))}
		for k, out := range m.Outputs {
			shown[i].EvaluatedOutputs[k] = evaluatedOutput{out.ID, out.Name, string(out.Value), m.RuleID, m.Index}
		}
	}
	return shown
}

func searchDecisionDefinitions(s *Server, r *request) (*response, error) {
	return search(r, decisionDefinitionTable, s.access(r, host.ActionDecisionRead), s.opts.Reads.SearchDecisionDefinitions, same)
}

func (s *Server) decisionDefinition(r *request) (query.DecisionDefinition, error) {
	key, err := r.key("decisionDefinitionKey")
	if err != nil {
		return query.DecisionDefinition{}, err
	}
	d, ok, err := s.opts.Reads.DecisionDefinition(r.ctx(), key)
	if err != nil {
		return d, err
	}
	return d, s.found(r, ok, host.ActionDecisionRead, scopeDecision(d.DecisionDefinitionID))
}

func getDecisionDefinition(s *Server, r *request) (*response, error) {
	d, err := s.decisionDefinition(r)
	if err != nil {
		return nil, err
	}
	return respond(http.StatusOK, d)
}

func getDecisionDefinitionXML(s *Server, r *request) (*response, error) {
	d, err := s.decisionDefinition(r)
	if err != nil {
		return nil, err
	}
	return s.xml(r, int64(d.DecisionRequirementsKey))
}
