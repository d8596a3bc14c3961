package api

import (
	"net/http"
	"regexp"
	"strconv"

	"tallystick/host"
	"tallystick/query"
)

// decisionInstanceView is a decision instance with what a list leaves out.
type decisionInstanceView struct {
	query.DecisionInstance
	EvaluatedInputs []evaluatedInput `json:"evaluatedInputs"`
	MatchedRules    []matchedRule    `json:"matchedRules"`
}

func searchDecisionInstances(s *Server, r *request) (*response, error) {
	return search(r, decisionInstanceTable, s.access(r, host.ActionDecisionInspect), s.opts.Reads.SearchDecisionInstances, same)
}

func getDecisionInstance(s *Server, r *request) (*response, error) {
	evaluation, position, err := r.decisionInstance("decisionEvaluationInstanceKey")
	if err != nil {
		return nil, err
	}
	d, ok, err := s.opts.Reads.DecisionInstance(r.ctx(), evaluation, position)
	if err != nil {
		return nil, err
	}
	if err := s.found(r, ok, host.ActionDecisionInspect, scopeDecision(d.DecisionDefinitionID)); err != nil {
		return nil, err
	}
	return respond(http.StatusOK, decisionInstanceView{d, showInputs(d.Inputs), showMatched(d.Matched)})
}

var decisionInstanceForm = regexp.MustCompile(`^([1-9][0-9]{0,18})-([1-9][0-9]{0,8})$`)

// decisionInstance reads the key of one decision of an evaluation: the key of the evaluation and the position in it.
func (r *request) decisionInstance(name string) (evaluation int64, position int, err error) {
	text := r.path[name]
	if parts := decisionInstanceForm.FindStringSubmatch(text); parts != nil {
		key, tooLarge := strconv.ParseInt(parts[1], 10, 64)
		n, err := strconv.Atoi(parts[2])
		if tooLarge == nil && err == nil {
			return key, n, nil
		}
	}
	return 0, 0, ErrKey.With("%s %q is not the key of an evaluation and a position, as in 7-2", name, shorten(text))
}

func deleteDecisionInstance(s *Server, r *request) (*response, error) {
	key, err := r.key("decisionEvaluationKey")
	if err != nil {
		return nil, err
	}
	b, err := decode[struct{ command }](r, optional)
	if err != nil {
		return nil, err
	}
	d := host.EvaluationDeletion{Evaluation: key, Reason: b.why(), RequestID: r.id()}
	if err := s.opts.Host.DeleteEvaluation(r.ctx(), r.by, d); err != nil {
		return nil, err
	}
	return done()
}
