package ordeal

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"time"
)

// Verifier compares what clients were told with what is there.
type Verifier struct {
	Client     *Client
	Ledger     *Ledger
	violations []string
}

func (v *Verifier) report(format string, args ...any) {
	v.violations = append(v.violations, fmt.Sprintf(format, args...))
}

// drainMax is how long it may take until another instance ends once nothing disturbs them any more.
const drainMax = 90 * time.Second

// Drain waits until no instance is active: the clients go on working, so what does not end is stuck.
func (v *Verifier) Drain(ctx context.Context) []string {
	v.violations = nil
	begin, fewest := time.Now(), math.MaxInt
	for {
		left, err := everything[struct{ ProcessInstanceKey string }](ctx, v.Client, "/v2/process-instances/search",
			map[string]any{"processDefinitionId": "ordeal", "state": "ACTIVE"})
		if len(left) < fewest {
			begin, fewest = time.Now(), len(left)
		}
		switch {
		case err != nil:
			v.report("the active instances cannot be read: %v", err)
			return v.violations
		case len(left) == 0:
			return nil
		case time.Since(begin) > drainMax:
			for _, i := range left[:min(len(left), 5)] {
				v.report("instance %s is stuck: %s", i.ProcessInstanceKey, v.standing(ctx, i.ProcessInstanceKey))
			}
			v.report("%d instances are still active %s after another one ended", len(left), drainMax)
			return v.violations
		}
		pause(ctx, 100*time.Millisecond)
	}
}

// standing tells where an instance stands, for people.
func (v *Verifier) standing(ctx context.Context, instance string) string {
	body := map[string]any{"filter": map[string]any{"processInstanceKey": instance}}
	out := ""
	for _, path := range []string{"/v2/element-instances/search", "/v2/jobs/search", "/v2/user-tasks/search"} {
		a := v.Client.Patient(ctx, Call{Method: http.MethodPost, Path: path, Body: body})
		out += "\n  " + path + " " + string(a.Body)
	}
	return out
}

// Recent checks operations of the last moments one by one.
func (v *Verifier) Recent(ctx context.Context, operations []*Operation) []string {
	v.violations = nil
	for _, o := range operations {
		if o.Outcome != Done {
			continue
		}
		switch o.Kind {
		case Start:
			v.there(ctx, o, "/v2/process-instances/"+o.Receipt, "")
		case CompleteTask:
			v.there(ctx, o, "/v2/user-tasks/"+o.Target, "COMPLETED")
		}
	}
	return v.violations
}

func (v *Verifier) there(ctx context.Context, o *Operation, path, state string) {
	a := v.Client.Patient(ctx, Call{Method: http.MethodGet, Path: path})
	var got struct{ State string }
	if a.Status != http.StatusOK || json.Unmarshal(a.Body, &got) != nil || state != "" && got.State != state {
		v.report("%s %s was acknowledged, but %s is %d %s %v", o.Kind, o.ID, path, a.Status, a.Body, a.Err)
	}
}

// Audit lets the server check its whole audit log.
func (v *Verifier) Audit(ctx context.Context) (entries int64, violations []string) {
	v.violations = nil
	a := v.Client.Patient(ctx, Call{Method: http.MethodPost, Path: "/v2/audit-entries/verify"})
	var report struct {
		Entries int64
		Breaks  []json.RawMessage
	}
	if a.Outcome() != Done {
		v.report("the audit log cannot be verified: %d %s %v", a.Status, a.Body, a.Err)
	} else if err := json.Unmarshal(a.Body, &report); err != nil || len(report.Breaks) > 0 || report.Entries == 0 {
		v.report("the audit log is broken: %.2000s", a.Body)
	}
	return report.Entries, v.violations
}
