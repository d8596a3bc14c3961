package api

import (
	"net/http"
	"strconv"
	"unicode/utf8"

	"tallystick/host"
	"tallystick/query"
)

func variableRoutes() []route {
	return []route{
		{http.MethodPost, "/v2/variables/search", host.ActionInstanceRead, "Find variables by scope, name or value; long values are cut", searchVariables},
		{http.MethodGet, "/v2/variables/{variableKey}", host.ActionInstanceRead, "Read a variable with its whole value", getVariable},
	}
}

// variableItem is a variable in a list.
type variableItem struct {
	query.Variable
	IsTruncated bool `json:"isTruncated"`
}

// valueShown is how many characters of a value a list shows.
const valueShown = 8191

// shownVariable makes items of variables, cut unless the request says otherwise.
func shownVariable(r *request) (func(query.Variable) variableItem, error) {
	cut := true
	if text := r.http.URL.Query().Get("truncateValues"); text != "" {
		var err error
		if cut, err = strconv.ParseBool(text); err != nil {
			return nil, ErrRequest.With("truncateValues is true or false")
		}
	}
	return func(v query.Variable) variableItem {
		item := variableItem{Variable: v}
		if cut && utf8.RuneCountInString(v.Value) > valueShown {
			item.Value, item.IsTruncated = string([]rune(v.Value)[:valueShown]), true
		}
		return item
	}, nil
}

func searchVariables(s *Server, r *request) (*response, error) {
	show, err := shownVariable(r)
	if err != nil {
		return nil, err
	}
	return search(r, variableTable, s.access(r, host.ActionInstanceRead), s.opts.Reads.SearchVariables, show)
}

func getVariable(s *Server, r *request) (*response, error) {
	key, err := r.key("variableKey")
	if err != nil {
		return nil, err
	}
	v, ok, err := s.opts.Reads.Variable(r.ctx(), key)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, ErrNotFound
	}
	// A variable is as visible as its instance.
	i, ok, err := s.opts.Reads.ProcessInstance(r.ctx(), int64(v.ProcessInstanceKey))
	if err != nil {
		return nil, err
	}
	if err := s.found(r, ok, host.ActionInstanceRead, scopeDefinition(i.ProcessDefinitionID)); err != nil {
		return nil, err
	}
	return respond(http.StatusOK, v)
}
