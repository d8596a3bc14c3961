package api

import (
	"net/http"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/query"
)

func messageRoutes() []route {
	return []route{
		{http.MethodPost, "/v2/messages/publication", host.ActionMessagePublish, "Publish a message; it is kept for its time to live", publishMessage},
		{http.MethodPost, "/v2/messages/correlation", host.ActionMessageCorrelate, "Give a message to those who wait for it now", correlateMessage},
		{http.MethodPost, "/v2/message-subscriptions/search", host.ActionMessageRead, "Find who waits, and who waited, for which message", searchMessageSubscriptions},
		{http.MethodPost, "/v2/correlated-message-subscriptions/search", host.ActionMessageRead, "Find which messages went where", searchCorrelatedMessages},
		{http.MethodPost, "/v2/signals/broadcast", host.ActionSignalBroadcast, "Broadcast a signal", broadcastSignal},
		{http.MethodPost, "/v2/conditionals/evaluation", host.ActionInstanceStart, "Start the processes whose conditional start event holds", evaluateConditionals},
	}
}

type messageBody struct {
	command
	Name           string    `json:"name" api:"required"`
	CorrelationKey string    `json:"correlationKey"`
	Variables      variables `json:"variables"`
	TenantID       tenant    `json:"tenantId"`
	BusinessID     unserved  `json:"businessId"`
}

func (b messageBody) publication(r *request) host.Publication {
	return host.Publication{
		Name: b.Name, CorrelationKey: b.CorrelationKey, Variables: engine.Variables(b.Variables), Reason: b.why(), RequestID: r.id(),
	}
}

type publicationBody struct {
	messageBody
	TimeToLive millis `json:"timeToLive"`
	MessageID  string `json:"messageId"`
}

type publishedView struct {
	MessageKey query.Key `json:"messageKey"`
	TenantID   string    `json:"tenantId"`
}

func publishMessage(s *Server, r *request) (*response, error) {
	b, err := decode[publicationBody](r, required)
	if err != nil {
		return nil, err
	}
	p := b.publication(r)
	p.ID, p.TimeToLive = b.MessageID, time.Duration(b.TimeToLive)
	if p.Key, err = r.repeatKey(); err != nil {
		return nil, err
	}
	p.Digest = r.digest()
	key, err := s.opts.Host.Publish(r.ctx(), r.by, p)
	if err != nil {
		return nil, err
	}
	return respond(http.StatusOK, publishedView{query.Key(key), query.Tenant})
}

type correlatedView struct {
	MessageKey         query.Key `json:"messageKey"`
	ProcessInstanceKey query.Key `json:"processInstanceKey"`
	TenantID           string    `json:"tenantId"`
}

func correlateMessage(s *Server, r *request) (*response, error) {
	b, err := decode[messageBody](r, required)
	if err != nil {
		return nil, err
	}
	p := b.publication(r)
	if p.Key, err = r.repeatKey(); err != nil {
		return nil, err
	}
	p.Digest = r.digest()
	message, instance, err := s.opts.Host.Correlate(r.ctx(), r.by, p)
	if err != nil {
		return nil, err
	}
	return respond(http.StatusOK, correlatedView{query.Key(message), query.Key(instance), query.Tenant})
}

func searchMessageSubscriptions(s *Server, r *request) (*response, error) {
	return search(r, messageSubscriptionTable, s.access(r, host.ActionMessageRead), s.opts.Reads.SearchMessageSubscriptions, same)
}

func searchCorrelatedMessages(s *Server, r *request) (*response, error) {
	return search(r, correlatedMessageTable, s.access(r, host.ActionMessageRead), s.opts.Reads.SearchCorrelatedMessages, same)
}

type signalBody struct {
	command
	SignalName string    `json:"signalName" api:"required"`
	Variables  variables `json:"variables"`
	TenantID   tenant    `json:"tenantId"`
}

type signalView struct {
	SignalKey query.Key `json:"signalKey"`
	TenantID  string    `json:"tenantId"`
}

func broadcastSignal(s *Server, r *request) (*response, error) {
	b, err := decode[signalBody](r, required)
	if err != nil {
		return nil, err
	}
	repeat, err := r.repeatKey()
	if err != nil {
		return nil, err
	}
	key, err := s.opts.Host.Broadcast(r.ctx(), r.by, host.Signal{
		Key: repeat, Digest: r.digest(), Name: b.SignalName, Variables: engine.Variables(b.Variables), Reason: b.why(), RequestID: r.id(),
	})
	if err != nil {
		return nil, err
	}
	return respond(http.StatusOK, signalView{query.Key(key), query.Tenant})
}

// hierarchyView is one instance of a call hierarchy.
type hierarchyView struct {
	ProcessInstanceKey    query.Key `json:"processInstanceKey"`
	ProcessDefinitionKey  query.Key `json:"processDefinitionKey"`
	ProcessDefinitionName string    `json:"processDefinitionName"`
}

// getCallHierarchy shows those of the instances above that the actor may see, the instance itself last.
func getCallHierarchy(s *Server, r *request) (*response, error) {
	i, err := s.processInstance(r, host.ActionInstanceRead)
	if err != nil {
		return nil, err
	}
	all, err := s.opts.Reads.CallHierarchy(r.ctx(), int64(i.ProcessInstanceKey))
	if err != nil {
		return nil, err
	}
	views := []hierarchyView{}
	for _, above := range all {
		on := host.Target{Scope: scopeDefinition(above.ProcessDefinitionID)}
		if !s.opts.Authorizer.Allow(r.by, host.ActionInstanceRead, on).Allowed {
			continue
		}
		name := above.ProcessDefinitionID
		if above.ProcessDefinitionName != nil {
			name = *above.ProcessDefinitionName
		}
		views = append(views, hierarchyView{above.ProcessInstanceKey, above.ProcessDefinitionKey, name})
	}
	return respond(http.StatusOK, views)
}

type conditionalBody struct {
	command
	ProcessDefinitionKey *query.Key `json:"processDefinitionKey"`
	Variables            variables  `json:"variables" api:"required"`
	TenantID             tenant     `json:"tenantId"`
}

type conditionalView struct {
	TenantID         string         `json:"tenantId"`
	ProcessInstances []begunByValue `json:"processInstances"`
}

type begunByValue struct {
	ProcessDefinitionKey query.Key `json:"processDefinitionKey"`
	ProcessInstanceKey   query.Key `json:"processInstanceKey"`
}

func evaluateConditionals(s *Server, r *request) (*response, error) {
	b, err := decode[conditionalBody](r, required)
	if err != nil {
		return nil, err
	}
	c := host.Conditions{Digest: r.digest(), Variables: engine.Variables(b.Variables), Reason: b.why(), RequestID: r.id()}
	if b.ProcessDefinitionKey != nil {
		c.Definition = int64(*b.ProcessDefinitionKey)
	}
	if c.Key, err = r.repeatKey(); err != nil {
		return nil, err
	}
	begun, err := s.opts.Host.EvaluateConditions(r.ctx(), r.by, c)
	if err != nil {
		return nil, err
	}
	view := conditionalView{TenantID: query.Tenant, ProcessInstances: make([]begunByValue, len(begun))}
	for i, x := range begun {
		view.ProcessInstances[i] = begunByValue{query.Key(x.Definition), query.Key(x.Instance)}
	}
	return respond(http.StatusOK, view)
}
