package store

import (
	"context"

	"tallystick/query"
)

// itemsIn is how many items have a state: kept with a batch operation from its end, until then told by the items.
func itemsIn(state, kept string) string {
	return "(CASE WHEN b.ended IS NULL THEN (SELECT count(*) FROM batch_operation_item x WHERE x.batch = b.key AND x.state = '" +
		state + "') ELSE b." + kept + " END)"
}

var batchOperations = &resource[query.BatchOperation]{
	from:   "batch_operation b",
	key:    "batchOperationKey",
	access: onlyAll,
	attributes: []attribute[query.BatchOperation]{
		{field{name: "batchOperationKey", kind: key, expr: "b.key"}, func(v *query.BatchOperation) any { return &v.BatchOperationKey }},
		{field{name: "operationType", kind: words, expr: "b.type"}, func(v *query.BatchOperation) any { return &v.BatchOperationType }},
		{field{name: "state", kind: words, expr: "b.state"}, func(v *query.BatchOperation) any { return &v.State }},
		{field{name: "creationDate", kind: moment, expr: "b.created"}, func(v *query.BatchOperation) any { return into{&v.CreationDate} }},
		{field{name: "startDate", kind: moment, expr: "b.started", null: true}, func(v *query.BatchOperation) any { return intoMaybe{&v.StartDate} }},
		{field{name: "endDate", kind: moment, expr: "b.ended", null: true}, func(v *query.BatchOperation) any { return intoMaybe{&v.EndDate} }},
		{field{name: "actorType", kind: words, expr: "b.actor_type"}, func(v *query.BatchOperation) any { return &v.ActorType }},
		{field{name: "actorId", kind: words, expr: "b.actor_id"}, func(v *query.BatchOperation) any { return &v.ActorID }},
		{field{expr: "b.total"}, func(v *query.BatchOperation) any { return &v.OperationsTotalCount }},
		{field{expr: itemsIn("COMPLETED", "completed")}, func(v *query.BatchOperation) any { return &v.OperationsCompletedCount }},
		{field{expr: itemsIn("FAILED", "failed")}, func(v *query.BatchOperation) any { return &v.OperationsFailedCount }},
		{field{expr: itemsIn("SKIPPED", "skipped")}, func(v *query.BatchOperation) any { return &v.OperationsSkippedCount }},
		{field{expr: itemsIn("CANCELED", "canceled")}, func(v *query.BatchOperation) any { return &v.OperationsCanceledCount }},
		{field{expr: "CAST('[]' AS TEXT)"}, func(v *query.BatchOperation) any { return &fromJSON{v: &v.Errors} }},
		{field{expr: "b.filter"}, func(v *query.BatchOperation) any { return &fromJSON{v: &v.Filter} }},
	},
}

// SearchBatchOperations answers a search for batch operations.
func (d *DB) SearchBatchOperations(ctx context.Context, q query.Request) (query.Result[query.BatchOperation], error) {
	return search(ctx, d, batchOperations, q)
}

// BatchOperation finds a batch operation; false when there is none.
func (d *DB) BatchOperation(ctx context.Context, key int64) (query.BatchOperation, bool, error) {
	return get(ctx, d, batchOperations, batchOperations.byKey(key))
}

// An incident may be an item of several batch operations, so the order of items is by both keys.
var batchItems = &resource[query.BatchOperationItem]{
	from:   "batch_operation_item x JOIN batch_operation b ON b.key = x.batch LEFT JOIN process_instance p ON p.key = x.instance",
	key:    "id",
	access: onlyAll,
	attributes: []attribute[query.BatchOperationItem]{
		{field{name: "id", kind: words, expr: "(x.batch || '-' || x.key)"}, nil},
		{field{name: "operationType", kind: words, expr: "b.type"}, func(v *query.BatchOperationItem) any { return &v.OperationType }},
		{field{name: "batchOperationKey", kind: key, expr: "x.batch"}, func(v *query.BatchOperationItem) any { return &v.BatchOperationKey }},
		{field{name: "itemKey", kind: key, expr: "x.key"}, func(v *query.BatchOperationItem) any { return &v.ItemKey }},
		{field{name: "processInstanceKey", kind: key, expr: "x.instance"}, func(v *query.BatchOperationItem) any { return &v.ProcessInstanceKey }},
		{field{name: "rootProcessInstanceKey", kind: key, expr: "p.root_instance", null: true}, func(v *query.BatchOperationItem) any { return maybeKey{&v.RootProcessInstanceKey} }},
		{field{name: "state", kind: words, expr: "x.state"}, func(v *query.BatchOperationItem) any { return &v.State }},
		{field{name: "processedDate", kind: moment, expr: "x.processed", null: true}, func(v *query.BatchOperationItem) any { return intoMaybe{&v.ProcessedDate} }},
		{field{name: "errorCode", kind: words, expr: "x.code", null: true}, func(v *query.BatchOperationItem) any { return &v.ErrorCode }},
		{field{name: "errorMessage", kind: words, expr: "x.message", null: true}, func(v *query.BatchOperationItem) any { return &v.ErrorMessage }},
		{field{name: "eventId", kind: words, expr: "x.entry", null: true}, func(v *query.BatchOperationItem) any { return &v.EventID }},
	},
}

// SearchBatchOperationItems answers a search for items of batch operations.
func (d *DB) SearchBatchOperationItems(ctx context.Context, q query.Request) (query.Result[query.BatchOperationItem], error) {
	if len(q.Sort) == 0 {
		q.Sort = []query.Sort{{Field: "batchOperationKey"}, {Field: "itemKey"}}
	}
	return search(ctx, d, batchItems, q)
}
