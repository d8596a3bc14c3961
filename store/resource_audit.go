package store

import (
	"context"
	"fmt"

	"tallystick/query"
)

// hash reads the 32 bytes of a hash.
type hash struct{ h *[32]byte }

// Scan implements sql.Scanner.
func (d hash) Scan(src any) error {
	b, ok := src.([]byte)
	if !ok || len(b) != len(d.h) {
		return fmt.Errorf("a stored hash is %T of length %d", src, len(b))
	}
	copy(d.h[:], b)
	return nil
}

var auditEntries = &resource[query.AuditEntry]{
	from:   "audit_entry a",
	key:    "auditLogKey",
	access: visible("a.process_id"),
	attributes: []attribute[query.AuditEntry]{
		{field{name: "auditLogKey", kind: key, expr: "a.id"}, func(v *query.AuditEntry) any { return &v.ID }},
		{field{name: "stream", kind: words, expr: "a.stream"}, func(v *query.AuditEntry) any { return &v.Stream }},
		{field{name: "seq", kind: number, expr: "a.seq"}, func(v *query.AuditEntry) any { return &v.Seq }},
		{field{name: "time", kind: moment, expr: "a.at"}, func(v *query.AuditEntry) any { return into{&v.Time} }},
		{field{name: "category", kind: words, expr: "a.category"}, func(v *query.AuditEntry) any { return &v.Category }},
		{field{name: "action", kind: words, expr: "a.action"}, func(v *query.AuditEntry) any { return &v.Action }},
		{field{name: "outcome", kind: words, expr: "a.outcome"}, func(v *query.AuditEntry) any { return &v.Outcome }},
		{field{name: "actor", kind: words, expr: "a.actor", heads: indexed}, func(v *query.AuditEntry) any { return &v.Actor }},
		{field{name: "resource", kind: words, expr: "a.resource", null: true}, func(v *query.AuditEntry) any { return orZero[string]{&v.Resource} }},
		{field{name: "processDefinitionId", kind: words, expr: "a.process_id", null: true}, func(v *query.AuditEntry) any { return orZero[string]{&v.ProcessID} }},
		{field{name: "processInstanceKey", kind: key, expr: "a.instance", null: true}, func(v *query.AuditEntry) any { return orZero[query.Key]{&v.InstanceKey} }},
		{field{name: "elementId", kind: words, expr: "a.element", null: true}, func(v *query.AuditEntry) any { return orZero[string]{&v.ElementID} }},
		{field{name: "requestId", kind: words, expr: "a.request_id", null: true}, func(v *query.AuditEntry) any { return orZero[string]{&v.RequestID} }},
		{field{name: "decisionDefinitionId", kind: words, expr: "a.decision", null: true}, func(v *query.AuditEntry) any { return orZero[string]{&v.DecisionID} }},
		{field{name: "model", kind: words, expr: "a.model", null: true}, func(v *query.AuditEntry) any { return orZero[string]{&v.Model} }},
		{field{expr: "a.hash"}, func(v *query.AuditEntry) any { return hash{&v.Hash} }},
		{field{expr: "a.canonical"}, func(v *query.AuditEntry) any { return unpacked{&v.Canonical} }},
		{field{expr: "a.salt"}, func(v *query.AuditEntry) any { return &v.Salt }},
		{field{expr: "a.private"}, func(v *query.AuditEntry) any { return unpacked{&v.Private} }},
	},
}

// SearchAuditEntries answers a search in the audit log. Entries that belong to no process are for those
// who may see all.
func (d *DB) SearchAuditEntries(ctx context.Context, q query.Request) (query.Result[query.AuditEntry], error) {
	return search(ctx, d, auditEntries, q)
}

// AuditEntry finds the entry of a stream with a sequence number; false when there is none.
func (d *DB) AuditEntry(ctx context.Context, stream string, seq int64) (query.AuditEntry, bool, error) {
	return get(ctx, d, auditEntries, pred{sql: "a.stream = ? AND a.seq = ?", args: []any{text(stream), seq}})
}
