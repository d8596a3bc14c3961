package host

import (
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/internal/canon"
	"tallystick/query"
)

// PrivatePart is the name of the one private part that the host's entries have.
const PrivatePart = "payload"

// tenant is the only tenant until tenancy is served.
const tenant = query.Tenant

// Streams other than those of instances. What only one node writes carries the node's name, so that nodes
// never wait for each other.
const (
	streamAdmin    = "admin/default"
	streamDeployed = "def/default"
	streamAudit    = "audit/default"
)

func streamInstance(key int64) string { return "pi/" + strconv.FormatInt(key, 10) }

// draft is an entry that is not linked yet.
type draft struct {
	entry   audit.Entry
	private []byte
	command bool // of a command itself, not of what it evaluated
}

// link binds the private part with a salt of its own and puts the entry behind the head.
func (d draft) link(r *random, h audit.Head) (AuditRow, audit.Head) {
	var a AuditRow
	e := d.entry
	if d.private != nil {
		salt := r.salt()
		e.Bind(audit.Private{PrivatePart: {Salt: salt, Data: d.private}})
		a.Salt, a.Private = salt[:], d.private
	}
	a.Entry, h = h.Link(e)
	a.Hash = h.Hash
	return a, h
}

// entry starts an entry with who, when and where.
func (h *Host) entry(now moment, by Actor, category, action string) audit.Entry {
	e := audit.Entry{
		EventID: h.random.eventID(now.Node), NodeTime: now.Node.UnixMicro(),
		Category: category, Action: action, Outcome: audit.OutcomeOK,
		Actor: by.Ref(), Roles: rolesOf(by), Node: audit.Given(h.opts.Node), Build: audit.Given(h.opts.Build),
	}
	if !now.Store.IsZero() {
		at := now.Store.UnixMicro()
		e.StoreTime = &at
	}
	if by.Method != "" {
		e.Authentication = map[string]string{"method": by.Method}
	}
	return e
}

// rolesOf lists effective roles and groups as typed references.
func rolesOf(by Actor) []string {
	if len(by.Roles)+len(by.Groups) == 0 {
		return nil
	}
	refs := make([]string, 0, len(by.Roles)+len(by.Groups))
	for _, r := range by.Roles {
		refs = append(refs, "role:"+r)
	}
	for _, g := range by.Groups {
		refs = append(refs, "group:"+g)
	}
	slices.Sort(refs)
	return refs
}

func judged(e *audit.Entry, v Verdict) {
	policy := v.Policy
	e.PolicyVersion, e.PolicyIDs = &policy, v.Rules
}

// drafts makes the entries of one accepted command: its own, and one for each decision evaluated and each
// prediction made on the way, caused by the first.
func (h *Host) drafts(now moment, instance int64, p *pending, a accepted) ([]draft, error) {
	e := h.entry(now, p.by, p.duty.category, p.duty.action)
	e.EventID = p.event
	judged(&e, a.verdict)
	about(&e, instance, a.process)
	locate(&e, p, a)
	e.Changed = changed(a.records)
	e.RequestID = audit.Given(p.call.RequestID)
	if p.keyed() {
		digest := audit.Hash(canon.Digest(canon.String(p.call.Key)))
		e.IdempotencyKey = &digest
	}
	private, err := payload(p.call, a.records)
	if err != nil {
		return nil, err
	}
	if p.deed != nil {
		e.Cause = p.deed.cause
		if p.deed.request != "" {
			e.RequestID = &p.deed.request
		}
	}
	all := []draft{{entry: e, private: private, command: true}}
	for _, rec := range a.records {
		caused, ok, err := h.evidence(now, rec)
		if err != nil {
			return nil, err
		}
		if ok {
			about(&caused.entry, instance, a.process)
			caused.entry.Cause = &e.EventID
			all = append(all, caused)
		}
	}
	return all, nil
}

func about(e *audit.Entry, instance int64, process Deployed) {
	e.Resource = audit.Given("instance:" + strconv.FormatInt(instance, 10))
	e.Instance = audit.Given(instance)
	e.Definition = audit.Given(process.ID)
	e.DefinitionVersion = audit.Given(int64(process.Version))
	e.ArtefactDigest = digestOf(process.Digest)
}

// digestOf reads the hexadecimal digest of a deployed file; nil when there is none.
func digestOf(text string) *audit.Hash {
	var h audit.Hash
	if n, err := hex.Decode(h[:], []byte(text)); err != nil || n != len(h) {
		return nil
	}
	return &h
}

// locate says which element, task or job the command was about. The state before knows it: afterwards
// the thing may be gone.
func locate(e *audit.Entry, p *pending, a accepted) {
	switch p.duty.category {
	case "job":
		e.Job = audit.Given(p.duty.key)
		if j, ok := a.before.Job(p.duty.key); ok {
			e.Element, e.ElementInstance = audit.Given(j.Element), audit.Given(j.ElementInstance)
		}
	case "task":
		e.Task = audit.Given(p.duty.key)
		for _, t := range a.before.Tasks() {
			if t.Key == p.duty.key {
				e.Element, e.ElementInstance = audit.Given(t.Element), audit.Given(t.ElementInstance)
			}
		}
	case "timer":
		for _, t := range a.before.Timers() {
			if t.Key == p.duty.key {
				e.Element, e.ElementInstance = audit.Given(t.Element), audit.Given(t.ElementInstance)
			}
		}
	case "incident":
		for _, i := range a.before.Incidents() {
			if i.Key == p.duty.key {
				e.Element, e.ElementInstance = audit.Given(i.Element), audit.Given(i.ElementInstance)
			}
		}
	}
}

// changed names the variables that were written; nothing is classified yet.
func changed(records []engine.Record) map[string]string {
	var names map[string]string
	for _, r := range records {
		if v, ok := r.(engine.VariableSet); ok {
			if names == nil {
				names = map[string]string{}
			}
			names[v.Name] = "unclassified"
		}
	}
	return names
}

// payload is the private part of a command's entry. The records in it replay to the state (see Replay).
func payload(c Call, records []engine.Record) ([]byte, error) {
	recs, err := engine.EncodeRecords(records)
	if err != nil {
		return nil, err
	}
	command, err := json.Marshal(c.Command)
	if err != nil {
		return nil, err
	}
	fields := map[string]canon.JSON{
		"command": canon.Object(map[string]canon.JSON{
			"name": canon.String(c.Command.Name()), "arguments": canon.JSON(command),
		}),
		"records": canon.JSON(recs),
	}
	return withReason(fields, c.Reason), nil
}

// withReason is a private part with the reason, when there is one.
func withReason(fields map[string]canon.JSON, reason string) []byte {
	if reason != "" {
		fields["reason"] = canon.String(reason)
	}
	return []byte(canon.Object(fields))
}
