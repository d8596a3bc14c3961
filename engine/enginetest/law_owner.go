package enginetest

import (
	"encoding/json"
	"errors"
	"fmt"

	"tallystick/engine"
)

// owned is a row of an encoded state that something living must own. Elements and tokens name it Scope.
type owned struct {
	Key             int64  `json:"key"`
	Scope           int64  `json:"scope"`
	ElementInstance int64  `json:"elementInstance"`
	Flow            string `json:"flow"`
}

func (o owned) owner() int64 { return max(o.Scope, o.ElementInstance) }

// holdings are the tables of a state whose rows have owners.
type holdings struct {
	Key           int64         `json:"key"`
	Status        engine.Status `json:"status"`
	Elements      []owned       `json:"elements"`
	Tokens        []owned       `json:"tokens"`
	Jobs          []owned       `json:"jobs"`
	Tasks         []owned       `json:"tasks"`
	Timers        []owned       `json:"timers"`
	Subscriptions []owned       `json:"subscriptions"`
	Incidents     []owned       `json:"incidents"`
}

// living checks that everything in a state belongs to an element instance that lives, or to the instance, and
// that an instance that has ended holds nothing.
func living(encoded []byte) error {
	var h holdings
	if err := json.Unmarshal(encoded, &h); err != nil {
		return err
	}
	alive := map[int64]bool{0: false, h.Key: h.Status == engine.Active}
	for _, e := range h.Elements {
		alive[e.Key] = true
	}
	keys := map[int64]string{}
	var found error
	for _, t := range []struct {
		name string
		rows []owned
	}{
		{"element", h.Elements},
		{"token", h.Tokens},
		{"job", h.Jobs},
		{"task", h.Tasks},
		{"timer", h.Timers},
		{"subscription", h.Subscriptions},
		{"incident", h.Incidents},
	} {
		for _, row := range t.rows {
			if !alive[row.owner()] {
				found = errors.Join(found, fmt.Errorf("law broken: the %s %d%s has no living owner", t.name, row.Key, row.Flow))
			}
			if keys[row.Key] != "" && row.Key != 0 {
				found = errors.Join(found, fmt.Errorf("law broken: %s and %s share the key %d", keys[row.Key], t.name, row.Key))
			}
			keys[row.Key] = t.name
		}
	}
	return found
}

// unique checks that no record draws a key that another one has drawn.
func (i *instance) unique(recs []engine.Record) error {
	for _, rec := range recs {
		if m, ok := rec.(engine.SubscriptionMigrated); ok {
			i.drawn[m.Key] = "subscription " + m.Element
		}
		key, what := draws(rec)
		if key == 0 {
			continue
		}
		if before := i.drawn[key]; before != "" && before != what {
			return fmt.Errorf("law broken: %s has the key of %s", what, before)
		}
		i.drawn[key] = what
	}
	return nil
}

// draws returns the key that a record draws, and what it stands for. A variable, a revived sub-process and a
// subscription that is written again keep their key.
func draws(rec engine.Record) (key int64, what string) {
	switch rec := rec.(type) {
	case engine.ElementActivated:
		return rec.Key, "element " + rec.Element
	case engine.VariableSet:
		return rec.Key, fmt.Sprintf("variable %s of %d", rec.Name, rec.Scope)
	case engine.JobCreated:
		return rec.Key, "job " + rec.Element
	case engine.TaskCreated:
		return rec.Key, "task " + rec.Element
	case engine.TimerArmed:
		return rec.Key, "timer " + rec.Element
	case engine.SubscriptionOpened:
		return rec.Key, "subscription " + rec.Element
	case engine.IncidentRaised:
		return rec.Key, "incident " + rec.Element
	}
	return 0, ""
}
