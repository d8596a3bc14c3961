package api

import (
	"net/http"

	"tallystick/host"
	"tallystick/query"
)

// diagramRoutes are what a diagram of an instance shows.
func diagramRoutes() []route {
	return []route{
		{http.MethodGet, "/v2/process-instances/{processInstanceKey}/sequence-flows", host.ActionInstanceRead, "Read which sequence flows an instance took", getSequenceFlows},
		{http.MethodGet, "/v2/process-instances/{processInstanceKey}/statistics/element-instances", host.ActionInstanceRead, "Count the element instances of an instance by element", getElementStatistics},
	}
}

// flowEntriesMax is how many entries of the audit log one answer is worked out from.
const flowEntriesMax = 50_000

// list is an answer that comes as a whole.
type list[T any] struct {
	Items []T `json:"items"`
}

func getSequenceFlows(s *Server, r *request) (*response, error) {
	i, err := s.processInstance(r, host.ActionInstanceRead)
	if err != nil {
		return nil, err
	}
	flows, err := s.opts.Reads.SequenceFlows(r.ctx(), int64(i.ProcessInstanceKey), flowEntriesMax)
	if err != nil {
		return nil, err
	}
	return respond(http.StatusOK, list[query.SequenceFlow]{append([]query.SequenceFlow{}, flows...)})
}

func getElementStatistics(s *Server, r *request) (*response, error) {
	i, err := s.processInstance(r, host.ActionInstanceRead)
	if err != nil {
		return nil, err
	}
	counts, err := s.opts.Reads.ElementStatistics(r.ctx(), int64(i.ProcessInstanceKey))
	if err != nil {
		return nil, err
	}
	return respond(http.StatusOK, list[query.ElementStatistics]{append([]query.ElementStatistics{}, counts...)})
}
