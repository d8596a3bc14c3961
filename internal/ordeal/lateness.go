package ordeal

import (
	"context"
	"strconv"
	"time"
)

// Death is the end of a node.
type Death struct {
	Node string // address
	At   time.Time
}

// timerAfter is the pause of the process ordeal between its user task and its end.
const timerAfter = 300 * time.Millisecond

// Orphaned measures the timers that a node armed shortly before it died and that were not due yet: how long after
// their due time the instances went on.
func (v *Verifier) Orphaned(ctx context.Context, deaths []Death) (Times, error) {
	rows, err := everything[struct {
		ProcessInstanceKey string
		EndDate            *time.Time
	}](ctx, v.Client, "/v2/process-instances/search", map[string]any{"processDefinitionId": "ordeal"})
	if err != nil {
		return nil, err
	}
	ends := map[string]*time.Time{}
	for _, r := range rows {
		ends[r.ProcessInstanceKey] = r.EndDate
	}
	var late Times
	for _, o := range v.Ledger.All() {
		if o.Kind != CompleteTask || o.Outcome != Done || o.Doubted || !orphaned(o, deaths) {
			continue
		}
		if end := ends[instanceOf(o.Target)]; end != nil {
			late = append(late, max(0, end.Sub(o.Called.Add(timerAfter))))
		}
	}
	return late, nil
}

func orphaned(o *Operation, deaths []Death) bool {
	for _, d := range deaths {
		if d.Node == o.Answer.Node && o.Answer.Returned.Before(d.At) && d.At.Before(o.Called.Add(timerAfter)) {
			return true
		}
	}
	return false
}

// localBits are the bits of a key that number things inside an instance.
const localBits = 24

func instanceOf(key string) string {
	n, err := strconv.ParseInt(key, 10, 64)
	if err != nil {
		return ""
	}
	return strconv.FormatInt(n>>localBits<<localBits, 10)
}
