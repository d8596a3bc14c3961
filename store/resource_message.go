package store

import (
	"context"

	"tallystick/query"
)

var messageSubscriptions = &resource[query.MessageSubscription]{
	from:   "subscription s JOIN process_instance p ON p.key = s.instance",
	key:    "messageSubscriptionKey",
	access: visible("s.process_id"),
	attributes: []attribute[query.MessageSubscription]{
		{field{name: "messageSubscriptionKey", kind: key, expr: "s.key"}, func(v *query.MessageSubscription) any { return &v.MessageSubscriptionKey }},
		{field{name: "processDefinitionId", kind: words, expr: "s.process_id"}, func(v *query.MessageSubscription) any { return &v.ProcessDefinitionID }},
		{field{name: "processDefinitionKey", kind: key, expr: "s.definition"}, func(v *query.MessageSubscription) any { return &v.ProcessDefinitionKey }},
		{field{name: "processInstanceKey", kind: key, expr: "s.instance", span: "s.key"}, func(v *query.MessageSubscription) any { return &v.ProcessInstanceKey }},
		{field{name: "rootProcessInstanceKey", kind: key, expr: "p.root_instance"}, func(v *query.MessageSubscription) any { return maybeKey{&v.RootProcessInstanceKey} }},
		{field{name: "elementId", kind: words, expr: "s.element"}, func(v *query.MessageSubscription) any { return &v.ElementID }},
		{field{name: "elementInstanceKey", kind: key, expr: "s.element_instance", span: "s.key"}, func(v *query.MessageSubscription) any { return &v.ElementInstanceKey }},
		{field{name: "messageSubscriptionState", kind: words, expr: "s.state"}, func(v *query.MessageSubscription) any { return &v.MessageSubscriptionState }},
		{field{name: "messageSubscriptionType", kind: words, expr: "CAST('PROCESS_EVENT' AS TEXT)"}, func(v *query.MessageSubscription) any { return &v.MessageSubscriptionType }},
		{field{name: "lastUpdatedDate", kind: moment, expr: "s.updated"}, func(v *query.MessageSubscription) any { return into{&v.LastUpdatedDate} }},
		{field{name: "messageName", kind: words, expr: "s.name", heads: indexed}, func(v *query.MessageSubscription) any { return &v.MessageName }},
		{field{name: "correlationKey", kind: words, expr: "nullif(s.correlation_key, '')", null: true}, func(v *query.MessageSubscription) any { return &v.CorrelationKey }},
		{field{name: "tenantId", kind: words, expr: theTenant}, func(v *query.MessageSubscription) any { return &v.TenantID }},
	},
}

// SearchMessageSubscriptions answers a search for subscriptions of instances to messages, open and over.
func (d *DB) SearchMessageSubscriptions(ctx context.Context, q query.Request) (query.Result[query.MessageSubscription], error) {
	return search(ctx, d, messageSubscriptions, q, pred{sql: "s.type = 'MESSAGE'"})
}

var correlatedMessages = &resource[query.CorrelatedMessage]{
	from:   "correlation c JOIN process_instance p ON p.key = c.instance",
	key:    "correlationId",
	access: visible("c.process_id"),
	attributes: []attribute[query.CorrelatedMessage]{
		{field{name: "correlationId", kind: words, expr: "c.id"}, nil},
		{field{name: "correlationKey", kind: words, expr: "nullif(c.correlation_key, '')", null: true}, func(v *query.CorrelatedMessage) any { return &v.CorrelationKey }},
		{field{name: "correlationTime", kind: moment, expr: "c.at"}, func(v *query.CorrelatedMessage) any { return into{&v.CorrelationTime} }},
		{field{name: "elementId", kind: words, expr: "c.element"}, func(v *query.CorrelatedMessage) any { return &v.ElementID }},
		{field{name: "elementInstanceKey", kind: key, expr: "c.element_instance", null: true}, func(v *query.CorrelatedMessage) any { return maybeKey{&v.ElementInstanceKey} }},
		{field{name: "messageKey", kind: key, expr: "c.message"}, func(v *query.CorrelatedMessage) any { return &v.MessageKey }},
		{field{name: "messageName", kind: words, expr: "c.name"}, func(v *query.CorrelatedMessage) any { return &v.MessageName }},
		{field{name: "partitionId", kind: number, expr: "CAST(1 AS BIGINT)"}, func(v *query.CorrelatedMessage) any { return &v.PartitionID }},
		{field{name: "processDefinitionId", kind: words, expr: "c.process_id"}, func(v *query.CorrelatedMessage) any { return &v.ProcessDefinitionID }},
		{field{name: "processDefinitionKey", kind: key, expr: "c.definition"}, func(v *query.CorrelatedMessage) any { return &v.ProcessDefinitionKey }},
		{field{name: "processInstanceKey", kind: key, expr: "c.instance"}, func(v *query.CorrelatedMessage) any { return &v.ProcessInstanceKey }},
		{field{name: "rootProcessInstanceKey", kind: key, expr: "p.root_instance"}, func(v *query.CorrelatedMessage) any { return maybeKey{&v.RootProcessInstanceKey} }},
		{field{name: "subscriptionKey", kind: key, expr: "c.subscription"}, func(v *query.CorrelatedMessage) any { return &v.SubscriptionKey }},
		{field{name: "tenantId", kind: words, expr: theTenant}, func(v *query.CorrelatedMessage) any { return &v.TenantID }},
	},
}

// SearchCorrelatedMessages answers a search for messages that went into processes.
func (d *DB) SearchCorrelatedMessages(ctx context.Context, q query.Request) (query.Result[query.CorrelatedMessage], error) {
	return search(ctx, d, correlatedMessages, q)
}

// below asks for rows of an instance and of all that it called, directly or not.
func below(instance string) string {
	return instance + ` IN (WITH RECURSIVE below (key) AS (
			SELECT x.key FROM process_instance x WHERE %s
			UNION ALL SELECT c.key FROM below b JOIN process_instance c ON c.parent_instance = b.key)
		SELECT below.key FROM below)`
}

// CallHierarchy lists an instance and those above it, the topmost first.
func (d *DB) CallHierarchy(ctx context.Context, instance int64) ([]query.ProcessInstance, error) {
	var keys []int64
	err := d.read.NewRaw(`WITH RECURSIVE above (key, depth) AS (
			SELECT p.key, 0 FROM process_instance p WHERE p.key = ?
			UNION ALL SELECT p.parent_instance, a.depth + 1 FROM above a JOIN process_instance p ON p.key = a.key
			WHERE p.parent_instance IS NOT NULL)
		SELECT key FROM above ORDER BY depth DESC`, instance).Scan(ctx, &keys)
	if err != nil {
		return nil, d.fault(err, "read the calls above an instance")
	}
	var all []query.ProcessInstance
	for _, k := range keys {
		i, ok, err := d.ProcessInstance(ctx, k)
		if err != nil {
			return nil, err
		}
		if ok { // the history of an instance above may be gone
			all = append(all, i)
		}
	}
	return all, nil
}
