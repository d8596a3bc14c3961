package host

import (
	"context"
	"strings"

	"tallystick/internal/canon"
)

// Record writes that something was looked at whose reading leaves a trace: an export, a verification. It
// returns when the entry is durable.
func (h *Host) Record(ctx context.Context, by Actor, action string, on Target, text string) error {
	stream := "read/default/" + h.opts.Node
	if strings.HasPrefix(action, "audit.") {
		stream = streamAudit
	}
	return h.record(ctx, stream, by, action, on, text)
}

func (h *Host) record(ctx context.Context, stream string, by Actor, action string, on Target, text string) error {
	category, _, _ := strings.Cut(action, ".")
	e := h.entry(moment{Node: h.clock.node()}, by, category, action)
	judged(&e, Verdict{Policy: h.authorizer.Version()})
	if on.Scope != "" {
		e.Resource = &on.Scope
	}
	d := draft{entry: e}
	if text != "" {
		d.private = []byte(canon.Object(map[string]canon.JSON{"note": canon.String(text)}))
	}
	p, err := h.queueNote(note{stream: stream, draft: d})
	if err != nil {
		return err
	}
	_, err = p.wait(ctx)
	return err
}
