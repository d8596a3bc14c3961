package api

import (
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"tallystick/audit"
	"tallystick/host"
	"tallystick/internal/canon"
	"tallystick/query"
)

func auditRoutes() []route {
	return []route{
		{http.MethodPost, "/v2/audit-entries/search", host.ActionAuditRead, "Find entries of the audit log", searchAuditEntries},
		{http.MethodGet, "/v2/audit-entries/export", host.ActionAuditExport, "Export the audit log as JSON lines that can be verified offline", exportAuditEntries},
		{http.MethodPost, "/v2/audit-entries/verify", host.ActionAuditVerify, "Verify the whole audit log and name the first bad entry", verifyAuditEntries},
	}
}

// entryView is an entry in a list: what can be searched for, the whole derived view, the private payload.
type entryView struct {
	AuditLogKey          query.Key  `json:"auditLogKey"`
	Stream               string     `json:"stream"`
	Seq                  int64      `json:"seq"`
	Hash                 audit.Hash `json:"hash"`
	Time                 time.Time  `json:"time"`
	Category             string     `json:"category"`
	Action               string     `json:"action"`
	Outcome              string     `json:"outcome"`
	Actor                string     `json:"actor"`
	Resource             *string    `json:"resource"`
	ProcessDefinitionID  *string    `json:"processDefinitionId"`
	ProcessInstanceKey   *query.Key `json:"processInstanceKey"`
	ElementID            *string    `json:"elementId"`
	RequestID            *string    `json:"requestId"`
	DecisionDefinitionID *string    `json:"decisionDefinitionId"`
	Model                *string    `json:"model"`
	Entry                audit.View `json:"entry"`
	Payload              canon.JSON `json:"payload"`
}

func searchAuditEntries(s *Server, r *request) (*response, error) {
	if err := s.require(r, host.ActionAuditRead, scopeAudit); err != nil {
		return nil, err
	}
	return search(r, auditEntryTable, s.access(r, host.ActionAuditRead), s.opts.Reads.SearchAuditEntries, showEntry)
}

func showEntry(e query.AuditEntry) entryView {
	v := entryView{
		AuditLogKey: query.Key(e.ID), Stream: e.Stream, Seq: e.Seq, Hash: e.Hash, Time: e.Time, Category: e.Category,
		Action: e.Action, Outcome: e.Outcome, Actor: e.Actor, Resource: orNull(e.Resource),
		ProcessDefinitionID: orNull(e.ProcessID), ElementID: orNull(e.ElementID), RequestID: orNull(e.RequestID),
		DecisionDefinitionID: orNull(e.DecisionID), Model: orNull(e.Model),
	}
	if e.InstanceKey != 0 {
		v.ProcessInstanceKey = &e.InstanceKey
	}
	// An entry that cannot be decoded is for verification to name; the list shows its columns.
	if decoded, err := audit.Decode(e.Canonical); err == nil {
		v.Entry = decoded.View()
	}
	if payload, err := canon.Parse(e.Private); err == nil {
		v.Payload = payload
	}
	return v
}

// selection is what an export is asked for.
type selection struct {
	q       query.Request
	filter  map[string]string // as the manifest tells it
	private bool
}

// readSelection reads the query of an export. A part of the log that is not a whole stream is marked in the
// manifest, so that verification knows where to begin.
func readSelection(r *request) (selection, error) {
	out := selection{q: query.Request{Access: query.Access{All: true}}, filter: map[string]string{}, private: true}
	var f findings
	given := r.http.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(given)) {
		text := canon.String(given.Get(name))
		add := func(field string, op query.Op, v any) {
			out.q.Conds = append(out.q.Conds, query.Cond{Field: field, Op: op, Value: v})
			out.filter[name] = given.Get(name)
		}
		switch name {
		case "from":
			add("time", query.Gte, f.time(text, name))
		case "to":
			add("time", query.Lt, f.time(text, name))
		case "stream":
			add("stream", query.Eq, given.Get(name))
		case "processInstanceKey":
			// The stream of the instance, which is whole; refusals about it stand in the streams of nodes.
			add("stream", query.Eq, "pi/"+strconv.FormatInt(f.key(text, name), 10))
		case "private":
			yes, err := strconv.ParseBool(given.Get(name))
			if out.private = yes; err != nil {
				f.add(name, fieldType, "true or false is expected")
			}
		default:
			f.add(shorten(name), fieldUnknown, "an export takes from, to, stream, processInstanceKey and private")
		}
	}
	return out, invalid(f.list)
}

func (s selection) note() string {
	parts := []string{"private=" + strconv.FormatBool(s.private)}
	for _, name := range slices.Sorted(maps.Keys(s.filter)) {
		parts = append(parts, name+"="+s.filter[name])
	}
	return strings.Join(parts, " ")
}

func exportAuditEntries(s *Server, r *request) (*response, error) {
	if err := s.require(r, host.ActionAuditExport, scopeAudit); err != nil {
		return nil, err
	}
	what, err := readSelection(r)
	if err != nil {
		return nil, err
	}
	// The export is recorded before the first byte leaves.
	if err := s.opts.Host.Record(r.ctx(), r.by, host.ActionAuditExport, host.Target{Scope: scopeAudit}, what.note()); err != nil {
		return nil, err
	}
	s.stream(r, what)
	return &response{streamed: true}, nil
}

// stream writes the export. After the first byte the status is sent; a failure then breaks the connection,
// and the missing last line tells the reader that the export is incomplete.
func (s *Server) stream(r *request, what selection) {
	h := r.writer.Header()
	h.Set("Content-Type", "application/x-ndjson")
	h.Set("Content-Disposition", `attachment; filename="audit.jsonl"`)
	out, err := audit.NewWriter(r.writer, audit.Manifest{
		Origin: s.opts.Origin, ExportedAt: s.opts.Now().UnixMicro(), Exporter: r.by.Ref(),
		Filter: what.filter, Private: what.private,
	})
	if err == nil {
		err = s.opts.Reads.EachAuditEntry(r.ctx(), what.q, func(e query.AuditEntry) error {
			var private audit.Private
			if what.private {
				private = host.PrivateOf(e)
			}
			return out.Write(e.Canonical, e.Hash, private)
		})
	}
	if err == nil {
		err = out.Close()
	}
	if err != nil {
		s.opts.Log.ErrorContext(r.ctx(), "an export broke off", slog.Any("err", err), slog.String("requestId", r.id()))
		panic(http.ErrAbortHandler)
	}
}

func verifyAuditEntries(s *Server, r *request) (*response, error) {
	if err := s.require(r, host.ActionAuditVerify, scopeAudit); err != nil {
		return nil, err
	}
	if _, err := decode[struct{}](r, optional); err != nil {
		return nil, err
	}
	if err := s.opts.Host.Record(r.ctx(), r.by, host.ActionAuditVerify, host.Target{Scope: scopeAudit}, ""); err != nil {
		return nil, err
	}
	report, err := host.VerifyLedger(r.ctx(), s.opts.Origin, s.opts.Reads)
	if err != nil {
		return nil, err
	}
	if report.Breaks == nil {
		report.Breaks = []audit.Break{}
	}
	return respondAsIs(http.StatusOK, report)
}
